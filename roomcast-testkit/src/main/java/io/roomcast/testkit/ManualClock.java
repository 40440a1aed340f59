package io.roomcast.testkit;

import io.roomcast.engine.spi.Clock;
import java.time.Duration;

/** A clock that stands still until it is told to go on. One thread moves it, any may read it. */
public final class ManualClock implements Clock {
    private static final long WALL_AT_START_MILLIS = 1_700_000_000_000L;

    /** Since the start. Written by the thread that moves the clock; it only grows. */
    private volatile long nanos;

    /** How far the wall clock was set away from the other. Written by the thread that moves the clock. */
    private volatile long wallJumpMillis;

    /** A clock at time zero, which for people is some day in 2023. */
    public ManualClock() {}

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long wallMillis() {
        return WALL_AT_START_MILLIS + wallJumpMillis + nanos / 1_000_000;
    }

    /** Moves both times on. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread moves the clock.
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("A clock does not go back, but was told to by " + by);
        }
        nanos += by.toNanos();
    }

    /** Sets the wall clock forwards or back, as people and time servers do; the other time does not notice. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread moves the clock.
    public void jumpWall(Duration by) {
        wallJumpMillis += by.toMillis();
    }
}
