package io.roomcast.protocol;

/**
 * The {@code id} of a request, kept as the JSON it came as, so that the reply carries it back the same in type and
 * value. {@link #NONE} stands for a request without one.
 */
public final class RequestId {
    public static final RequestId NONE = new RequestId(Json.of("null"));

    private final Json json;

    RequestId(Json json) {
        this.json = json;
    }

    public boolean isPresent() {
        return this != NONE;
    }

    Json json() {
        return json;
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
