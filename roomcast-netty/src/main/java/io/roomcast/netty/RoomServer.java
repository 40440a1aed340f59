package io.roomcast.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.roomcast.engine.Room;
import io.roomcast.engine.Rooms;
import io.roomcast.engine.Statistics;
import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.Limit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(1, 64 * 1024);
    private static final int BACKLOG = 4096;

    /**
     * What the kernel may keep for one connection. Left to itself it takes 4 MiB for a peer that reads nothing (Linux,
     * tcp(7), tcp_wmem), which is memory too, and hides for many seconds that the peer is slow.
     */
    private static final int SEND_BUFFER_BYTES = 128 * 1024;

    /** A little longer than a connection waits for its peer's close frame. */
    private static final int CLOSE_SECONDS = 6;

    private final RoomServerBuilder settings;
    private final Transport transport;
    private final MultiThreadIoEventLoopGroup loops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Rooms rooms;
    private final Routes routes;
    private final AddressBook addresses;
    private final Descriptors descriptors;
    private volatile @Nullable Channel listening;

    /** Guarded by this. */
    private boolean closed;

    RoomServer(RoomServerBuilder settings) {
        this.settings = settings;
        this.transport = Transport.best();
        this.loops = transport.loops(settings.lanes());
        int frameBytes = settings.config().limits().asInt(Limit.FRAME_BYTES);
        List<NettyLane> lanes = new ArrayList<>();
        for (var loop : loops) {
            lanes.add(new NettyLane(lanes.size(), (SingleThreadEventLoop) loop, frameBytes, settings.patience()));
        }
        Clock clock = settings.clock();
        this.rooms = new Rooms(
                settings.config(),
                lanes,
                Rooms.memoryBroker(clock, settings.config().limits()),
                clock,
                System.nanoTime(),
                settings.listeners());
        Endpoints endpoints = settings.endpoints();
        this.routes = new Routes(
                endpoints == null ? rooms::open : endpoints,
                lanes,
                settings.path(),
                settings.pages(),
                AllowedOrigins.of(settings.allowedOrigins()),
                frameBytes,
                settings.listeners().connect() != null);
        this.addresses = new AddressBook(
                settings.pendingHandshakesPerAddress(),
                settings.connectsPerSecondPerAddress(),
                settings.connectionsPerAddress(),
                System::nanoTime);
        this.descriptors = Descriptors.ofThisProcess();
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
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channelFactory(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
                .handler(new AcceptPace(settings.lanes()))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.pipeline().addLast(newReader(channel));
                    }
                })
                .bind(settings.host(), settings.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new UncheckedIOException(
                    "Cannot listen on " + settings.host() + ":" + settings.port(), new IOException(bound.cause()));
        }
        listening = bound.channel();
        return this;
    }

    private RequestReader newReader(Channel channel) {
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        return new RequestReader(
                routes, this::descriptorsForOneMore, addresses, settings.patience(), peer.getAddress());
    }

    private AddressBook.Answer descriptorsForOneMore() {
        return descriptors.arrived(connections.size());
    }

    /** The port it listens on, also when it was left to the system to choose one. */
    public int port() {
        return address().getPort();
    }

    /** The address it listens on. */
    public InetSocketAddress address() {
        Channel accepting = listening;
        if (accepting == null) {
            throw new IllegalStateException("The server is not started");
        }
        return (InetSocketAddress) accepting.localAddress();
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
        return connections.size();
    }

    /** The addresses it keeps count of. */
    int addresses() {
        return addresses.size();
    }

    MultiThreadIoEventLoopGroup loops() {
        return loops;
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
        Channel accepting = listening;
        if (accepting != null) {
            accepting.close().awaitUninterruptibly();
        }
        rooms.drain(settings.shutdownSpread().toMillis());
        connections.newCloseFuture().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        awaitEndOfRooms();
        rooms.close();
        loops.shutdownGracefully(50, 1_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    /** Rooms end a few hops behind their last connection; until then, what one lane has for another must find it there. */
    private void awaitEndOfRooms() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (rooms.statistics().rooms() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
