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
        @Nullable Consumer<LeaveEvent> leave,
        @Nullable Consumer<DisconnectEvent> disconnect) {

    public static Listeners none() {
        return new Listeners(null, null, null, null, null);
    }
}
