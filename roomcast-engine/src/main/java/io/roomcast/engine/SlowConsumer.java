package io.roomcast.engine;

/** What happens to a member that does not read as fast as its room speaks, when its outbox is full. */
public enum SlowConsumer {
    /** Its connection is closed with 4008; it comes back and is told where it stands. */
    DISCONNECT,

    /** The room's oldest messages that wait for it are dropped, and a {@code gap} tells it which. */
    DROP_OLDEST
}
