package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;

/** The opening handshake of RFC 6455, section 4.1, with one key for all connections: no server can tell. */
final class Handshake {
    /** The key and the accept of the example in RFC 6455, section 1.3. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private Handshake() {}

    static byte[] request(String host, int port, String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: " + host + ":" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                        + KEY + "\r\nSec-WebSocket-Protocol: roomcast.v1.json\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    /** Whether the head of the response, without its empty line, accepts. */
    static boolean accepted(String head) {
        if (!head.startsWith("HTTP/1.1 101")) {
            return false;
        }
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-accept:"))
                .anyMatch(line -> line.substring(line.indexOf(':') + 1).strip().equals(ACCEPT));
    }
}
