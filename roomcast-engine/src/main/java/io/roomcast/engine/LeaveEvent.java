package io.roomcast.engine;

/**
 * A member is out of a room.
 *
 * @param reason {@code left}, {@code disconnected}, or what the application gave when it removed the member
 */
public record LeaveEvent(Session session, String room, String reason) {}
