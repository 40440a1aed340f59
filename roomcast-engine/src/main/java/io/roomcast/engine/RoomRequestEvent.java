package io.roomcast.engine;

import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.ErrorCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client's request that a listener may refuse. Used by the one listener it is given to, during its call. */
public abstract sealed class RoomRequestEvent permits JoinEvent, MemberEvent, MessageEvent, UpdateEvent {
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

    /**
     * What the application says to it, on a thread for listeners: first the room's check, so that a listener hears of
     * nothing that is wrong; then the listener; then the check once more, of what the listener has put in its place.
     */
    final void decide(@Nullable RoomCheck check, @Nullable Runnable listener) {
        boolean mayBeCompleted = listener != null && isIncomplete();
        if (check != null && !mayBeCompleted) {
            wrongBy(check).ifPresent(wrong -> refuse(ErrorCode.BAD_REQUEST, wrong));
        }
        if (listener == null || refusalCode != null) {
            return;
        }
        listener.run();
        if (check == null || refusalCode != null) {
            return;
        }
        if (isRewritten()) {
            wrongBy(check).ifPresent(RoomRequestEvent::fail);
        } else if (mayBeCompleted) {
            wrongBy(check).ifPresent(wrong -> refuse(ErrorCode.BAD_REQUEST, wrong));
        }
    }

    /** The client is not to blame: it is told that the application failed, and the log says how. */
    private static void fail(String wrong) {
        throw new IllegalStateException("What a listener has put in its place is not of the room's type: " + wrong);
    }

    /** What the room's check says to the request as it is now. */
    abstract Optional<String> wrongBy(RoomCheck check);

    /** Whether the listener has put something else in its place. */
    abstract boolean isRewritten();

    /** Whether something is missing that the listener may add. */
    abstract boolean isIncomplete();

    /** The request that goes to the room. */
    abstract ClientMessage.InRoom result();

    final @Nullable ErrorCode refusalCode() {
        return refusalCode;
    }

    final String refusalMessage() {
        return refusalMessage;
    }
}
