package io.roomcast.engine;

import io.roomcast.protocol.CloseCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client has connected; it hears nothing before the listener has decided. Allowed unless the listener refuses. */
public final class ConnectEvent {
    private final Session session;
    private final Handshake handshake;
    private @Nullable CloseCode refusal;

    ConnectEvent(Session session, Handshake handshake) {
        this.session = session;
        this.handshake = handshake;
    }

    /** The session that begins. */
    public Session session() {
        return session;
    }

    /** Address, path, query and headers of the opening request. */
    public Handshake handshake() {
        return handshake;
    }

    /** The first value of this parameter of the query. */
    public Optional<String> query(String name) {
        return handshake.query(name);
    }

    /** The first value of this header. */
    public Optional<String> header(String name) {
        return handshake.header(name);
    }

    /** The value of this cookie. */
    public Optional<String> cookie(String name) {
        return handshake.cookie(name);
    }

    /** Names the user behind this connection; the other members see it. */
    public void user(String name) {
        session.user(name);
    }

    /** Attaches something of the application's to the session. */
    public void attribute(String name, Object value) {
        session.attribute(name, value);
    }

    /** Refuses the connection: it is closed with this code. */
    public void refuse(CloseCode code) {
        refusal = code;
    }

    @Nullable
    CloseCode refusal() {
        return refusal;
    }
}
