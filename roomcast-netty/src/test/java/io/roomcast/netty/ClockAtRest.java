package io.roomcast.netty;

import io.roomcast.engine.spi.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that goes when it is told to: what a rate lets through then does not hang on how long a test takes. */
final class ClockAtRest implements Clock {
    private final AtomicLong nanoTime = new AtomicLong();

    void jump(Duration by) {
        nanoTime.addAndGet(by.toNanos());
    }

    @Override
    public long nanoTime() {
        return nanoTime.get();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }
}
