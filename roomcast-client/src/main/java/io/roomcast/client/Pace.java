package io.roomcast.client;

import io.roomcast.protocol.Limit;
import java.util.function.LongSupplier;

/**
 * How often something may be sent: some seconds' worth at once, then at its rate, as the server counts it (PROTOCOL.md,
 * Limits). Keeping to it spares refusals, and with them messages that overtake one that has to be repeated.
 *
 * <p>Of its client's loop.
 */
final class Pace {
    /** Of those that the server takes at once. The last is for what arrives closer together than it was sent. */
    private static final int BURST_SECONDS = Limit.BURST_SECONDS - 1;

    private static final double NANOS = 1e9;

    private final LongSupplier now;

    /** Below 0: no limit. */
    private double perSecond = -1;

    /** What may go at once; below 0, what has been promised for later. */
    private double left;

    private long countedAt;

    Pace(LongSupplier now) {
        this.now = now;
    }

    /** A new connection, or its limits; below 0 for no limit. */
    void begin(double perSecond) {
        this.perSecond = perSecond;
        left = BURST_SECONDS * perSecond;
        countedAt = now.getAsLong();
    }

    /** Takes the next turn, and says in how many nanoseconds it is. */
    long turnNanos() {
        if (perSecond <= 0) {
            return 0;
        }
        long at = now.getAsLong();
        double most = BURST_SECONDS * perSecond;
        left = Math.min(most, left + (at - countedAt) / NANOS * perSecond) - 1;
        countedAt = at;
        return left >= 0 ? 0 : (long) (-left / perSecond * NANOS);
    }

    /** For what goes out at once or never: a turn if there is one. What the server refuses, it does not count either. */
    void pass() {
        if (turnNanos() > 0) {
            left++;
        }
    }
}
