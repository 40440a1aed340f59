package io.roomcast.client;

/** Where a client stands. */
public enum ClientStatus {
    /** Until the server's first greeting, however many attempts that takes. */
    CONNECTING,
    /** The server has greeted. */
    CONNECTED,
    /** The connection has ended, and the next one is being made. */
    RECONNECTING,
    /** For good. */
    CLOSED
}
