package io.roomcast.netty;

import io.roomcast.engine.ConnectEvent;
import io.roomcast.engine.DisconnectEvent;
import io.roomcast.engine.JoinEvent;
import io.roomcast.engine.LeaveEvent;
import io.roomcast.engine.Listeners;
import io.roomcast.engine.MessageEvent;
import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.RoomsConfig;
import io.roomcast.engine.UpdateEvent;
import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RoomServer} is made from. Everything has a default.
 *
 * <p>Listeners never run on an event loop. Those of one connection run one after another, in the order of what happened;
 * each may block until the listener time-out, after which its client gets an {@code unavailable} error. What a listener
 * throws is that client's error too, and a line in the log.
 */
public final class RoomServerBuilder {
    private static final int HIGHEST_PORT = 65_535;

    private String host = "127.0.0.1";
    private int port = 8080;
    private String path = "/ws";
    private int lanes = Runtime.getRuntime().availableProcessors();
    private @Nullable Transport transport = Transport.ofTests();
    private @Nullable TlsFiles tlsFiles;
    private Duration tlsInterval = Duration.ofSeconds(30);
    private List<String> allowedOrigins = List.of();
    private Duration shutdownSpread = Duration.ofSeconds(5);
    private RoomsConfig config = RoomsConfig.defaults();
    private Listeners listeners = Listeners.none();
    /**
     * What the kernel may keep for one connection. Left to itself it takes 4 MiB for a peer that reads nothing (Linux,
     * tcp(7), tcp_wmem), which is memory too, and hides for many seconds that the peer is slow.
     */
    private int sendBufferBytes = 128 * 1024;

    private Lanes.Rings rings = Lanes.Rings.DEFAULT;
    private Predicate<RequestHead> channelsFor = head -> false;
    private int pendingHandshakesPerAddress = 2_000;
    private int connectsPerSecondPerAddress = AddressBook.OFF;
    private Patience patience = Patience.defaults();
    private Clock clock = Clock.system();
    private final Map<String, Routes.Page> pages = new HashMap<>();
    private @Nullable Endpoints endpoints;

