package io.roomcast.client;

import org.jspecify.annotations.Nullable;

/**
 * How a connection has ended.
 *
 * @param closeCode of the server's close frame, {@link #NO_CLOSE_FRAME} where none came
 * @param reason for people
 * @param error what the user is to be told
 */
record LinkEnd(int closeCode, String reason, @Nullable RoomcastException error) {
    static final int NO_CLOSE_FRAME = 1006;

    static LinkEnd cut(String reason) {
        return new LinkEnd(NO_CLOSE_FRAME, reason, null);
    }

    static LinkEnd badFrame(RoomcastException error) {
        return new LinkEnd(NO_CLOSE_FRAME, "bad frame", error);
    }
}
