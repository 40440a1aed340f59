package io.roomcast.engine.spi;

import io.roomcast.protocol.CloseCode;

/** One peer's connection, as the engine sees it. A transport implements it. Every method is called in its lane only. */
public interface Connection {

    /** No more text for now. At most one message that was already being read may still arrive. */
    void pauseReading();

    /** Goes on after {@link #pauseReading()}. */
    void resumeReading();

    /** Where the peer is, as an address and a port, for the log. */
    String peer();

    /** How many bytes of what was written the socket has not yet taken. */
    long pendingBytes();

    /**
     * Whether the socket has not said yet if it takes all of the last run. A transport that is told so within the write says
     * no; any other is told before the tasks of the next turn, and calls {@link Endpoint#blocked} then if it must.
     */
    default boolean isUnderWay() {
        return false;
    }

    /** Sends a WebSocket ping; whatever comes back is {@link Endpoint#heard()}. */
    void ping();

    /**
     * Sends a close frame behind all that was written and ends the connection, in bounded time, whether the peer answers
     * or not. More calls do nothing. {@link Endpoint#closed} follows, in a later task.
     */
    void close(CloseCode code);

    /**
     * Ends the connection at once and gives back all that was written and not taken; the peer reads no close frame.
     * {@link Endpoint#closed} follows, in a later task.
     */
    void cut();
}
