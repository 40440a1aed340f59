package io.roomcast.engine.spi;

import io.roomcast.protocol.CloseCode;

/** The engine's end of a connection: what a transport tells it. Every method is called in the connection's lane only. */
public interface Endpoint {

    /**
     * A text message has arrived.
     *
     * @param utf8 holds the text, which is valid UTF-8; the engine copies what it keeps
     */
    void text(byte[] utf8, int offset, int length);

    /** A sign of life other than a text: any control frame. */
    void heard();

    /** The socket did not take all of the last run; the transport keeps the rest and wants no more for now. */
    void blocked();

    /** The socket has taken all that the transport kept. */
    void ready();

    /**
     * The connection is gone. Called once, last, unless it was {@link #broken}.
     *
     * @param code the code of the peer's close frame, or of ours if that was first, or 1006 if there was none
     */
    void closed(int code);

    /** The peer has broken the rules of WebSocket, and is closed with this code. Called once, last. */
    void broken(CloseCode code);
}
