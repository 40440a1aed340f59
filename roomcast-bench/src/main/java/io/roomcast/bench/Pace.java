package io.roomcast.bench;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does what is due by the clock, whatever the server does (open loop): the n-th has its intended time, which it is told, also
 * if it is late because the load had no time, so that waiting is measured and not left out.
 */
final class Pace {
    /** What is done at each time. */
    interface Step {
        void take(long number, long intended);
    }

    private static final long TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(250);
    private static final double SECOND = 1e9;

    private final ClientLoop loop;
    private final double perSecond;
    private final Step step;
    private @Nullable Future<?> ticks;
    // Of the loop.

    private long began;
    private long done;
    private boolean ended;

    Pace(ClientLoop loop, double perSecond, Step step) {
        this.loop = loop;
        this.perSecond = perSecond;
        this.step = step;
    }

    void begin() {
        loop.run(() -> began = System.nanoTime());
        ticks = loop.loop().scheduleAtFixedRate(this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        double due = (System.nanoTime() - began) / SECOND * perSecond;
        while (!ended && done < due) {
            step.take(done, began + (long) (done * SECOND / perSecond));
            done++;
        }
    }

    /** Nothing more is done; from any thread. */
    void end() {
        Future<?> running = ticks;
        if (running != null) {
            running.cancel(false);
        }
        loop.loop().execute(() -> ended = true);
    }
}
