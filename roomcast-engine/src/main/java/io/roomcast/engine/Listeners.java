package io.roomcast.engine;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The application's listeners, each null if it has none. They run on threads of their own, in order for each connection,
 * and may block for as long as the configuration says.
 */
public record Listeners(
        @Nullable Consumer<ConnectEvent> connect,
        @Nullable Consumer<JoinEvent> join,
        @Nullable Consumer<MessageEvent> message,
        @Nullable Consumer<UpdateEvent> update,
        @Nullable Consumer<LeaveEvent> leave,
        @Nullable Consumer<DisconnectEvent> disconnect) {

    public static Listeners none() {
        return new Listeners(null, null, null, null, null, null);
    }

    public Listeners withConnect(Consumer<ConnectEvent> listener) {
        return new Listeners(listener, join, message, update, leave, disconnect);
    }

    public Listeners withJoin(Consumer<JoinEvent> listener) {
        return new Listeners(connect, listener, message, update, leave, disconnect);
    }

    public Listeners withMessage(Consumer<MessageEvent> listener) {
        return new Listeners(connect, join, listener, update, leave, disconnect);
    }

    public Listeners withUpdate(Consumer<UpdateEvent> listener) {
        return new Listeners(connect, join, message, listener, leave, disconnect);
    }

    public Listeners withLeave(Consumer<LeaveEvent> listener) {
        return new Listeners(connect, join, message, update, listener, disconnect);
    }

    public Listeners withDisconnect(Consumer<DisconnectEvent> listener) {
        return new Listeners(connect, join, message, update, leave, listener);
    }
}
