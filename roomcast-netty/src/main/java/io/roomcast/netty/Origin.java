package io.roomcast.netty;

import java.util.Optional;

/**
 * Where a page came from, as a browser says it (RFC 6454, section 6.2): scheme, host and port, nothing else.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case
 * @param port the scheme's own if none was written
 */
record Origin(String scheme, String host, int port) {
    /** Empty for anything but {@code http(s)://host[:port]}, thus for {@code null} too. */
    static Optional<Origin> parse(String text) {
        String scheme = text.startsWith("https://") ? "https" : text.startsWith("http://") ? "http" : "";
        if (scheme.isEmpty()) {
            return Optional.empty();
        }
        return Authority.parse(text.substring(scheme.length() + "://".length()))
                .map(authority -> new Origin(scheme, authority.host(), authority.portOr(defaultPort(scheme))));
    }

    /**
     * Whether a page of this origin was served by the address in a Host header.
     *
     * @param tls whether this server speaks TLS; one that does not may stand behind a proxy that does
     */
    boolean isServedBy(Authority address, boolean tls) {
        return (scheme.equals("https") || !tls)
                && host.equals(address.host())
                && port == address.portOr(defaultPort(scheme));
    }

    boolean isLocal() {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }
}
