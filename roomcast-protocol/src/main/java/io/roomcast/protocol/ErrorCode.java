package io.roomcast.protocol;

/** Why a request was refused, as PROTOCOL.md lists them: few and stable. The connection stays open. */
public enum ErrorCode {
    BAD_REQUEST("bad_request"),
    UNKNOWN_TYPE("unknown_type"),
    BAD_ROOM("bad_room"),
    NOT_MEMBER("not_member"),
    NOT_ALLOWED("not_allowed"),
    UNAUTHORIZED("unauthorized"),
    TOKEN_EXPIRED("token_expired"),
    ROOM_FULL("room_full"),
    TOO_MANY_ROOMS("too_many_rooms"),
    TOO_LARGE("too_large"),
    RATE_LIMITED("rate_limited"),
    CONFLICT("conflict"),
    UNAVAILABLE("unavailable");

    private final String wireName;

    ErrorCode(String wireName) {
        this.wireName = wireName;
    }

    /** The name in frames, logs and metrics. */
    public String wireName() {
        return wireName;
    }
}
