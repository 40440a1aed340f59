package io.roomcast.client;

import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What a client is to be like; made by {@link RoomcastClient#builder}. What is not said has the default named here. */
public final class RoomcastClientBuilder {
    private static final int MOST_PORT = 65_535;

    private final URI uri;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<Consumer<StatusEvent>> statusListeners = new ArrayList<>();
    private final List<Consumer<RoomcastException>> errorListeners = new ArrayList<>();
    private boolean session = true;
    private @Nullable TokenProvider token;
    private Codec codec = Codec.plain();
    private @Nullable Executor executor;
    private @Nullable SSLContext sslContext;
    private @Nullable ProxySelector proxy = ProxySelector.getDefault();
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration backOff = Duration.ofMillis(100);
    private Duration backOffMax = Duration.ofSeconds(20);
    private Duration stable = Duration.ofSeconds(5);
    private Duration heartbeat = Duration.ofSeconds(25);
    private Duration wakeTimeout = Duration.ofSeconds(2);
    private Duration requestTimeout = Duration.ofSeconds(10);
    private Duration publishTimeout = Duration.ofSeconds(60);
    private Duration closeTimeout = Duration.ofSeconds(1);
    private int queueMessages = 1_000;
    private int queueBytes = 1_048_576;
    private int bufferMessages = 10_000;
    private int maxFrameBytes = 16_777_216;
    private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    private LongSupplier monotonicNanos = System::nanoTime;
    private LongSupplier wallMillis = System::currentTimeMillis;

    RoomcastClientBuilder(URI uri) {
        this.uri = uri;
    }

    static URI address(String text) {
        try {
            URI uri = new URI(text);
            boolean isWebSocket = "ws".equalsIgnoreCase(uri.getScheme()) || "wss".equalsIgnoreCase(uri.getScheme());
            boolean isPort = uri.getPort() == -1 || (uri.getPort() > 0 && uri.getPort() <= MOST_PORT);
            if (isWebSocket && isPort && uri.getHost() != null && uri.getRawFragment() == null) {
                return new URI(uri.toASCIIString());
            }
        } catch (URISyntaxException e) {
            throw badUrl(text).with(e);
        }
        throw badUrl(text);
    }

    private static RoomcastException badUrl(String text) {
        return new RoomcastException(
                RoomcastException.BAD_URL,
                "'" + text + "' is no address of a server: write ws://host:port/ws, or wss:// with TLS.");
    }

    /** Begins to connect, and returns at once. */
    public RoomcastClient connect() {
        return new RoomcastClient(new Options(
                uri,
                session,
                token,
                codec,
                executor,
                sslContext,
                new LinkedHashMap<>(headers),
                proxy,
                connectTimeout,
                backOff,
                backOffMax,
                stable,
                heartbeat,
                wakeTimeout,
                requestTimeout,
                publishTimeout,
                queueMessages,
                queueBytes,
                bufferMessages,
                maxFrameBytes,
                closeTimeout,
                random,
                monotonicNanos,
                wallMillis,
                List.copyOf(statusListeners),
                List.copyOf(errorListeners)));
    }

    /** Told of every change of the status, the first one too. */
    public RoomcastClientBuilder onStatus(Consumer<StatusEvent> listener) {
        statusListeners.add(listener);
        return this;
    }

    /** Told of every error that nobody waits for, from the first on. */
    public RoomcastClientBuilder onError(Consumer<RoomcastException> listener) {
        errorListeners.add(listener);
        return this;
    }

    /** False: to the others I am gone as soon as my connection is. Default true. */
    public RoomcastClientBuilder session(boolean session) {
        this.session = session;
        return this;
    }

    /** Asked for a token whenever a connection is opened, and before the last one expires. Default none. */
    public RoomcastClientBuilder token(TokenProvider provider) {
        token = provider;
        return this;
    }

    /** Makes JSON of what is published, and back. Default {@link Codec#plain()}. */
    public RoomcastClientBuilder codec(Codec codec) {
        this.codec = codec;
        return this;
    }

    /**
     * Runs listeners and what depends on futures, in the place of the threads that all clients share; given one task at a
     * time for each client. It is the caller's to end.
     */
    public RoomcastClientBuilder executor(Executor executor) {
        this.executor = executor;
        return this;
    }

    /** Whom to trust at a {@code wss:} address. Default: the JDK's own context. The server's name is checked in any case. */
    public RoomcastClientBuilder sslContext(SSLContext context) {
        sslContext = context;
        return this;
    }

    /**
     * One more header of the handshake, such as {@code Cookie}.
     *
     * @throws IllegalArgumentException if it is none, or one that belongs to the handshake itself
     */
    public RoomcastClientBuilder header(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean isToken = !name.isEmpty()
                && name.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
        if (!isToken || value.chars().anyMatch(c -> c < ' ' || c == 0x7F || c > 0xFF)) {
            throw new IllegalArgumentException("'" + name + "' is no header, or has a value with control characters");
        }
        boolean isOwn = lower.startsWith("sec-websocket-")
                || List.of("host", "upgrade", "connection").contains(lower);
        if (isOwn) {
            throw new IllegalArgumentException(name + " is a header of the handshake itself: leave it out");
        }
        headers.put(name, value);
        return this;
    }

    /** Says by which HTTP proxy to go. Default: what the JDK says, which is what its system properties say. */
    public RoomcastClientBuilder proxy(ProxySelector selector) {
        proxy = selector;
        return this;
    }

    /** Goes directly to the server, whatever the system properties say. */
    public RoomcastClientBuilder noProxy() {
        proxy = null;
        return this;
    }

    /** Within which a connection has to be greeted by the server. Default 10 s. */
    public RoomcastClientBuilder connectTimeout(Duration time) {
        connectTimeout = notNegative("connectTimeout", time);
        return this;
    }

    /** The first step of the back-off. Default 100 ms. */
    public RoomcastClientBuilder backOff(Duration time) {
        backOff = notNegative("backOff", time);
        return this;
    }

    /** What the back-off grows to. Default 20 s. */
    public RoomcastClientBuilder backOffMax(Duration time) {
        backOffMax = notNegative("backOffMax", time);
        return this;
    }

    /** A connection that has held for so long starts the back-off anew. Default 5 s. */
    public RoomcastClientBuilder stable(Duration time) {
        stable = notNegative("stable", time);
        return this;
    }

    /** Used until the server has said its own. Default 25 s. */
    public RoomcastClientBuilder heartbeat(Duration time) {
        heartbeat = notNegative("heartbeat", time);
        return this;
    }

    /** In which a connection has to show that it has lived through a sleep of the machine. Default 2 s. */
    public RoomcastClientBuilder wakeTimeout(Duration time) {
        wakeTimeout = notNegative("wakeTimeout", time);
        return this;
    }

    /** How long a request may take. Default 10 s. */
    public RoomcastClientBuilder requestTimeout(Duration time) {
        requestTimeout = notNegative("requestTimeout", time);
        return this;
    }

    /** How long a publish may take, waiting for a connection included. Default 60 s. */
    public RoomcastClientBuilder publishTimeout(Duration time) {
        publishTimeout = notNegative("publishTimeout", time);
        return this;
    }

    /** How long {@code close()} waits for the server. Default 1 s. */
    public RoomcastClientBuilder closeTimeout(Duration time) {
        closeTimeout = notNegative("closeTimeout", time);
        return this;
    }

    /** How many publishes may wait for a connection. Default 1,000. */
    public RoomcastClientBuilder queueMessages(int messages) {
        queueMessages = notNegative("queueMessages", messages);
        return this;
    }

    /** How many bytes of JSON they may have. Default 1 MiB. */
    public RoomcastClientBuilder queueBytes(int bytes) {
        queueBytes = notNegative("queueBytes", bytes);
        return this;
    }

    /**
     * How many messages a subscriber may be behind; and how many events may wait for listeners, beyond which the client
     * reads no more from its connection until they are through. Default 10,000.
     */
    public RoomcastClientBuilder bufferMessages(int messages) {
        bufferMessages = notNegative("bufferMessages", messages);
        return this;
    }

    /** The largest frame taken from a server. Default 16 MiB. */
    public RoomcastClientBuilder maxFrameBytes(int bytes) {
        maxFrameBytes = notNegative("maxFrameBytes", bytes);
        return this;
    }

    /** Takes the place of the random number in the back-off, for tests. */
    RoomcastClientBuilder random(DoubleSupplier random) {
        this.random = random;
        return this;
    }

    /** Take the places of the system's clocks, for tests. */
    RoomcastClientBuilder clocks(LongSupplier monotonicNanos, LongSupplier wallMillis) {
        this.monotonicNanos = monotonicNanos;
        this.wallMillis = wallMillis;
        return this;
    }

    private static Duration notNegative(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " is " + time + ", but has to be 0 or more");
        }
        return time;
    }

    private static int notNegative(String name, int number) {
        if (number < 0) {
            throw new IllegalArgumentException(name + " is " + number + ", but has to be 0 or more");
        }
        return number;
    }
}
