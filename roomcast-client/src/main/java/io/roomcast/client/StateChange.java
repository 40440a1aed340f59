package io.roomcast.client;

import io.roomcast.protocol.Json;
import org.jspecify.annotations.Nullable;

/**
 * What has become of one key.
 *
 * @param value null if it is deleted
 * @param version the room's version that did it
 */
public record StateChange(String key, @Nullable Json value, long version) {
    public boolean isDeleted() {
        return value == null;
    }
}
