package io.roomcast.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a room tells, in its order. What comes with and behind a first {@code joined} is held until whoever has joined has had
 * the time to listen, so that listeners that are added right behind {@code join(…).get()} hear all of it.
 *
 * <p>It is held until what depends on the join's future has run, if that has added listeners; else until no further listener
 * has been added for {@link #QUIET_NANOS}, or something else is asked of the room; without any listener for
 * {@link #LONGEST_NANOS}. Of its client's loop.
 */
final class Telling {
    private static final long QUIET_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LONGEST_NANOS = Duration.ofSeconds(1).toNanos();

    private final Connector client;

    /** Null when nothing is held; bounded by {@code bufferMessages}. */
    private @Nullable List<Runnable> held;

    /** The end of the join's future is on its way: what is told now is told behind it, and behind what depends on it. */
    private boolean isJoinEnding;

    /** Whoever has joined has been told so. */
    private boolean isJoinDone;

    private boolean hasListeners;
    private boolean isOver;
    private Loop.Timer timer = Loop.Timer.NONE;

    Telling(Connector client) {
        this.client = client;
    }

    <T> void tell(Listeners<T> listeners, T event) {
        tell(() -> listeners.tell(event));
    }

    /** Nothing of the room is told once it is left. */
    void tell(Runnable telling) {
        if (isOver) {
            return;
        }
        if (held == null) {
            telling.run();
            return;
        }
        held.add(telling);
        if (held.size() > client.options.bufferMessages()) {
            release();
        }
    }

    void hold() {
        held = new ArrayList<>();
    }

    /**
     * The join's future is about to be ended: this is behind it.
     *
     * @param listens whether the call has said what listens
     */
    void joinEnds(boolean listens) {
        isJoinEnding = true;
        if (held != null && !isJoinDone) {
            client.deliveries.event(() -> client.loop.executeIfAlive(() -> joinDone(listens)));
        }
    }

    private void joinDone(boolean listens) {
        isJoinDone = true;
        if (listens || hasListeners) {
            release();
        } else {
            releaseIn(LONGEST_NANOS);
        }
    }

    /** Somebody listens. */
    void listened() {
        hasListeners = true;
        if (isJoinDone) {
            releaseIn(QUIET_NANOS);
        }
    }

    /**
     * Something else is asked of the room: whoever wanted to listen does so by now, and hears what was before the answer. As
     * long as the join's end is on its way, that is known only of those who listen already.
     */
    void called() {
        if (isJoinDone || (isJoinEnding && hasListeners)) {
            release();
        }
    }

    private void releaseIn(long nanos) {
        if (held != null) {
            timer.cancel();
            timer = client.loop.later(nanos, this::release);
        }
    }

    void release() {
        timer.cancel();
        List<Runnable> now = held;
        held = null;
        if (now != null) {
            now.forEach(Runnable::run);
        }
    }

    void end() {
        isOver = true;
    }
}
