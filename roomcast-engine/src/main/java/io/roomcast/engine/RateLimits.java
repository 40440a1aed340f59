package io.roomcast.engine;

import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.util.concurrent.TimeUnit;

/**
 * What one connection may send per second, as token buckets in the form of a clock: each bucket is the one time at which
 * it would be full again, so that a bucket costs eight bytes and refills by itself (the generic cell rate algorithm, ITU-T
 * I.371). Written on the session's lane only.
 */
final class RateLimits {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long BURST = Limit.BURST_SECONDS * SECOND;

    /** Refusals that one connection may collect at once, and per second after that; beyond: close 4429. */
    private static final int REFUSALS = 200;

    private static final int REFUSALS_PER_SECOND = 20;

    private final Limits limits;
    private long publishesFull;
    private long joinsFull;
    private long bytesFull;
    private long refusalsFull;

    RateLimits(Limits limits, long now) {
        this.limits = limits;
        publishesFull = now;
        joinsFull = now;
        bytesFull = now;
        refusalsFull = now;
    }

    /** Takes a publish from its bucket: 0, or for how many nanoseconds there is none. */
    long publish(long now) {
        long cost = cost(Limit.PUBLISHES_PER_SECOND, 1);
        long wait = wait(publishesFull, cost, now, BURST);
        if (wait == 0) {
            publishesFull = filled(publishesFull, cost, now);
        }
        return wait;
    }

    /** Takes a join or leave from its bucket: 0, or for how many nanoseconds there is none. */
    long join(long now) {
        long cost = cost(Limit.JOINS_PER_SECOND, 1);
        long wait = wait(joinsFull, cost, now, BURST);
        if (wait == 0) {
            joinsFull = filled(joinsFull, cost, now);
        }
        return wait;
    }

    /** Takes bytes from their bucket: 0, or for how many nanoseconds there are not enough. */
    long bytes(int count, long now) {
        long cost = cost(Limit.BYTES_PER_SECOND, count);
        long wait = wait(bytesFull, cost, now, BURST);
        if (wait == 0) {
            bytesFull = filled(bytesFull, cost, now);
        }
        return wait;
    }

    /** Counts a refusal for one of the above. Whether it is one too many. */
    boolean refused(long now) {
        long cost = SECOND / REFUSALS_PER_SECOND;
        long burst = REFUSALS * cost;
        boolean tooMany = wait(refusalsFull, cost, now, burst) > 0;
        refusalsFull = filled(refusalsFull, cost, now);
        return tooMany;
    }

    private long cost(Limit limit, long count) {
        return limits.isOff(limit) ? 0 : Math.max(1, count * SECOND / limits.get(limit));
    }

    /** Times are differences: the clock's zero may be anywhere. */
    private static long wait(long full, long cost, long now, long burst) {
        return cost == 0 ? 0 : Math.max(0, Math.max(full - now, 0) + cost - Math.max(burst, cost));
    }

    private static long filled(long full, long cost, long now) {
        return (full - now > 0 ? full : now) + cost;
    }
}
