package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A whole answer. Each but the 101 is the last of its connection: it says {@code Connection: close}, so a second request
 * sent behind the first is never read.
 */
final class HttpResponse {
    private static final byte[] NO_BODY = {};

    private final HttpStatus status;
    private final Headers headers = new Headers();
    private final byte[] body;

    private HttpResponse(HttpStatus status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    /** A page, asked for by GET or HEAD; the bytes are shared, not copied. */
    static HttpResponse page(String contentType, byte[] body) {
        return closing(HttpStatus.OK, "close", contentType, body).with("Cache-Control", "no-cache");
    }

    /** @param message what the one who asked can do about it */
    static HttpResponse refusal(HttpStatus status, String message) {
        return refusal(status, "close", message);
    }

    /** 426 names what to upgrade to, and with that {@code Upgrade} in Connection (RFC 9110, sections 7.8 and 15.5.22). */
    static HttpResponse upgradeRequired(String message) {
        return refusal(HttpStatus.UPGRADE_REQUIRED, "close, Upgrade", message)
                .with("Upgrade", "websocket")
                .with("Sec-WebSocket-Version", "13");
    }

    /** @param allowed the methods that would have been right, as in {@code Allow} */
    static HttpResponse methodNotAllowed(String allowed) {
        return refusal(HttpStatus.METHOD_NOT_ALLOWED, "Use one of these methods here: " + allowed + ".")
                .with("Allow", allowed);
    }

    static HttpResponse switchingProtocols(String accept) {
        return new HttpResponse(HttpStatus.SWITCHING_PROTOCOLS, NO_BODY)
                .with("Upgrade", "websocket")
                .with("Connection", "Upgrade")
                .with("Sec-WebSocket-Accept", accept);
    }

    private static HttpResponse refusal(HttpStatus status, String connection, String message) {
        return closing(
                status, connection, "text/plain; charset=utf-8", (message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse closing(HttpStatus status, String connection, String contentType, byte[] body) {
        return new HttpResponse(status, body)
                .with("Connection", connection)
                .with("Content-Type", contentType)
                .with("Content-Length", Integer.toString(body.length))
                .with("X-Content-Type-Options", "nosniff");
    }

    /**
     * Adds a header, before the response is first written.
     *
     * @throws IllegalArgumentException if it would end its line, and so begin another header or the body
     */
    HttpResponse with(String name, String value) {
        if (endsLine(name) || endsLine(value)) {
            throw new IllegalArgumentException("a header stays in one line: " + name);
        }
        headers.add(name, value);
        return this;
    }

    HttpStatus status() {
        return status;
    }

    /** @param headOnly for an answer to HEAD: the same header, no body */
    void writeTo(ByteBuf out, boolean headOnly) {
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(status.number())
                .append(' ')
                .append(status.phrase())
                .append("\r\n");
        for (int i = 0; i < headers.size(); i++) {
            head.append(headers.name(i)).append(": ").append(headers.value(i)).append("\r\n");
        }
        out.writeCharSequence(head.append("\r\n"), StandardCharsets.ISO_8859_1);
        if (!headOnly) {
            out.writeBytes(body);
        }
    }

    private static boolean endsLine(String text) {
        return text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0;
    }
}
