package io.roomcast.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A frame or request that is answered with an error.
 *
 * @param request the type of the refused request, null if it could not be read
 * @param room the room it named, null if it could not be read
 * @param message what the developer should do next
 */
public record Refusal(
        RequestId id, @Nullable String request, @Nullable String room, ErrorCode code, String message)
        implements Decoded {}
