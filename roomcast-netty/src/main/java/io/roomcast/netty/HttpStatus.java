package io.roomcast.netty;

/** Every HTTP status this server answers with. */
enum HttpStatus {
    SWITCHING_PROTOCOLS(101, "Switching Protocols"),
    OK(200, "OK"),
    BAD_REQUEST(400, "Bad Request"),
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    REQUEST_TIMEOUT(408, "Request Timeout"),
    URI_TOO_LONG(414, "URI Too Long"),
    UPGRADE_REQUIRED(426, "Upgrade Required"),
    TOO_MANY_REQUESTS(429, "Too Many Requests"),
    HEADERS_TOO_LARGE(431, "Request Header Fields Too Large"),
    SERVER_FAULT(500, "Internal Server Error"),
    UNAVAILABLE(503, "Service Unavailable"),
    VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported");

    private final int number;
    private final String phrase;

    HttpStatus(int number, String phrase) {
        this.number = number;
        this.phrase = phrase;
    }

    int number() {
        return number;
    }

    String phrase() {
        return phrase;
    }
}
