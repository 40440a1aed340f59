package io.roomcast.engine;

/** How much of a room's list or of its state goes into one frame. */
final class Page {
    /** Bytes, about: one entry larger than that is a page of its own. */
    static final long BYTES = 49_152;

    /** Members, at most. */
    static final int MEMBERS = 1_000;

    /** A list or state of more bytes than that is a replay: a connection has one under way at a time. */
    static final long LARGE_BYTES = 16_384;

    private Page() {}
}
