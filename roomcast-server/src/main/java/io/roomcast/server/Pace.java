package io.roomcast.server;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a little behind what the server allows. The client keeps to that exactly, but counts from when it sends, and the
 * server from when it reads: where the road was slow first and then fast, a message is refused and repeated, and the next one
 * overtakes it. Of the thread that reads the input.
 */
final class Pace {
    /** Of the five seconds' worth that may go at once. */
    private static final double BURST_SECONDS = 4;

    private static final double PART_OF_THE_RATE = 0.95;
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier now;
    private final double perNano;
    private final double most;

    /** What may go at once; below 0, what has been promised for later. */
    private double left;

    private long countedAt;

    /** @param perSecond what the server allows; 0 or less for no limit */
    Pace(long perSecond, LongSupplier now) {
        this.now = now;
        perNano = PART_OF_THE_RATE * perSecond / NANOS;
        most = BURST_SECONDS * perSecond;
        left = most;
        countedAt = now.getAsLong();
    }

    /** Takes the next turn, and says in how many nanoseconds it is. */
    long turnNanos() {
        if (perNano <= 0) {
            return 0;
        }
        long at = now.getAsLong();
        left = Math.min(most, left + (at - countedAt) * perNano) - 1;
        countedAt = at;
        return left >= 0 ? 0 : (long) (-left / perNano);
    }
}
