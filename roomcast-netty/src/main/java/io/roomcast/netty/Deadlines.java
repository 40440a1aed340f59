package io.roomcast.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the peers of one lane have a certain time for: to end a request, to end a message, or to answer a close frame.
 *
 * <p>There is one timer for all, only while there is anything. It looks when the time of the first is over, and {@value #LOOKS}
 * times within that time in any case, to forget what is done: so what is done in time, as nearly all is, costs no timer of
 * its own.
 *
 * <p>Written on its lane only; bounded by the lane's connections, and those that ended since the last look.
 */
final class Deadlines {
    /** Something that a peer has to do. */
    interface Awaited {
        /**
         * Looks whether it is still to come, and does what is to be done when it is too late.
         *
         * @param mostNanos the time that there is for it
         * @return how much of that is left, or {@link #DONE}
         */
        long look(long nowNanos, long mostNanos);
    }

    /** Nobody waits for it any more. */
    static final long DONE = Long.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

    private static final int LOOKS = 16;
    /** Between two looks lies this part of a time at least, however many there are. */
    private static final int MOST_LOOKS = 256;

    private final LoopLane lane;
    private final long mostNanos;
    private final List<Awaited> all = new ArrayList<>();
    private boolean running;

    Deadlines(LoopLane lane, Duration most) {
        this.lane = lane;
        this.mostNanos = most.toNanos();
    }

    /** Looks at it until it is done. It is not here yet. */
    void add(Awaited one) {
        assert lane.inLane();
        all.add(one);
        if (!running) {
            running = true;
            lookIn(mostNanos / LOOKS);
        }
    }

    /** How many there are; those that are done are forgotten. In the lane only. */
    int size() {
        look();
        return all.size();
    }

    /** Whether its timer runs. In the lane only. */
    boolean isRunning() {
        return running;
    }

    private void timerRings() {
        long left = look();
        running = !all.isEmpty();
        if (running) {
            lookIn(left);
        }
    }

    /** @return how long the first that is still to come may take, and at most the time between two looks */
    private long look() {
        long now = System.nanoTime();
        long least = mostNanos / LOOKS;
        // From the end, because the last one, which was looked at already, takes the place of one that goes.
        for (int i = all.size() - 1; i >= 0; i--) {
            long left = look(all.get(i), now);
            least = Math.min(least, left);
            if (left == DONE) {
                all.set(i, all.get(all.size() - 1));
                all.remove(all.size() - 1);
            }
        }
        return least;
    }

    /** Whatever goes wrong with one, the others are looked at, and it is looked at again. */
    private long look(Awaited one, long now) {
        try {
            return one.look(now, mostNanos);
        } catch (Throwable bug) { // an Error too: a heap that is full must not end the timer for good
            LOG.error("Looking at what a peer has to do has failed", bug);
            return mostNanos;
        }
    }

    private void lookIn(long nanos) {
        long least = Math.max(nanos, mostNanos / MOST_LOOKS);
        lane.executeAfter(this::timerRings, TimeUnit.NANOSECONDS.toMillis(least) + 1);
    }
}
