package io.roomcast.engine;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a client's opening request said.
 *
 * @param address the peer's address
 * @param path the path of the request, without its query
 * @param query what stood behind the question mark, as it came; empty if nothing did
 * @param headers by name in lower case, each with its values in order
 */
public record Handshake(InetSocketAddress address, String path, String query, Map<String, List<String>> headers) {
    private static final Handshake NONE =
            new Handshake(InetSocketAddress.createUnresolved("localhost", 0), "/", "", Map.of());

    /** For a connection that had no opening request. */
    public static Handshake none() {
        return NONE;
    }

    /** The first value of this header, whose name may be written in any case. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** The first value of this parameter of the query, decoded as HTML forms are. */
    public Optional<String> query(String name) {
        return Pairs.find(query, "&", name).map(Pairs::formDecoded);
    }

    /** The value of this cookie. */
    public Optional<String> cookie(String name) {
        return header("cookie").flatMap(cookies -> Pairs.find(cookies, ";", name));
    }
}
