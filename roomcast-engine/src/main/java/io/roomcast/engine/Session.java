package io.roomcast.engine;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Json;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, as an application sees it. All methods may be called from any thread.
 *
 * <p>The user and the attributes are set by the connect listener, before anything else of the connection happens.
 */
public abstract sealed class Session permits LiveSession {
    private final String id;
    private @Nullable String user;
    private @Nullable Map<String, Object> attributes;

    Session(String id) {
        this.id = id;
    }

    /** The connection's id, as its {@code welcome} says it: {@code c…}, never used again. */
    public final String id() {
        return id;
    }

    /** The user that the connect listener named, if it did. */
    public final Optional<String> verifiedUser() {
        return Optional.ofNullable(user);
    }

    /** What the connect listener or a later one has attached under this name. */
    public final Optional<Object> attribute(String name) {
        Map<String, Object> all = attributes;
        return all == null ? Optional.empty() : Optional.ofNullable(all.get(name));
    }

    /**
     * Sends a message to this connection alone, as a member of the room; if it is none, nothing happens. It has no offset
     * and is in order with what else this member sees of the room.
     */
    public abstract void send(String room, Json data);

    /** Ends the connection with this close code. */
    public abstract void close(CloseCode code);

    final @Nullable String user() {
        return user;
    }

    final void user(String name) {
        user = name;
    }

    final void attribute(String name, Object value) {
        if (attributes == null) {
            attributes = new ConcurrentHashMap<>();
        }
        attributes.put(name, value);
    }
}