    RoomServerBuilder() {
        serve("/health", "application/json", "{\"status\":\"up\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** The address to listen on; 127.0.0.1 by default, so that nothing is open to others unless you say so. */
    public RoomServerBuilder host(String value) {
        host = value;
        return this;
    }

    /** The port to listen on, 0 for any that is free; 8080 by default. */
    public RoomServerBuilder port(int value) {
        if (value < 0 || value > HIGHEST_PORT) {
            throw new IllegalArgumentException("port is " + value + ", but must be from 0 to " + HIGHEST_PORT);
        }
        port = value;
        return this;
    }

    /** The path of the WebSocket; {@code /ws} by default. */
    public RoomServerBuilder path(String value) {
        path = checkedPath(value);
        return this;
    }

    /** How many event loops there are; as many as processors by default. */
    public RoomServerBuilder lanes(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("lanes is " + value + ", but must be at least 1");
        }
        lanes = value;
        return this;
    }

    /**
     * By what its bytes move; by default the fastest that works here, see {@link RoomServer#transport}.
     *
     * @throws IllegalArgumentException if it does not work here, with the reason
     */
    public RoomServerBuilder transport(Transport value) {
        value.unavailability().ifPresent(reason -> {
            throw value.refused(reason);
        });
        transport = value;
        return this;
    }

    /**
     * The server speaks TLS, 1.3 or 1.2, and nothing else: clients connect with {@code wss:}, and pages are at {@code https:}.
     * The files are read when the server is built, and again whenever they have changed, which is looked for every 30 s:
     * who connects then gets the new certificate. If the new files are no use, that is logged and the certificate stays.
     *
     * <p>With TLS connections move by {@link Transport#EPOLL} or {@link Transport#NIO}.
     *
     * @param certificateChain a PEM file: the server's certificate, then those that vouch for it; of RSA or EC
     * @param privateKey a PEM file: the key of that certificate, as PKCS#8 without a password
     */
    public RoomServerBuilder tls(Path certificateChain, Path privateKey) {
        tlsFiles = new TlsFiles(certificateChain, privateKey);
        return this;
    }

    /** For tests: how often the files are looked at. */
    RoomServerBuilder tlsInterval(Duration value) {
        tlsInterval = value;
        return this;
    }

    public RoomServerBuilder limits(Limits value) {
        config = config.withLimits(value);
        return this;
    }

    /** What holds for some rooms only, by a pattern of their ids; of those that match, the first counts. */
    public RoomServerBuilder templates(List<RoomTemplate> value) {
        config = config.withTemplates(value);
        return this;
    }

    /**
     * What may be said in some rooms: each a {@code RoomType} of roomcast-types, or a check of your own. Of those that hold
     * in a room the first counts; where none does, anything may be said. A member that says something else gets a {@code
     * bad_request}. A check is asked before the listener, and again about what the listener has put in its place; it runs
     * where listeners do. What the server says itself, through {@link RoomServer#room}, is not checked.
     */
    public RoomServerBuilder roomTypes(RoomCheck... value) {
        listeners = listeners.withChecks(List.of(value));
        return this;
    }

    /** How long a connection may be silent before it is asked whether it lives; 25 s by default. */
    public RoomServerBuilder heartbeat(Duration value) {
        config = config.withHeartbeat(value);
        return this;
    }

    /** How long news of members is gathered before it is sent; 50 ms by default. */
    public RoomServerBuilder newsInterval(Duration value) {
        config = config.withNewsInterval(value);
        return this;
    }

    /**
     * How long the memberships of a session wait for their client after its connection has ended; 15 s by default, zero
     * for not at all. Keys of publishes are remembered for at least twice this time.
     */
    public RoomServerBuilder grace(Duration value) {
        config = config.withGrace(value);
        return this;
    }

    /** How long a listener may take; 5 s by default. */
    public RoomServerBuilder listenerTimeout(Duration value) {
        config = config.withListenerTimeout(value);
        return this;
    }

    /** How many listeners run at the same time; 16 by default. */
    public RoomServerBuilder listenerThreads(int value) {
        config = config.withListenerThreads(value);
        return this;
    }

    /**
     * The origins whose pages may connect, each as {@code https://example.org}; by default, and if the list is empty, the
     * server's own and localhost on any port. Clients that are no browsers send no origin and are not held back by this.
     */
    public RoomServerBuilder allowedOrigins(List<String> value) {
        allowedOrigins = List.copyOf(value);
        return this;
    }

    /** For tests of the transport alone: what its WebSockets talk to instead of rooms. */
    RoomServerBuilder endpoints(Endpoints value) {
        endpoints = value;
        return this;
    }

    /**
     * How many connections of one address (an IPv4 address, or an IPv6 /64) may be there that have not become WebSockets;
     * 2,000 by default, 0 for any number. One more is answered 429 with Retry-After, and beyond twice as many they are
     * cut. Behind a proxy all clients have the proxy's address: let the proxy limit them and choose a high number here.
     */
    public RoomServerBuilder pendingHandshakesPerAddress(int value) {
        pendingHandshakesPerAddress = notNegative("pendingHandshakesPerAddress", value);
        return this;
    }

    /**
     * How many connections one address (an IPv4 address, or an IPv6 /64) may begin in a second; any number by default,
     * which is 0, because many clients may share one address. One more is answered 429 with Retry-After.
     */
    public RoomServerBuilder connectsPerSecondPerAddress(int value) {
        connectsPerSecondPerAddress = notNegative("connectsPerSecondPerAddress", value);
        return this;
    }

    /** For tests: shorter times than those that PROTOCOL.md names. */
    RoomServerBuilder patience(Patience value) {
        patience = value;
        return this;
    }

    /** For tests: sockets that are soon full. */
    RoomServerBuilder sendBufferBytes(int value) {
        sendBufferBytes = value;
        return this;
    }

    /** For tests: rings that are soon full. */
    RoomServerBuilder rings(Lanes.Rings value) {
        rings = value;
        return this;
    }

    /** For tests: whose connections become channels though they need not, so that rooms have both kinds. */
    RoomServerBuilder channelsFor(Predicate<RequestHead> value) {
        channelsFor = value;
        return this;
    }

    /** For tests: clocks that jump. */
    RoomServerBuilder clock(Clock value) {
        clock = value;
        return this;
    }

    /** When the server closes, clients are told to come back after random times up to this; 5 s by default. */
    public RoomServerBuilder shutdownSpread(Duration value) {
        shutdownSpread = value;
        return this;
    }

    /** Serves a page for GET. {@code /health} is there by itself. */
    public RoomServerBuilder serve(String pagePath, String contentType, byte[] body) {
        pages.put(checkedPath(pagePath), new Routes.Page(contentType, body.clone()));
        return this;
    }

    /** Hears of each connection before its {@code welcome}, and may refuse it. */
    public RoomServerBuilder onConnect(Consumer<ConnectEvent> listener) {
        listeners = listeners.withConnect(listener);
        return this;
    }

    /** Hears of each join before it happens, and may refuse it or change the member's data. Not of a re-sync. */
    public RoomServerBuilder onJoin(Consumer<JoinEvent> listener) {
        listeners = listeners.withJoin(listener);
        return this;
    }

    /** Hears of each message of a member before anybody sees it, and may refuse it or change its data. */
    public RoomServerBuilder onMessage(Consumer<MessageEvent> listener) {
        listeners = listeners.withMessage(listener);
        return this;
    }

    /** Hears of each change of a room's state by a member before it happens, and may refuse it or change its values. */
    public RoomServerBuilder onUpdate(Consumer<UpdateEvent> listener) {
        listeners = listeners.withUpdate(listener);
        return this;
    }

    /** Hears of each member that is out of a room. */
    public RoomServerBuilder onLeave(Consumer<LeaveEvent> listener) {
        listeners = listeners.withLeave(listener);
        return this;
    }

    /** Hears of each connection that has ended. */
    public RoomServerBuilder onDisconnect(Consumer<DisconnectEvent> listener) {
        listeners = listeners.withDisconnect(listener);
        return this;
    }

    /**
     * The server; {@link RoomServer#start()} starts it.
     *
     * @throws IllegalArgumentException if the system does not give what the chosen transport needs, or the files for TLS are
     *     no use, with the reason
     */
    public RoomServer build() {
        return new RoomServer(this);
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    String path() {
        return path;
    }

    int lanes() {
        return lanes;
    }

    /** Null for the fastest that works here. */
    @Nullable
    Transport transport() {
        return transport;
    }

    /** Null for no TLS. */
    @Nullable
    TlsFiles tlsFiles() {
        return tlsFiles;
    }

    Duration tlsInterval() {
        return tlsInterval;
    }

    List<String> allowedOrigins() {
        return allowedOrigins;
    }

    int pendingHandshakesPerAddress() {
        return pendingHandshakesPerAddress;
    }

    int connectsPerSecondPerAddress() {
        return connectsPerSecondPerAddress;
    }

    /** How many WebSockets one address may have, {@link AddressBook#OFF} for any number. */
    int connectionsPerAddress() {
        Limits limits = config.limits();
        return limits.isOff(Limit.CONNECTIONS_PER_ADDRESS)
                ? AddressBook.OFF
                : limits.asInt(Limit.CONNECTIONS_PER_ADDRESS);
    }

    Patience patience() {
        return patience;
    }

    int sendBufferBytes() {
        return sendBufferBytes;
    }

    Lanes.Rings rings() {
        return rings;
    }

    Predicate<RequestHead> channelsFor() {
        return channelsFor;
    }

    Clock clock() {
        return clock;
    }

    Duration shutdownSpread() {
        return shutdownSpread;
    }

    RoomsConfig config() {
        return config;
    }

    Listeners listeners() {
        return listeners;
    }

    @Nullable
    Endpoints endpoints() {
        return endpoints;
    }

    Map<String, Routes.Page> pages() {
        return Map.copyOf(pages);
    }

    private static int notNegative(String key, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(key + " is " + value + ", but must be 0 (off) or more");
        }
        return value;
    }

    private static String checkedPath(String value) {
        if (!value.startsWith("/")) {
            throw new IllegalArgumentException("A path begins with a slash: " + value);
        }
        return value;
    }
}
