package io.roomcast.engine;

import io.roomcast.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A client's request that a listener may refuse. Used by the one listener it is given to, during its call. */
public abstract sealed class RoomRequestEvent permits JoinEvent, MessageEvent, UpdateEvent {
    private final Session session;
    private final String room;
    private @Nullable ErrorCode refusalCode;
    private String refusalMessage = "";

    RoomRequestEvent(Session session, String room) {
        this.session = session;
        this.room = room;
    }

    /** Who asks. */
    public final Session session() {
        return session;
    }

    /** The id of the room. */
    public final String room() {
        return room;
    }

    /**
     * Refuses the request: the client gets an {@code error} with this code.
     *
     * @param message tells the client's developer what to do next
     */
    public final void refuse(ErrorCode code, String message) {
        refusalCode = code;
        refusalMessage = message;
    }

    final @Nullable ErrorCode refusalCode() {
        return refusalCode;
    }

    final String refusalMessage() {
        return refusalMessage;
    }
}
