package io.roomcast.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The way to a server, as it was found for one attempt.
 *
 * @param addresses to be tried one after the other
 * @param isProxied whether they are those of a proxy, which is to be asked for a tunnel
 * @param tls for {@code wss:}
 */
record Route(
        List<InetSocketAddress> addresses,
        boolean isProxied,
        @Nullable SSLContext tls) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    static boolean isSecure(URI uri) {
        return "wss".equalsIgnoreCase(uri.getScheme());
    }

    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure(uri) ? HTTPS_PORT : HTTP_PORT;
    }

    /** The host by its name, or an IPv6 address without its brackets. */
    static String host(URI uri) {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** As it stands in a {@code Host} header. */
    static String authority(URI uri) {
        return uri.getPort() >= 0 ? uri.getHost() + ":" + uri.getPort() : uri.getHost();
    }

    /** Looks names up, which may take a while. */
    static Route find(Options options) throws IOException, GeneralSecurityException {
        URI uri = options.uri();
        SSLContext tls = null;
        if (isSecure(uri)) {
            tls = options.sslContext() == null ? SSLContext.getDefault() : options.sslContext();
        }
        InetSocketAddress proxy = proxyOf(options.proxy(), uri);
        String host = proxy == null ? host(uri) : proxy.getHostString();
        int port = proxy == null ? port(uri) : proxy.getPort();
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(host)) {
            addresses.add(new InetSocketAddress(address, port));
        }
        return new Route(addresses, proxy != null, tls);
    }

    private static @Nullable InetSocketAddress proxyOf(@Nullable ProxySelector selector, URI uri) throws IOException {
        if (selector == null) {
            return null;
        }
        // Selectors know the schemes of HTTP; a WebSocket begins as such.
        String scheme = isSecure(uri) ? "https" : "http";
        URI asked = URI.create(scheme.toLowerCase(Locale.ROOT) + "://" + uri.getHost() + ":" + port(uri) + "/");
        for (Proxy proxy : selector.select(asked)) {
            if (proxy.type() == Proxy.Type.DIRECT) {
                return null;
            }
            if (proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress address) {
                return address;
            }
        }
        throw new IOException("there are only proxies of another kind than HTTP");
    }
}
