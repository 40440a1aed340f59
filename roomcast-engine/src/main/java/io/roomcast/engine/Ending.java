package io.roomcast.engine;

import io.roomcast.protocol.CloseCode;
import java.util.List;
import java.util.Set;

/**
 * How a connection has ended, by one of few names: those of {@link CloseCode} and three for what a peer can do besides.
 *
 * @param code the number in the close frame, or what stands for its absence
 * @param name for logs and metrics; never a word of the peer's
 */
record Ending(int code, String name) {
    /** RFC 6455, section 7.4.1: a close frame without a code. */
    private static final int NO_CODE = 1005;

    /** The same: no close frame at all. */
    private static final int NO_CLOSE_FRAME = 1006;

    /** Those codes of peers that are told apart. */
    private static final List<CloseCode> OF_PEERS = List.of(CloseCode.NORMAL, CloseCode.GOING_AWAY);

    /** A close frame without a code. */
    static final String WITHOUT_CODE = "no_code";

    /** The socket has ended, and no close frame before it. */
    static final String WITHOUT_CLOSE_FRAME = "no_close_frame";

    /** Any other code that the peer has chosen. */
    static final String OTHER = "other";

    /** The names that are no close code's. */
    static final List<String> BESIDES_CLOSE_CODES = List.of(WITHOUT_CODE, WITHOUT_CLOSE_FRAME, OTHER);

    private static final Set<String> NORMAL = Set.of(
            CloseCode.NORMAL.wireName(),
            CloseCode.GOING_AWAY.wireName(),
            CloseCode.RESTART.wireName(),
            WITHOUT_CODE,
            OTHER);

    /** We have ended it, because the peer has broken the rules of WebSocket or ours. */
    static Ending by(CloseCode code) {
        return new Ending(code.number(), code.wireName());
    }

    /** The peer has closed, or is gone. */
    static Ending toldBy(int code) {
        return new Ending(code, nameOf(code));
    }

    /** Whether this is how connections end that nothing is wrong with. */
    boolean isNormal() {
        return NORMAL.contains(name);
    }

    /** A peer's code that says that we have done wrong is a code like any other: whoever likes may send it. */
    private static String nameOf(int code) {
        return switch (code) {
            case NO_CODE -> WITHOUT_CODE;
            case NO_CLOSE_FRAME -> WITHOUT_CLOSE_FRAME;
            default ->
                OF_PEERS.stream()
                        .filter(known -> known.number() == code)
                        .findFirst()
                        .map(CloseCode::wireName)
                        .orElse(OTHER);
        };
    }
}
