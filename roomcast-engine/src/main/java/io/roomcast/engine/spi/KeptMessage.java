package io.roomcast.engine.spi;

/**
 * A message of a room's history.
 *
 * @param atMillis when it was accepted, in milliseconds since 1970
 */
public record KeptMessage(long offset, long atMillis, Publication publication) {}
