package io.roomcast.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One event loop with clients: all of theirs happens on it, so that they need no locks. */
final class ClientLoop implements AutoCloseable {
    private static final String PATH = "/ws";
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Handshakes under way at one time; the server answers 429 beyond 2,000 from one address. */
    private static final int OPENING = 1_000;

    private static final int SLOW_RECEIVE_BYTES = 16_384;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final Bootstrap bootstrap = new Bootstrap();
    private final @Nullable SslContext tls;
    private final Deque<Arrival> toOpen = new ArrayDeque<>();
    private int opening;

    ClientLoop() {
        this(null);
    }

    /** All that these clients say is within TLS; they trust this certificate. */
    static ClientLoop withTls(PeerCertificate certificate) {
        try {
            return new ClientLoop(SslContextBuilder.forClient()
                    .trustManager(certificate.certificate().toFile())
                    .build());
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private ClientLoop(@Nullable SslContext tls) {
        this.tls = tls;
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(1, io);
        loop = group.next();
        bootstrap
                .group(group)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000);
    }

    EventLoop loop() {
        return loop;
    }

    ClientSocket open(InetSocketAddress address, Talk talk) {
        return open(bootstrap, address, talk);
    }

    /** With so small a buffer in the kernel that the server soon notices when this one does not read. */
    ClientSocket openSlow(InetSocketAddress address, Talk talk) {
        return open(bootstrap.clone().option(ChannelOption.SO_RCVBUF, SLOW_RECEIVE_BYTES), address, talk);
    }

    private ClientSocket open(Bootstrap bootstrap, InetSocketAddress address, Talk talk) {
        byte[] request = Handshake.request("127.0.0.1", address.getPort(), PATH);
        return ClientSocket.open(bootstrap, tls, address, request, talk);
    }

    /**
     * Connects when it is its turn, and again if it was not accepted: of many that come at once only so many are under way.
     * On the loop.
     */
    void arrive(InetSocketAddress address, Talk talk) {
        arrive(address, PATH, talk);
    }

    /** As the other, to a path of one's own. */
    void arrive(InetSocketAddress address, String path, Talk talk) {
        toOpen.add(new Arrival(address, path, talk));
        openMore();
    }

    private void openMore() {
        while (opening < OPENING && !toOpen.isEmpty()) {
            opening++;
            Arrival next = toOpen.remove();
            byte[] request = Handshake.request("127.0.0.1", next.address.getPort(), next.path);
            ClientSocket.open(bootstrap, tls, next.address, request, next);
        }
    }

    /** Lets the next one connect as soon as this one's handshake is done. */
    private final class Arrival implements Talk {
        private final InetSocketAddress address;
        private final String path;
        private final Talk talk;
        private boolean isIn;

        Arrival(InetSocketAddress address, String path, Talk talk) {
            this.address = address;
            this.path = path;
            this.talk = talk;
        }

        @Override
        public void opened(ClientSocket socket) {
            isIn = true;
            opening--;
            talk.opened(socket);
            openMore();
        }

        @Override
        public void text(ClientSocket socket, String text, long now) {
            talk.text(socket, text, now);
        }

        @Override
        public boolean binary(ClientSocket socket, String bytes, long now) {
            return talk.binary(socket, bytes, now);
        }

        @Override
        public void ended(ClientSocket socket) {
            if (isIn) {
                talk.ended(socket);
            } else {
                opening--;
                arrive(address, path, talk);
            }
        }
    }

    /** What this comes to on the loop. */
    <T> T ask(Supplier<T> question) {
        try {
            return loop.submit(question::get).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load itself failed", e.getCause());
        }
    }

    void run(Runnable task) {
        ask(() -> {
            task.run();
            return true;
        });
    }

    /** Whether the condition, which is looked at on the loop, holds within so many seconds. */
    boolean becomes(long seconds, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!ask(condition::getAsBoolean)) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
