package io.roomcast.client;

/**
 * Messages are missing here.
 *
 * @param after the last offset before the gap
 * @param before the first offset that is there again
 * @param reason {@code slow_consumer}, or why the server could not resume: {@code epoch}, {@code future}, {@code too_many},
 *     {@code trimmed}
 */
public record GapEvent(long after, long before, String reason) {}
