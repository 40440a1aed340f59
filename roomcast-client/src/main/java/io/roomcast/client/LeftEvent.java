package io.roomcast.client;

import org.jspecify.annotations.Nullable;

/**
 * I am not in the room any more.
 *
 * @param detail the server's word where it removed me, the code of the error where it refused a join or closed
 * @param error there if nobody on this side asked for it
 */
public record LeftEvent(
        Reason reason, @Nullable String detail, @Nullable RoomcastException error) {

    /** Why. */
    public enum Reason {
        /** By {@code leave()}. */
        LEFT,
        /** The server took me out. */
        REMOVED,
        /** A later join was refused. */
        REFUSED,
        /** With the client. */
        CLOSED
    }
}
