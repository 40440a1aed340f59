package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of a room.
 *
 * @param data what was published: any JSON, as its bytes came
 * @param at the server's clock when it took the message
 * @param mine this membership sent it
 * @param offset its place in the room's order, from 1; null if it is not kept
 * @param from the member that published; null if the server did
 * @param user that member's user, where the server knows one
 * @param event the name it was published under
 * @param to there if it is for one member only
 */
public record Message(
        Json data,
        Instant at,
        boolean mine,
        @Nullable Long offset,
        @Nullable String from,
        @Nullable String user,
        @Nullable String event,
        @Nullable String to) {}
