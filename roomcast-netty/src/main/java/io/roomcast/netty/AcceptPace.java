package io.roomcast.netty;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in {@value #PER_LANE} connections for each lane in {@value #WINDOW_MILLIS} ms, 2,000 a second. Who connects meanwhile
 * waits in the kernel's backlog. So when thousands come back at once, the lanes have few of them in hand at any time, and
 * those who are connected are served in between, as if nothing was. With TLS a handshake may take longer than that pace
 * has for it: while enough of them wait, nobody new is let in, and nobody is sent away.
 *
 * <p>When accepting fails, because something else in the process has taken the descriptors that {@link Descriptors} has
 * counted on, the socket is left alone for {@value #PAUSE_MILLIS} ms: it stays ready all the while, so trying at once would
 * do nothing else.
 *
 * <p>Used on the event loop of the listening socket only.
 */
final class AcceptPace {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptPace.class);
    private static final int PER_LANE = 8;
    private static final int WINDOW_MILLIS = 4;
    private static final int PAUSE_MILLIS = 100;
    private static final long NANOS_BETWEEN_LINES = TimeUnit.SECONDS.toNanos(30);

    private final int most;
    private final BooleanSupplier enoughWait;

    /** Accepted in this window, which begins with the first of them, or with the first that was held up. */
    private int accepted;

    private boolean windowRuns;

    /** Nobody more was accepted, as far as is known, because enough wait who were. */
    private boolean heldUp;

    /** Accepting has failed a moment ago. */
    private boolean failing;

    private long lastLine = System.nanoTime() - NANOS_BETWEEN_LINES;

    /** @param enoughWait whether those who were let in keep the server busy for a while; asked whenever one may be */
    AcceptPace(int lanes, BooleanSupplier enoughWait) {
        this.most = PER_LANE * lanes;
        this.enoughWait = enoughWait;
    }

    /** Runs a task on the same event loop when so many milliseconds have passed. */
    interface Later {
        void execute(Runnable task, long delayMillis);
    }

    /** Whether one more may be accepted now. */
    boolean mayAccept() {
        heldUp = enoughWait.getAsBoolean();
        return accepted < most && !failing && !heldUp;
    }

    void accepted() {
        accepted++;
    }

    /** Accepting has come to its end for now, as {@link #mayAccept} has said last: it goes on in the next window. */
    void pause(Later later, Runnable goOn) {
        if (!windowRuns && (accepted > 0 || heldUp)) {
            windowRuns = true;
            later.execute(
                    () -> {
                        windowRuns = false;
                        accepted = 0;
                        goOn.run();
                    },
                    WINDOW_MILLIS);
        }
    }

    /** Accepting has failed: it goes on after a while. */
    void failed(Throwable cause, Later later, Runnable goOn) {
        long now = System.nanoTime();
        if (now - lastLine >= NANOS_BETWEEN_LINES) {
            lastLine = now;
            LOG.warn(
                    "Cannot accept connections ({}); trying again every {} ms. If descriptors are short, raise their"
                            + " limit (ulimit -n).",
                    cause.toString(),
                    PAUSE_MILLIS);
        }
        if (!failing) {
            failing = true;
            later.execute(
                    () -> {
                        failing = false;
                        goOn.run();
                    },
                    PAUSE_MILLIS);
        }
    }
}
