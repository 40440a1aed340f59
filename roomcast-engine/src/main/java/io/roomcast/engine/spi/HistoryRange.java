package io.roomcast.engine.spi;

/**
 * A part of a room's history: what lies between two offsets, both exclusive. With a bound below, the first of it are
 * taken, else the last.
 *
 * @param after {@link #OPEN} for no bound below
 * @param before {@link #OPEN} for no bound above
 * @param limit how many at the most, above 0
 */
public record HistoryRange(long after, long before, int limit) {
    /** In the place of an offset: no bound on this side. */
    public static final long OPEN = -1;

    /** The last messages before this offset. */
    public static HistoryRange lastBefore(long before, int limit) {
        return new HistoryRange(OPEN, before, limit);
    }
}
