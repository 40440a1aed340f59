package io.roomcast.client;

/** Where I stand in a room. */
public enum RoomStatus {
    /** Until the first join is answered. */
    JOINING,
    JOINED,
    /** There is no connection, or the join on it is not answered yet. */
    REJOINING,
    /** For good. */
    LEFT
}
