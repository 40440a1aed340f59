package io.roomcast.client;

/** What becomes of a request whose connection has ended before its reply came. */
enum WhenLost {
    /** Doing it twice does no harm: it is sent again. */
    AGAIN,
    /** It is sent again if the session is restored, with its key; else nobody knows. */
    KEYED,
    /** It may have happened. */
    UNCONFIRMED,
    /** It belonged to that connection. */
    DROPPED
}
