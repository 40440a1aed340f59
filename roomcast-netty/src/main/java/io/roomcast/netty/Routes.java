package io.roomcast.netty;

import io.roomcast.engine.Handshake;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What the server has at which path: the WebSocket, the pages, {@code /health}. Immutable, shared by all lanes. */
final class Routes {
    /** What a page may do: everything from here, nothing from elsewhere; it may connect to any WebSocket. */
    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** A page as it is served. */
    static final class Page {
        final String contentType;
        final byte[] body;

        Page(String contentType, byte[] body) {
            this.contentType = contentType;
            this.body = body;
        }
    }

    private final Endpoints endpoints;
    private final String webSocketPath;
    private final Map<String, Page> pages;
    private final AllowedOrigins origins;
    private final boolean handshakeIsWanted;
    private final Predicate<RequestHead> channelsFor;
    private final AnswerCounts answers = new AnswerCounts();

    /**
     * @param handshakeIsWanted whether a listener looks at the opening request, which is copied for it
     * @param channelsFor whose connection is to be a channel, though it might be direct
     */
    Routes(
            Endpoints endpoints,
            String webSocketPath,
            Map<String, Page> pages,
            AllowedOrigins origins,
            boolean handshakeIsWanted,
            Predicate<RequestHead> channelsFor) {
        this.endpoints = endpoints;
        this.webSocketPath = webSocketPath;
        this.pages = pages;
        this.origins = origins;
        this.handshakeIsWanted = handshakeIsWanted;
        this.channelsFor = channelsFor;
    }

    Endpoints endpoints() {
        return endpoints;
    }

    String webSocketPath() {
        return webSocketPath;
    }

    AnswerCounts answers() {
        return answers;
    }

    UpgradeAnswer upgrade(RequestHead head) {
        return UpgradeAnswer.answer(head, origins);
    }

    HttpResponse page(RequestHead head) {
        Page page = pages.get(head.path());
        if (page == null) {
            return HttpResponse.refusal(
                    HttpStatus.NOT_FOUND, "There is nothing here. Rooms are at " + webSocketPath + ".");
        }
        if (!head.isGet() && !head.isHead()) {
            return HttpResponse.methodNotAllowed("GET, HEAD");
        }
        HttpResponse response = HttpResponse.page(page.contentType, page.body);
        if (page.contentType.startsWith("text/html")) {
            response.with("Content-Security-Policy", PAGE_POLICY);
        }
        List<String> origin = head.headers().values("Origin");
        if (origin.size() == 1 && origins.allow(head)) {
            response.with("Access-Control-Allow-Origin", origin.get(0)).with("Vary", "Origin");
        }
        return response;
    }

    boolean isForChannel(RequestHead head) {
        return !head.path().equals(webSocketPath) || channelsFor.test(head);
    }

    Handshake handshake(SocketAddress peer, RequestHead head) {
        if (!handshakeIsWanted) {
            return Handshake.none();
        }
        Map<String, List<String>> headers = new TreeMap<>();
        for (int i = 0; i < head.headers().size(); i++) {
            String name = head.headers().name(i).toLowerCase(Locale.ROOT);
            headers.computeIfAbsent(name, key -> new ArrayList<>())
                    .add(head.headers().value(i));
        }
        return new Handshake((InetSocketAddress) peer, head.path(), head.query(), headers);
    }
}
