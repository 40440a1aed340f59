package io.roomcast.client;

import io.roomcast.protocol.Json;

/** JSON as the Java types that were asked for. */
final class Typed {
    private Typed() {}

    /** @throws RoomcastException {@code bad_data} */
    static <T> T read(Codec codec, Json json, Class<T> type) {
        try {
            Object value = codec.decode(json, type);
            @SuppressWarnings("unchecked") // A class literal of a primitive is asked for; what comes is its wrapper.
            T read = type.isPrimitive() ? (T) value : type.cast(value);
            return read;
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new RoomcastException(RoomcastException.BAD_DATA, e.getMessage() + ": " + start(json)).with(e);
        }
    }

    private static String start(Json json) {
        String text = json.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
