package io.roomcast.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection: frames in and out, and the heartbeat. Of its client's loop. */
final class Link {
    private static final Logger LOG = System.getLogger("io.roomcast.client");
    private static final String PING = "{\"type\":\"ping\"}";

    private final Options options;
    private final Loop loop;
    private final Connector owner;
    private final Wire wire;
    private Loop.Timer timer = Loop.Timer.NONE;
    private long heartbeatNanos;
    private long heardAt;

    /** How often something has come. */
    private long heard;

    /** {@link #heard} when the server was last asked whether it is there. */
    private long asked = -1;

    private boolean isWelcomed;
    private long welcomedAt;
    private boolean isPaused;
    private boolean isClosing;
    private boolean isOver;

    Link(Options options, Loop loop, ExecutorService helpers, Connector owner) {
        this.options = options;
        this.loop = loop;
        this.owner = owner;
        heartbeatNanos = options.heartbeat().toNanos();
        wire = new Wire(options, loop, helpers, this);
    }

    void open() {
        assert loop.inLoop();
        timer = loop.later(options.connectTimeout().toNanos(), () -> drop(LinkEnd.cut("no welcome in time")));
        wire.open();
    }

    /** Open, and greeted by the server. */
    boolean isReady() {
        return isWelcomed && !isClosing && wire.isOpen();
    }

    /** Whether the server's greeting came so long ago. */
    boolean hasHeld(long nanos) {
        return isWelcomed && now() - welcomedAt >= nanos;
    }

    /** How much waits because the server, or the network, takes nothing. */
    long backlogBytes() {
        return wire.backlogBytes();
    }

    void send(String text, Consumer<Boolean> onTaken) {
        assert loop.inLoop();
        wire.send(text, onTaken);
    }

    void pauseReading(boolean isPaused) {
        this.isPaused = isPaused;
        heard();
        wire.pauseReading(isPaused);
    }

    // ---- In

    void heard() {
        heard++;
        heardAt = now();
    }

    void textCame(String text) {
        if (isClosing) {
            return;
        }
        try {
            owner.frameCame(Frame.read(text));
        } catch (RoomcastException error) {
            drop(LinkEnd.badFrame(error.is(RoomcastException.BAD_FRAME) ? error : senseless(error)));
        } catch (RuntimeException cause) { // listeners are not called here: what fails is what the frame holds
            LOG.log(Level.DEBUG, "A frame makes no sense", cause);
            drop(LinkEnd.badFrame(senseless(cause)));
        }
    }

    private static RoomcastException senseless(RuntimeException cause) {
        return Frame.bad("makes no sense (" + cause + ")").with(cause);
    }

    // ---- Heartbeat

    /** The owner has found the greeting in order. */
    void welcome(long heartbeatMillis) {
        isWelcomed = true;
        welcomedAt = now();
        if (heartbeatMillis > 0) {
            heartbeatNanos = heartbeatMillis * 1_000_000;
        }
        beatIn(heartbeatNanos);
    }

    /** The machine may have slept: the server has to show that it is still there. */
    void probe() {
        if (isReady() && !isPaused) {
            ask(options.wakeTimeout().toNanos());
        }
    }

    private void beat() {
        if (isPaused) {
            // Nothing can be heard because nothing is read.
            wire.pong();
            beatIn(heartbeatNanos);
            return;
        }
        if (asked == heard) {
            drop(LinkEnd.cut("no sign of life"));
            return;
        }
        long left = heardAt + heartbeatNanos - now();
        if (left > 0) {
            beatIn(left);
        } else {
            ask(heartbeatNanos);
        }
    }

    private void ask(long answerNanos) {
        asked = heard;
        send(PING, taken -> {});
        beatIn(answerNanos);
    }

    private void beatIn(long nanos) {
        timer.cancel();
        timer = loop.later(nanos, this::beat);
    }

    private long now() {
        return options.monotonicNanos().getAsLong();
    }

    // ---- The end

    /** Gives the connection up without a goodbye. */
    void drop(LinkEnd end) {
        wire.abort(end);
    }

    /** Says goodbye with 1000 and waits for the answer, within {@code closeTimeout}. */
    void close() {
        if (!wire.isOpen()) {
            drop(LinkEnd.cut("closed here"));
            return;
        }
        isClosing = true;
        wire.sayGoodbye();
        timer.cancel();
        timer = loop.later(options.closeTimeout().toNanos(), () -> drop(LinkEnd.cut("closed here")));
    }

    void wireEnded(@Nullable LinkEnd end) {
        if (!isOver && end != null) {
            isOver = true;
            timer.cancel();
            owner.linkEnded(end);
        }
    }
}
