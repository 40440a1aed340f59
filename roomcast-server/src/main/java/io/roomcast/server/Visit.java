package io.roomcast.server;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.roomcast.client.ClientStatus;
import io.roomcast.client.JoinOptions;
import io.roomcast.client.Room;
import io.roomcast.client.RoomcastClient;
import io.roomcast.client.RoomcastException;
import io.roomcast.client.StatusEvent;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A command's stay on a server. When it is stopped by a signal it leaves first, so that the others see it go at once.
 */
final class Visit implements AutoCloseable {
    /** How often it is looked whether the first attempt to connect has failed. */
    private static final long LOOK_MILLIS = 50;

    private final ServerFlags server;
    private final RoomcastClient client;
    private final AtomicInteger attempts = new AtomicInteger();

    /** Set by the hook that a signal runs: what fails from then on is of no interest. */
    private volatile boolean isStopping;

    /** Written before there is anything to stop, read by that hook. */
    private volatile Runnable onStop = () -> {};

    private Visit(ServerFlags server, Consumer<StatusEvent> onStatus) {
        this.server = server;
        // Netty has nothing to say that a person at a terminal could use, and a logger that is not set up costs no
        // time.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        client = server.builder().onStatus(onStatus).proxy(new Attempts()).connect();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "shutdown"));
    }

    /** Counts the attempts to connect, for each of which the way is looked up. */
    private final class Attempts extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            attempts.incrementAndGet();
            ProxySelector system = ProxySelector.getDefault();
            return system == null ? List.of(Proxy.NO_PROXY) : system.select(uri);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
    }

    static Visit begin(ServerFlags server, Consumer<StatusEvent> onStatus) {
        return new Visit(server, onStatus);
    }

    private void stop() {
        isStopping = true;
        client.close();
        onStop.run();
    }

    /** What to do when a signal has ended the stay. */
    void onStop(Runnable action) {
        onStop = action;
    }

    /**
     * Joins the room; unless the flags say to wait, the first attempt to connect is the last.
     *
     * @throws CommandFailed if that cannot be done
     */
    Room join(String room, JoinOptions options, Consumer<? super Room> listening) throws InterruptedException {
        CompletableFuture<Room> joined = client.join(room, options.timeout(server.timeout()), listening);
        while (!server.waits() && !joined.isDone() && client.status() == ClientStatus.CONNECTING) {
            try {
                joined.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                if (attempts.get() > 1) { // so the first has failed
                    look(room);
                }
            } catch (ExecutionException known) {
                break;
            }
        }
        return await(joined);
    }

    /** A second call for the same room, which ends at once, says why there is no connection; the first one still waits. */
    private void look(String room) throws InterruptedException {
        try {
            client.join(room, JoinOptions.create().timeout(Duration.ofMillis(1)))
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RoomcastException error && CommandFailed.namesAttempt(error)) {
                throw CommandFailed.of(error, server.url());
            }
        }
    }

    /**
     * What it comes to, waited for.
     *
     * @throws CommandFailed if it fails
     */
    <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (isStopping) {
                new CountDownLatch(1).await(); // The signal ends the program, with its own exit code.
            }
            if (e.getCause() instanceof RoomcastException error) {
                throw CommandFailed.of(error, server.url());
            }
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    CommandFailed explain(RoomcastException error) {
        return CommandFailed.of(error, server.url());
    }

    /** For who says much: as the server has told what it allows. */
    Pace pace() {
        return new Pace(client.limits().getOrDefault("publishesPerSecond", 0L), System::nanoTime);
    }

    /** Whether a signal is ending the program. */
    boolean isStopping() {
        return isStopping;
    }

    @Override
    public void close() {
        onStop = () -> {};
        client.close();
    }
}
