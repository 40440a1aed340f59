package io.roomcast.client;

import org.jspecify.annotations.Nullable;

/**
 * A client's status has changed.
 *
 * @param error why it is closed, if nobody asked for that
 */
public record StatusEvent(ClientStatus status, @Nullable RoomcastException error) {}
