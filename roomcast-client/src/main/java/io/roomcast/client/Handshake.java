package io.roomcast.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is said in HTTP before there is a WebSocket (RFC 6455, section 4.1; RFC 9110, section 9.3.6). */
final class Handshake {
    static final String SUBPROTOCOL = "roomcast.v1.json";

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
    private static final int KEY_BYTES = 16;
    private static final int MOST_HEAD_BYTES = 16_384;
    private static final int OK = 200;
    private static final int SWITCHING_PROTOCOLS = 101;

    private final URI uri;
    private final Map<String, String> headers;
    private final String key;

    Handshake(URI uri, Map<String, String> headers, SecureRandom random) {
        this.uri = uri;
        this.headers = headers;
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        key = Base64.getEncoder().encodeToString(bytes);
    }

    /** Asks a proxy for a tunnel. */
    byte[] tunnelRequest() {
        String target = uri.getHost() + ":" + Route.port(uri);
        return ("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n").getBytes(ISO_8859_1);
    }

    byte[] request() {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        StringBuilder head =
                new StringBuilder("GET ").append(path).append(query).append(" HTTP/1.1\r\n");
        header(head, "Host", Route.authority(uri));
        header(head, "Upgrade", "websocket");
        header(head, "Connection", "Upgrade");
        header(head, "Sec-WebSocket-Key", key);
        header(head, "Sec-WebSocket-Version", "13");
        header(head, "Sec-WebSocket-Protocol", SUBPROTOCOL);
        headers.forEach((name, value) -> header(head, name, value));
        return head.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    private static void header(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    /**
     * The head of an answer, when it is there.
     *
     * @throws BadHandshake if it cannot become one
     */
    static @Nullable String head(ByteBuf in) throws BadHandshake {
        int from = in.readerIndex();
        int to = Math.min(in.writerIndex(), from + MOST_HEAD_BYTES);
        for (int i = from + 3; i < to; i++) {
            boolean ends = in.getByte(i) == '\n'
                    && in.getByte(i - 1) == '\r'
                    && in.getByte(i - 2) == '\n'
                    && in.getByte(i - 3) == '\r';
            if (ends) {
                String head = in.toString(from, i + 1 - from, US_ASCII);
                in.readerIndex(i + 1);
                return head;
            }
        }
        if (to - from == MOST_HEAD_BYTES || (to > from && in.getByte(from) != 'H')) {
            throw new BadHandshake("the answer is no HTTP");
        }
        return null;
    }

    static void checkTunnel(String head) throws BadHandshake {
        if (status(head) != OK) {
            throw new BadHandshake("the proxy answers HTTP " + status(head));
        }
    }

    void check(String head) throws BadHandshake {
        int status = status(head);
        if (status != SWITCHING_PROTOCOLS) {
            throw new BadHandshake("the server answers HTTP " + status);
        }
        Map<String, String> fields = fields(head);
        String protocol = fields.get("sec-websocket-protocol");
        boolean isUpgrade = "websocket".equalsIgnoreCase(fields.get("upgrade"))
                && (", " + fields.getOrDefault("connection", "") + ",")
                        .toLowerCase(Locale.ROOT)
                        .contains(" upgrade,");
        if (!isUpgrade) {
            throw new BadHandshake("the server answers 101 without the upgrade");
        } else if (!accept().equals(fields.get("sec-websocket-accept"))) {
            throw new BadHandshake("the server answers 101 with a wrong Sec-WebSocket-Accept");
        } else if (protocol != null && !protocol.equals(SUBPROTOCOL)) {
            throw new BadHandshake("the server selects another subprotocol");
        } else if (fields.containsKey("sec-websocket-extensions")) {
            throw new BadHandshake("the server selects an extension that was not offered");
        }
    }

    private static int status(String head) throws BadHandshake {
        boolean isHttp = head.length() > 12
                && (head.startsWith("HTTP/1.1 ") || head.startsWith("HTTP/1.0 "))
                && (head.charAt(12) == ' ' || head.charAt(12) == '\r');
        try {
            return Integer.parseInt(isHttp ? head.substring(9, 12) : "");
        } catch (NumberFormatException e) {
            throw new BadHandshake("the answer is no HTTP");
        }
    }

    private static Map<String, String> fields(String head) throws BadHandshake {
        Map<String, String> fields = new TreeMap<>();
        String[] lines = head.split("\r\n", -1);
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                throw new BadHandshake("the answer has a line that is no header");
            }
            String value = lines[i].substring(colon + 1).strip();
            fields.merge(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), value, (a, b) -> a + ", " + b);
        }
        return fields;
    }

    private String accept() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + ACCEPT_SUFFIX).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }

    /** There will be no WebSocket. */
    static final class BadHandshake extends Exception {
        private static final long serialVersionUID = 1;

        BadHandshake(String what) {
            super(what, null, false, false);
        }
    }
}
