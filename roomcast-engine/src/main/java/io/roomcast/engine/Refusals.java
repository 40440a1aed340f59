package io.roomcast.engine;

import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.Decoded;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Refusal;
import io.roomcast.protocol.ServerMessage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How requests are refused: in the same words wherever that is decided. */
final class Refusals {
    private static final String NOT_MEMBER = "You are not in this room; join it first.";
    private static final String OVER_RATE = "You send more per second than you may; slow down, then send this again.";

    private static final long RETRY_AFTER_MILLIS = 1_000;

    private Refusals() {}

    static Refusal of(ClientMessage.InRoom request, ErrorCode code, String message) {
        return new Refusal(request.id(), request.type(), request.room(), code, message);
    }

    static Refusal notMember(ClientMessage.InRoom request) {
        return of(request, ErrorCode.NOT_MEMBER, NOT_MEMBER);
    }

    /**
     * What the application has said of a request.
     *
     * @param failure why it could not be asked; null if it could
     * @return null if the request is not refused
     */
    static @Nullable Refusal by(ClientMessage.InRoom request, RoomRequestEvent event, @Nullable String failure) {
        if (failure != null) {
            return of(request, ErrorCode.UNAVAILABLE, failure);
        }
        ErrorCode code = event.refusalCode();
        return code == null ? null : of(request, code, event.refusalMessage());
    }

    /** The refusal of a message that came too soon. */
    static Refusal overRate(Decoded decoded, long waitNanos) {
        long retryAfterMillis = TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1;
        Refusal refusal;
        if (decoded instanceof ClientMessage.InRoom request) {
            refusal = of(request, ErrorCode.RATE_LIMITED, OVER_RATE);
        } else if (decoded instanceof ClientMessage other) {
            refusal = new Refusal(other.id(), other.type(), null, ErrorCode.RATE_LIMITED, OVER_RATE);
        } else {
            refusal = (Refusal) decoded;
        }
        return refusal.retryAfter(retryAfterMillis);
    }

    static Refusal hasSession(ClientMessage.Session request) {
        return new Refusal(
                request.id(),
                request.type(),
                null,
                ErrorCode.BAD_REQUEST,
                "This connection has a session already; bring another one back on a connection of its own.");
    }

    /** The error frame; what is unavailable now may be there a second later. */
    static ServerMessage error(Refusal refusal) {
        boolean saysWhen = refusal.retryAfterMs() > 0 || refusal.code() != ErrorCode.UNAVAILABLE;
        return new ServerMessage.Error(saysWhen ? refusal : refusal.retryAfter(RETRY_AFTER_MILLIS));
    }
}
