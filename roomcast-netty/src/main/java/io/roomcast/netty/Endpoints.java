package io.roomcast.netty;

import io.roomcast.engine.Handshake;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Endpoint;
import io.roomcast.engine.spi.Lane;

/** What is behind the WebSockets of a server: its rooms; in tests of the transport alone, something simpler. */
interface Endpoints {
    /** A connection has been made. In its lane. */
    Endpoint open(Lane lane, Connection connection, Handshake handshake);

    /**
     * An endpoint for all that RFC 6455 lets a client send: binary messages too, and fragments in any number. Rooms are
     * none.
     */
    interface OfAllMessages extends Endpoint {
        /** A binary message has arrived; what holds for {@link #text} holds for it. */
        void binary(byte[] bytes, int offset, int length);
    }
}
