package io.roomcast.netty;

import java.util.Locale;
import java.util.Optional;

/**
 * A host with or without a port, as in a Host header or behind the slashes of an origin (RFC 3986, section 3.2, without
 * user and without percent signs).
 *
 * @param host in lower case; an IPv6 address with its brackets
 * @param port {@link #NO_PORT} if none was given
 */
record Authority(String host, int port) {
    static final int NO_PORT = -1;

    private static final int PORT_DIGITS = 5;

    static Optional<Authority> parse(String text) {
        int colon = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        if (!isHost(host)) {
            return Optional.empty();
        }
        int port = NO_PORT;
        if (host.length() < text.length()) {
            port = text.charAt(colon) == ':' ? port(text.substring(colon + 1)) : NO_PORT;
            if (port == NO_PORT) {
                return Optional.empty();
            }
        }
        return Optional.of(new Authority(host.toLowerCase(Locale.ROOT), port));
    }

    int portOr(int defaultPort) {
        return port == NO_PORT ? defaultPort : port;
    }

    private static boolean isHost(String host) {
        boolean literal = host.startsWith("[");
        String inner = literal ? host.substring(1, host.length() - 1) : host;
        if (inner.isEmpty()) {
            return false;
        }
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (!(literal ? isOfAddress(c) : isOfName(c))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfAddress(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
    }

    private static boolean isOfName(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > PORT_DIGITS) {
            return NO_PORT;
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            if (!isDigit(digits.charAt(i))) {
                return NO_PORT;
            }
            port = port * 10 + digits.charAt(i) - '0';
        }
        return port <= 0xFFFF ? port : NO_PORT;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
