package io.roomcast.engine;

import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.VersionedValue;
import java.util.Map;

/** A change of a room's state was not taken, and nothing has changed. */
public final class UpdateRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final transient Map<String, VersionedValue> current;

    UpdateRefusedException(ErrorCode code, String message, Map<String, VersionedValue> current) {
        super(message);
        this.code = code;
        this.current = current;
    }

    /** Why, as a client would be told. */
    public ErrorCode code() {
        return code;
    }

    /** Of a {@code conflict}: what the keys are whose versions did not match; else empty. */
    public Map<String, VersionedValue> current() {
        return current;
    }
}
