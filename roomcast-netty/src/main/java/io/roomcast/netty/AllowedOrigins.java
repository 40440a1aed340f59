package io.roomcast.netty;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whose pages may connect. Browsers let any page open a WebSocket to anywhere and send the Origin along, so the server
 * has to look at it; programs that are no browsers send none and pass.
 *
 * <p>With a list, an origin in it and no other. Without one, the server's own (the Host header names the same host and
 * port; with TLS, an origin that has it) and pages of this machine, on any port.
 */
final class AllowedOrigins {
    private final Set<Origin> listed;
    private final boolean tls;

    private AllowedOrigins(Set<Origin> listed, boolean tls) {
        this.listed = listed;
        this.tls = tls;
    }

    /**
     * @param origins {@code scheme://host[:port]}; an empty list is the default policy
     * @param tls whether this server speaks TLS, and its own origin thus has {@code https}
     * @throws IllegalArgumentException if one is no origin, naming it
     */
    static AllowedOrigins of(List<String> origins, boolean tls) {
        Set<Origin> listed = new HashSet<>();
        for (String origin : origins) {
            listed.add(
                    Origin.parse(origin)
                            .orElseThrow(
                                    () -> new IllegalArgumentException(
                                            "allowedOrigins: \"" + origin
                                                    + "\" is no origin; write scheme, host and port, like https://example.org or http://example.org:8080")));
        }
        return new AllowedOrigins(Set.copyOf(listed), tls);
    }

    boolean allow(RequestHead head) {
        List<String> sent = head.headers().values("Origin");
        if (sent.isEmpty()) {
            return true;
        }
        Optional<Origin> origin = sent.size() == 1 ? Origin.parse(sent.get(0)) : Optional.empty();
        return origin.isPresent() && (listed.isEmpty() ? isNear(origin.get(), head) : listed.contains(origin.get()));
    }

    private boolean isNear(Origin origin, RequestHead head) {
        return origin.isLocal()
                || head.headers()
                        .first("Host")
                        .flatMap(Authority::parse)
                        .filter(address -> origin.isServedBy(address, tls))
                        .isPresent();
    }
}
