package io.roomcast.netty;

import java.time.Duration;

/**
 * How long a peer may take. Fixed for users; tests set shorter ones.
 *
 * @param head from the connection's first moment until its request is whole and answered, however slowly it drips
 * @param linger for reading the answer to a request that was no upgrade
 * @param message from a message's first byte to its last; beyond: close 1008
 * @param close for answering our close frame; beyond: the connection is cut
 */
record Patience(Duration head, Duration linger, Duration message, Duration close) {
    private static final Patience DEFAULTS =
            new Patience(Duration.ofSeconds(10), Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(5));

    static Patience defaults() {
        return DEFAULTS;
    }

    Patience withHead(Duration value) {
        return new Patience(value, linger, message, close);
    }

    Patience withMessage(Duration value) {
        return new Patience(head, linger, value, close);
    }

    Patience withClose(Duration value) {
        return new Patience(head, linger, message, value);
    }
}
