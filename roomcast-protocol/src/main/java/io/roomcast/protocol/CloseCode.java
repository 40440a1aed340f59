package io.roomcast.protocol;

import static io.roomcast.protocol.CloseCode.Retry.NEVER;
import static io.roomcast.protocol.CloseCode.Retry.WITH_BACK_OFF;

/**
 * Every way a connection ends that the server chooses: its number, its name and whether a client connects again.
 *
 * <p>The numbers up to 1013 are those of RFC 6455, section 7.4.1, and the IANA registry; from 4000 they are ours, and
 * their range alone tells the retry rule: 4000 to 4499 connect again with back-off, 4500 to 4999 do not.
 */
public enum CloseCode {
    NORMAL(1000, "normal", NEVER),
    GOING_AWAY(1001, "going_away", WITH_BACK_OFF),
    MALFORMED_FRAME(1002, "malformed_frame", NEVER),
    UNSUPPORTED_DATA(1003, "unsupported_data", NEVER),
    BAD_UTF8(1007, "bad_utf8", NEVER),
    POLICY(1008, "policy", NEVER),
    FRAME_TOO_BIG(1009, "frame_too_big", NEVER),
    SERVER_FAULT(1011, "server_fault", WITH_BACK_OFF),
    RESTART(1012, "restart", WITH_BACK_OFF),
    TRY_LATER(1013, "try_later", WITH_BACK_OFF),
    SLOW_CONSUMER(4008, "slow_consumer", WITH_BACK_OFF),
    TOKEN_EXPIRED(4401, "token_expired", WITH_BACK_OFF),
    NOT_AUTHENTICATED_IN_TIME(4408, "not_authenticated_in_time", WITH_BACK_OFF),
    CONNECTED_AGAIN(4409, "connected_again", WITH_BACK_OFF),
    HEARTBEAT_MISSED(4410, "heartbeat_missed", WITH_BACK_OFF),
    ABUSE(4429, "abuse", WITH_BACK_OFF),
    NOT_AUTHORISED(4501, "not_authorised", NEVER),
    REMOVED_BY_OPERATOR(4503, "removed_by_operator", NEVER);

    /** What a client does after such a close. */
    public enum Retry {
        NEVER,
        WITH_BACK_OFF
    }

    private static final int FIRST_WITHOUT_RETRY = 4500;
    private static final int LAST_WITHOUT_RETRY = 4999;

    private final int number;
    private final String wireName;
    private final Retry retry;

    CloseCode(int number, String wireName, Retry retry) {
        this.number = number;
        this.wireName = wireName;
        this.retry = retry;
    }

    /** What a client does after a close with this number, whoever sent it. */
    public static Retry retryOf(int number) {
        for (CloseCode code : values()) {
            if (code.number == number) {
                return code.retry;
            }
        }
        return number >= FIRST_WITHOUT_RETRY && number <= LAST_WITHOUT_RETRY ? NEVER : WITH_BACK_OFF;
    }

    /** The number in the close frame. */
    public int number() {
        return number;
    }

    /** The name in the close frame's reason, in logs and metrics. */
    public String wireName() {
        return wireName;
    }

    public Retry retry() {
        return retry;
    }
}
