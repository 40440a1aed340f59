package io.roomcast.netty;

import io.roomcast.engine.Room;
import io.roomcast.engine.Rooms;
import io.roomcast.engine.Statistics;
import io.roomcast.engine.spi.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A rooms server: WebSocket connections, and the rooms they are in.
 *
 * <pre>{@code
 * RoomServer server = RoomServer.builder().port(8080).build().start();
 * server.room("lobby").publish(Json.of("{\"text\":\"hello\"}"));
 * }</pre>
 *
 * <p>All methods may be called from any thread.
 */
public final class RoomServer implements AutoCloseable {
    /** A little longer than a connection waits for its peer's close frame. */
    private static final int CLOSE_SECONDS = 6;

    private final RoomServerBuilder settings;
    private final @Nullable Tls tls;
    private final Lanes lanes;
    private final Rooms rooms;
    private final Routes routes;
    private final Reception reception;
    private final Channels channels;
    private volatile @Nullable Door door;

    /** Guarded by this. */
    private boolean closed;

    RoomServer(RoomServerBuilder settings) {
        this.settings = settings;
        this.reception = new Reception(
                new AddressBook(
                        settings.pendingHandshakesPerAddress(),
                        settings.connectsPerSecondPerAddress(),
                        settings.connectionsPerAddress(),
                        System::nanoTime),
                Descriptors.ofThisProcess());
        TlsFiles tlsFiles = settings.tlsFiles();
        this.tls = tlsFiles == null ? null : new Tls(tlsFiles, settings.tlsInterval(), settings.lanes());
        this.lanes = Lanes.of(settings, reception);
        Clock clock = settings.clock();
        this.rooms = new Rooms(
                settings.config(),
                lanes.all(),
                Rooms.memoryBroker(clock, settings.config().limits()),
                clock,
                System.nanoTime(),
                settings.listeners());
        Endpoints endpoints = settings.endpoints();
        this.routes = new Routes(
                endpoints == null ? rooms::open : endpoints,
                settings.path(),
                settings.pages(),
                AllowedOrigins.of(settings.allowedOrigins(), tls != null),
                settings.listeners().connect() != null,
                settings.channelsFor());
        this.channels = new Channels(lanes.all(), routes, reception, settings.patience(), tls);
    }

    /** A server on 127.0.0.1:8080 with all defaults; not yet started. */
    public static RoomServer create() {
        return builder().build();
    }

    public static RoomServerBuilder builder() {
        return new RoomServerBuilder();
    }

    /**
     * Begins to listen; when this returns, clients can connect.
     *
     * @return this server
     * @throws UncheckedIOException if the address cannot be listened on, for instance because its port is taken
     */
    public RoomServer start() {
        AcceptPace pace = new AcceptPace(settings.lanes(), tls == null ? () -> false : tls::enoughWait);
        try {
            InetSocketAddress address = resolved(settings.host(), settings.port());
            door = lanes.open(address, settings.sendBufferBytes(), routes, channels, pace);
            if (tls != null) {
                tls.watch();
            }
        } catch (IOException e) {
            lanes.close();
            throw new UncheckedIOException("Cannot listen on " + settings.host() + ":" + settings.port(), e);
        }
        return this;
    }

    private static InetSocketAddress resolved(String host, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** The port it listens on, also when it was left to the system to choose one. */
    public int port() {
        return address().getPort();
    }

    /** The address it listens on. */
    public InetSocketAddress address() {
        Door open = door;
        if (open == null) {
            throw new IllegalStateException("The server is not started");
        }
        return open.address();
    }

    /** The room with this id, whether anybody is in it or not. */
    public Room room(String id) {
        return rooms.room(id);
    }

    public Statistics statistics() {
        return rooms.statistics();
    }

    /** How many requests were answered with which HTTP status since the start: 101 for each handshake that was accepted. */
    public Map<Integer, Long> httpAnswers() {
        return routes.answers().sums();
    }

    /** Every socket it has accepted and not closed, WebSocket or not. */
    int sockets() {
        return reception.sockets();
    }

    /** The addresses it keeps count of. */
    int addresses() {
        return reception.addresses();
    }

    /** How many of its sockets are Netty's channels. */
    int channels() {
        return channels.size();
    }

    Lanes lanes() {
        return lanes;
    }

    /** What all its connections speak, null for plain ones. */
    @Nullable
    Tls tls() {
        return tls;
    }

    /** By which its bytes move. */
    public Transport transport() {
        return lanes.transport();
    }

    /** Why not by this faster one, in the system's words; empty if it was not tried, because one was chosen. */
    public Optional<String> whyNot(Transport faster) {
        return lanes.refusal(faster);
    }

    /**
     * Says {@code closing} to every connection, closes each with 1012 and stops. Returns when all are closed, or after
     * {@value #CLOSE_SECONDS} s at the latest with what is left cut. Further calls wait for the first and do nothing.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Door open = door;
        if (open != null) {
            open.close();
        }
        rooms.drain(settings.shutdownSpread().toMillis());
        reception.awaitEmpty(CLOSE_SECONDS);
        channels.close();
        awaitEndOfRooms();
        rooms.close();
        lanes.close();
        if (tls != null) {
            tls.close();
        }
    }

    /** Rooms end a few hops behind their last connection; until then, what one lane has for another must find it there. */
    private void awaitEndOfRooms() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (rooms.statistics().rooms() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
