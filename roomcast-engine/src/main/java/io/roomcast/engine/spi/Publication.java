package io.roomcast.engine.spi;

import io.roomcast.protocol.Json;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way into a room.
 *
 * @param from the member that publishes, null for the server
 * @param user its user, null if it has none
 * @param event a name to tell messages apart, or null
 * @param keep whether it gets an offset
 * @param to the one member that gets it, null for the room
 * @param key within a while, the same key is accepted once; null if the message is to be accepted in any case
 */
public record Publication(
        @Nullable String from,
        @Nullable String user,
        @Nullable String event,
        Json data,
        boolean keep,
        @Nullable String to,
        @Nullable MessageKey key) {

    /** A message without a key. */
    public Publication(
            @Nullable String from,
            @Nullable String user,
            @Nullable String event,
            Json data,
            boolean keep,
            @Nullable String to) {
        this(from, user, event, data, keep, to, null);
    }
}
