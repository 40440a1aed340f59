package io.roomcast.netty;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The answer to a request on the WebSocket path (RFC 6455, section 4.2): the upgrade, or what to do better.
 *
 * <p>Extensions are never agreed on, so what is offered is not even looked at. A client that offers subprotocols, but not
 * ours, gets none and is served the same; whether it goes on is its choice.
 *
 * @param response 101, or a refusal after which the connection is closed
 * @param subprotocol {@link #SUBPROTOCOL}, or empty if none was agreed on
 */
record UpgradeAnswer(HttpResponse response, String subprotocol) {
    static final String SUBPROTOCOL = "roomcast.v1.json";

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    /** 16 bytes in base64: 22 digits that count, and padding. */
    private static final int KEY_DIGITS = 22;

    static UpgradeAnswer answer(RequestHead head, AllowedOrigins origins) {
        Headers headers = head.headers();
        if (!head.isGet()) {
            return refuse(HttpResponse.methodNotAllowed("GET"));
        }
        if (!headers.lists("Upgrade", "websocket")) {
            return refuse(HttpResponse.upgradeRequired("This address speaks WebSocket: connect with new WebSocket(url)."
                    + " A proxy before it has to pass on the headers Upgrade and Connection."));
        }
        if (!headers.values("Sec-WebSocket-Version").equals(List.of("13"))) {
            return refuse(HttpResponse.upgradeRequired("Send one header Sec-WebSocket-Version with the value 13."));
        }
        if (!headers.lists("Connection", "upgrade")) {
            return refuse(
                    HttpStatus.BAD_REQUEST,
                    "The Connection header lacks Upgrade. A proxy before this server has to pass it on.");
        }
        if (!origins.allow(head)) {
            return refuse(HttpStatus.FORBIDDEN, "Pages of this origin may not connect. Add it to the allowed origins.");
        }
        List<String> keys = headers.values("Sec-WebSocket-Key");
        if (keys.size() != 1 || !isKey(keys.get(0))) {
            return refuse(HttpStatus.BAD_REQUEST, "Send one header Sec-WebSocket-Key with 16 bytes in base64.");
        }
        return accept(keys.get(0), headers.elements("Sec-WebSocket-Protocol").contains(SUBPROTOCOL));
    }

    boolean accepted() {
        return response.status() == HttpStatus.SWITCHING_PROTOCOLS;
    }

    private static UpgradeAnswer accept(String key, boolean withSubprotocol) {
        HttpResponse response = HttpResponse.switchingProtocols(acceptOf(key));
        return withSubprotocol
                ? new UpgradeAnswer(response.with("Sec-WebSocket-Protocol", SUBPROTOCOL), SUBPROTOCOL)
                : new UpgradeAnswer(response, "");
    }

    private static UpgradeAnswer refuse(HttpStatus status, String message) {
        return refuse(HttpResponse.refusal(status, message));
    }

    private static UpgradeAnswer refuse(HttpResponse response) {
        return new UpgradeAnswer(response, "");
    }

    private static boolean isKey(String key) {
        if (key.length() != KEY_DIGITS + 2 || !key.endsWith("==")) {
            return false;
        }
        for (int i = 0; i < KEY_DIGITS; i++) {
            char c = key.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '+' && c != '/') {
                return false;
            }
        }
        return true;
    }

    private static String acceptOf(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }
}
