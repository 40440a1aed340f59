package io.roomcast.protocol;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The {@code id} of a request, kept as the JSON it came as, so that the reply carries it back the same in type and
 * value. {@link #NONE} stands for a request without one.
 */
public final class RequestId {
    /** The largest integer that every client can hold: 2^53-1. */
    static final long MOST = (1L << 53) - 1;

    /** The most code points of an id that is a string. */
    static final int MOST_LENGTH = 64;

    public static final RequestId NONE = new RequestId(null);

    private final @Nullable Json json;

    RequestId(@Nullable Json json) {
        this.json = json;
    }

    public boolean isPresent() {
        return json != null;
    }

    /** The id as it came, null if there is none. */
    @Nullable
    Json json() {
        return json;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RequestId id && Objects.equals(json, id.json);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(json);
    }

    @Override
    public String toString() {
        return json == null ? "none" : json.toString();
    }
}
