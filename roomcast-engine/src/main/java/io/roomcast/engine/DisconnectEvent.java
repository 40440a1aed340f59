package io.roomcast.engine;

/**
 * A connection has ended.
 *
 * @param code the code of the close frame, 1006 if there was none
 */
public record DisconnectEvent(Session session, int code) {}
