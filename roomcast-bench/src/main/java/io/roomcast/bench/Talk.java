package io.roomcast.bench;

/** Who speaks over a {@link ClientSocket}. Called on the socket's loop only. */
interface Talk {
    /** The handshake was accepted. */
    void opened(ClientSocket socket);

    /**
     * A text frame, whole.
     *
     * @param text its bytes as characters, which they are where the load sends ASCII alone
     * @param now when it was read, by {@link System#nanoTime()}
     */
    void text(ClientSocket socket, String text, long now);

    /** A binary frame, whole, its bytes as characters. Whether such a frame was expected: Roomcast sends none. */
    default boolean binary(ClientSocket socket, String bytes, long now) {
        return false;
    }

    /** The connection is gone, or never came about; once, and the last call. */
    void ended(ClientSocket socket);
}
