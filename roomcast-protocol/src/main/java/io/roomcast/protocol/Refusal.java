package io.roomcast.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A frame or request that is answered with an error.
 *
 * @param request the type of the refused request, null if it could not be read
 * @param room the room it named, null if it could not be read
 * @param message what the developer should do next
 * @param unreadable the frame was no message at all: not JSON, not an object, a key twice, or no string as its
 *     {@code type}; many of these in a row are abuse
 * @param retryAfterMs when the same request may succeed; 0 where time alone changes nothing
 * @param current of a conflict: what the keys are whose versions did not match
 */
public record Refusal(
        RequestId id,
        @Nullable String request,
        @Nullable String room,
        ErrorCode code,
        String message,
        boolean unreadable,
        long retryAfterMs,
        Map<String, VersionedValue> current)
        implements Decoded {

    /** A refusal that is no conflict. */
    public Refusal(
            RequestId id,
            @Nullable String request,
            @Nullable String room,
            ErrorCode code,
            String message,
            boolean unreadable,
            long retryAfterMs) {
        this(id, request, room, code, message, unreadable, retryAfterMs, Map.of());
    }

    /** A refusal of a message that could be read. */
    public Refusal(RequestId id, @Nullable String request, @Nullable String room, ErrorCode code, String message) {
        this(id, request, room, code, message, false, 0);
    }

    /** The same refusal, with what there is now. */
    public Refusal with(Map<String, VersionedValue> values) {
        return new Refusal(id, request, room, code, message, unreadable, retryAfterMs, values);
    }

    /** The same refusal, with word when to try again. */
    public Refusal retryAfter(long millis) {
        return new Refusal(id, request, room, code, message, unreadable, millis, current);
    }
}
