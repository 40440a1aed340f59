package io.roomcast.client;

import io.roomcast.protocol.Json;
import org.jspecify.annotations.Nullable;

/** What is found out about a call where it is made. */
final class Calls {
    private static final int ROOM_ID_LENGTH = 128;

    private Calls() {}

    static RoomcastException closed(Connector client) {
        RoomcastException closedBy = client.closedBy();
        return closedBy == null
                ? new RoomcastException(RoomcastException.CLOSED, "The client is closed: connect anew.")
                : closedBy;
    }

    /** @throws IllegalArgumentException if the codec cannot, whatever it throws */
    static Json encode(Codec codec, Object value) {
        try {
            return codec.encode(value);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException(String.valueOf(e), e);
        }
    }

    static RoomcastException noJson(IllegalArgumentException cause, @Nullable String room, String request) {
        String message =
                "This is no JSON (" + cause.getMessage() + "): give Json, strings, numbers, booleans, maps and "
                        + "collections, or what the client's codec can write.";
        return new RoomcastException("bad_request", message, room, request).with(cause);
    }

    /** The error if no room can have this id; null if it is one. */
    static @Nullable RoomcastException badRoom(String id, long mostCodePoints) {
        long most = mostCodePoints > 0 ? mostCodePoints : ROOM_ID_LENGTH;
        boolean isId = !id.isEmpty()
                && id.codePointCount(0, id.length()) <= most
                && id.codePoints().noneMatch(c -> c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0xD800 && c <= 0xDFFF));
        String message = "A room id has 1 to " + most + " characters and no control characters.";
        return isId ? null : new RoomcastException("bad_room", message, id, "join");
    }
}
