package io.roomcast.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@code /metrics} on a port of its own, so that it is never on the one that clients reach. It is for few who ask seldom:
 * {@value #THREADS} threads, {@value #MOST_WAITING} requests that wait, {@value #MOST_SECONDS} s for a request to come and
 * for its answer to be read; beyond, the connection is closed.
 */
final class MetricsServer implements AutoCloseable {
    private static final String PATH = "/metrics";
    private static final int THREADS = 2;
    private static final int MOST_WAITING = 16;
    private static final String MOST_SECONDS = "10";

    static {
        // The JDK's server reads these once, when its first instance is made.
        System.setProperty("sun.net.httpserver.maxReqTime", MOST_SECONDS);
        System.setProperty("sun.net.httpserver.maxRspTime", MOST_SECONDS);
    }

    private final HttpServer http;
    private final ThreadPoolExecutor threads;

    private MetricsServer(HttpServer http, ThreadPoolExecutor threads) {
        this.http = http;
        this.threads = threads;
    }

    /**
     * Begins to listen.
     *
     * @param text what answers a request
     * @throws UncheckedIOException if the address cannot be listened on
     */
    static MetricsServer start(String host, int port, Supplier<String> text) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        try {
            if (address.isUnresolved()) {
                throw new UnknownHostException("no address is known for this name");
            }
            HttpServer http = HttpServer.create(address, MOST_WAITING);
            ThreadPoolExecutor threads = new ThreadPoolExecutor(
                    THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                        Thread thread = new Thread(task, "roomcast-metrics");
                        thread.setDaemon(true);
                        return thread;
                    });
            http.setExecutor(threads);
            http.createContext("/", exchange -> answer(exchange, text));
            http.start();
            return new MetricsServer(http, threads);
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
    }

    int port() {
        return http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, Supplier<String> text) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
            } else {
                byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }
}
