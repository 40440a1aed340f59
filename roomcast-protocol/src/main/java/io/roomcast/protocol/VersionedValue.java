package io.roomcast.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A key's value in a room's state.
 *
 * @param version the room's version that last wrote it; 0 if there is no such key
 * @param value null if there is no such key
 */
public record VersionedValue(long version, @Nullable Json value) {}
