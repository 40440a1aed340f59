package io.roomcast.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which past messages: {@code HistoryOptions.create().after(40).limit(50)}. Without bounds the last ones.
 *
 * @param after from behind this offset
 * @param before up to before this offset
 * @param limit how many at the most
 * @param timeout how long it may take; null for the client's
 */
public record HistoryOptions(
        @Nullable Long after,
        @Nullable Long before,
        @Nullable Integer limit,
        @Nullable Duration timeout) {

    /** The last ones, as many as the server gives. */
    public static HistoryOptions create() {
        return new HistoryOptions(null, null, null, null);
    }

    public HistoryOptions after(long offset) {
        return new HistoryOptions(offset, before, limit, timeout);
    }

    public HistoryOptions before(long offset) {
        return new HistoryOptions(after, offset, limit, timeout);
    }

    public HistoryOptions limit(int messages) {
        return new HistoryOptions(after, before, messages, timeout);
    }

    public HistoryOptions timeout(Duration timeout) {
        return new HistoryOptions(after, before, limit, timeout);
    }
}
