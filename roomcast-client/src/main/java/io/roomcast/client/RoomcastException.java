package io.roomcast.client;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.VersionedValue;
import java.io.Serial;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that fails in Roomcast: decide by {@link #code()}, read the message to see what to do.
 *
 * <p>Codes are those of the server (PROTOCOL.md, Error codes: {@code not_allowed}, {@code conflict}, {@code too_large}, …) and
 * the client's own, which are constants here. A future fails with it as its cause: {@code get()} throws an
 * {@code ExecutionException} around it, {@code join()} a {@code CompletionException}.
 */
public final class RoomcastException extends RuntimeException {
    /** No reply in time. */
    public static final String TIMEOUT = "timeout";
    /** There is no connection, and this is not a thing that waits for one. */
    public static final String DISCONNECTED = "disconnected";
    /** Sent, then the connection ended: it may have happened. */
    public static final String UNCONFIRMED = "unconfirmed";
    /** Too much waits to be sent. */
    public static final String QUEUE_FULL = "queue_full";
    /** The client is closed. */
    public static final String CLOSED = "closed";
    /** The room was left. */
    public static final String LEFT = "left";
    /** Not an address with {@code ws:} or {@code wss:}. */
    public static final String BAD_URL = "bad_url";
    /** The server sent what is no frame of this protocol; the connection is dropped, and retried. */
    public static final String BAD_FRAME = "bad_frame";
    /** The server speaks another version of the protocol. */
    public static final String UNSUPPORTED_PROTOCOL = "unsupported_protocol";
    /** The token provider failed. */
    public static final String TOKEN = "token";
    /** A subscriber asked for messages too slowly. */
    public static final String OVERFLOW = "overflow";
    /** What came does not fit the Java type that was asked for. */
    public static final String BAD_DATA = "bad_data";

    @Serial
    private static final long serialVersionUID = 1;

    private final String code;
    private final @Nullable String room;
    private final @Nullable String request;
    private final @Nullable Duration retryAfter;
    private final transient Map<String, VersionedValue> current;
    private final @Nullable Integer closeCode;
    private final transient @Nullable Json data;

    RoomcastException(String code, String message) {
        this(code, message, null, null);
    }

    RoomcastException(String code, String message, @Nullable String room, @Nullable String request) {
        this(code, message, room, request, null, Map.of(), null, null, null);
    }

    private RoomcastException(
            String code,
            String message,
            @Nullable String room,
            @Nullable String request,
            @Nullable Duration retryAfter,
            Map<String, VersionedValue> current,
            @Nullable Integer closeCode,
            @Nullable Json data,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.room = room;
        this.request = request;
        this.retryAfter = retryAfter;
        this.current = current;
        this.closeCode = closeCode;
        this.data = data;
    }

    /** What the server refused. */
    static RoomcastException refusal(
            String code,
            String message,
            @Nullable String room,
            @Nullable String request,
            @Nullable Duration retryAfter,
            Map<String, VersionedValue> current) {
        return new RoomcastException(code, message, room, request, retryAfter, current, null, null, null);
    }

    /** What went wrong, by its code. */
    public String code() {
        return code;
    }

    /** Whether it has this code. */
    public boolean is(String code) {
        return this.code.equals(code);
    }

    /** What went wrong and what to do, in a sentence. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** The room it is about. */
    public @Nullable String room() {
        return room;
    }

    /** The type of the request that failed, by its name in PROTOCOL.md. */
    public @Nullable String request() {
        return request;
    }

    /** With {@code rate_limited} and {@code unavailable}: not before this time. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** With {@code conflict}: what the keys are that did not match. */
    public Map<String, VersionedValue> current() {
        return current == null ? Map.of() : current;
    }

    /** With {@code closed}, when it was not the user who closed: the code of the close frame. */
    public @Nullable Integer closeCode() {
        return closeCode;
    }

    /** With {@code unconfirmed} and {@code timeout} of a publish: what was published. */
    public @Nullable Json data() {
        return data;
    }

    @Override
    public String toString() {
        return "RoomcastException: " + code + ": " + getMessage();
    }

    /** The same, for another call. */
    RoomcastException about(@Nullable String room, @Nullable String request) {
        return new RoomcastException(
                code, getMessage(), room, request, retryAfter, current(), closeCode, data, getCause());
    }

    RoomcastException with(Throwable cause) {
        return new RoomcastException(code, getMessage(), room, request, retryAfter, current(), closeCode, data, cause);
    }

    RoomcastException withData(@Nullable Json data) {
        return new RoomcastException(
                code, getMessage(), room, request, retryAfter, current(), closeCode, data, getCause());
    }

    RoomcastException withCloseCode(int closeCode) {
        return new RoomcastException(
                code, getMessage(), room, request, retryAfter, current(), closeCode, data, getCause());
    }
}
