package io.roomcast.engine.spi;

/**
 * What makes a message the same as one before it.
 *
 * @param owner whose key it is: the same key of two owners is two keys
 * @param key as the client has chosen it
 */
public record MessageKey(String owner, String key) {}
