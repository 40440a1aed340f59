package io.roomcast.engine;

import io.roomcast.engine.spi.RoomCheck;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The application's listeners, each null if it has none, and its checks. They run on threads of their own, in order for
 * each connection, and may block for as long as the configuration says.
 *
 * @param checks of what is said in some rooms; of those that hold in a room, the first counts
 */
public record Listeners(
        @Nullable Consumer<ConnectEvent> connect,
        @Nullable Consumer<JoinEvent> join,
        @Nullable Consumer<MessageEvent> message,
        @Nullable Consumer<UpdateEvent> update,
        @Nullable Consumer<LeaveEvent> leave,
        @Nullable Consumer<DisconnectEvent> disconnect,
        List<RoomCheck> checks) {

    public Listeners {
        checks = List.copyOf(checks);
    }

    public static Listeners none() {
        return new Listeners(null, null, null, null, null, null, List.of());
    }

    public Listeners withConnect(Consumer<ConnectEvent> listener) {
        return new Listeners(listener, join, message, update, leave, disconnect, checks);
    }

    public Listeners withJoin(Consumer<JoinEvent> listener) {
        return new Listeners(connect, listener, message, update, leave, disconnect, checks);
    }

    public Listeners withMessage(Consumer<MessageEvent> listener) {
        return new Listeners(connect, join, listener, update, leave, disconnect, checks);
    }

    public Listeners withUpdate(Consumer<UpdateEvent> listener) {
        return new Listeners(connect, join, message, listener, leave, disconnect, checks);
    }

    public Listeners withLeave(Consumer<LeaveEvent> listener) {
        return new Listeners(connect, join, message, update, listener, disconnect, checks);
    }

    public Listeners withDisconnect(Consumer<DisconnectEvent> listener) {
        return new Listeners(connect, join, message, update, leave, listener, checks);
    }

    public Listeners withChecks(List<? extends RoomCheck> value) {
        return new Listeners(connect, join, message, update, leave, disconnect, List.copyOf(value));
    }

    /** What is asked about the room with this id, null if nothing is. */
    @Nullable
    RoomCheck check(String room) {
        for (RoomCheck check : checks) {
            if (check.holdsIn(room)) {
                return check;
            }
        }
        return null;
    }
}
