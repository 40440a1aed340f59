package io.roomcast.client;

import io.roomcast.protocol.Json;
import org.jspecify.annotations.Nullable;

/**
 * Somebody in a room.
 *
 * @param id new for each membership, and never used again
 * @param user where the server knows one
 * @param member what it tells about itself
 */
public record Member(
        String id, @Nullable String user, @Nullable Json member) {}
