package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One session with a Roomcast server, over one connection at a time, which comes back by itself until {@link #close()}.
 *
 * <pre>{@code
 * try (RoomcastClient client = RoomcastClient.connect("ws://localhost:8080/ws")) {
 *     Room room = client.join("lobby").get();
 *     room.onMessage(message -> System.out.println(message.data()));
 *     room.publish("Hello").get();
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread, in listeners too; only {@link #close()} waits.
 *
 * <p><b>Threads.</b> The clients of a JVM share one to four network threads ({@code roomcast-client-…}), at most 16 that run
 * listeners ({@code roomcast-listener-…}) and at most 16 helpers that look up names, call token providers and the like. An
 * open client keeps the JVM alive, as an open socket does elsewhere; with the last client all these threads end.
 */
public final class RoomcastClient implements AutoCloseable {
    private final Session session;
    private final ExecutorService listeners;
    private final ExecutorService helpers;

    RoomcastClient(Options options) {
        SharedThreads threads = SharedThreads.get();
        session = new Session(options, threads);
        listeners = threads.listeners();
        helpers = threads.helpers();
        session.loop.execute(session::start);
    }

    /** A client with all defaults, see {@link #connect(URI)}. */
    public static RoomcastClient connect(String uri) {
        return builder(uri).connect();
    }

    /**
     * A client with all defaults. It connects in the background, and comes back until it is closed: calls wait for the
     * connection within their time-out.
     *
     * @param uri such as {@code ws://localhost:8080/ws}, or {@code wss:} with TLS
     * @throws RoomcastException {@code bad_url}
     */
    public static RoomcastClient connect(URI uri) {
        return builder(uri).connect();
    }

    /**
     * What a client is to be like, before it connects.
     *
     * @throws RoomcastException {@code bad_url}
     */
    public static RoomcastClientBuilder builder(String uri) {
        return new RoomcastClientBuilder(RoomcastClientBuilder.address(uri));
    }

    /**
     * What a client is to be like, before it connects.
     *
     * @throws RoomcastException {@code bad_url}
     */
    public static RoomcastClientBuilder builder(URI uri) {
        return new RoomcastClientBuilder(RoomcastClientBuilder.address(uri.toString()));
    }

    public ClientStatus status() {
        return session.status();
    }

    /** The server's limits, by their names in PROTOCOL.md; empty before the first connection. */
    public Map<String, Long> limits() {
        return session.limits();
    }

    /** Makes JSON of what is published, and back. */
    public Codec codec() {
        return session.options.codec();
    }

    /**
     * Connected, reconnecting, closed, from here on; see {@link RoomcastClientBuilder#onStatus} for those who want to miss
     * nothing.
     */
    public Registration onStatus(Consumer<? super StatusEvent> listener) {
        Listeners.Listener<StatusEvent> added = new Listeners.Listener<>(listener);
        session.statuses.add(added);
        return added;
    }

    /** What went wrong without anybody waiting for it. */
    public Registration onError(Consumer<? super RoomcastException> listener) {
        Listeners.Listener<RoomcastException> added = new Listeners.Listener<>(listener);
        session.errors.add(added);
        return added;
    }

    /** As {@link #join(String, JoinOptions)}: messages and state, no members, no past messages. */
    public CompletableFuture<Room> join(String room) {
        return join(room, JoinOptions.create());
    }

    /**
     * Joins a room and stays in it over all connections, until {@link Room#leave()}. Joining a room again gives the same
     * object, in sync anew.
     *
     * <p>Whoever listens right behind it misses nothing: what comes with and behind the join is told when listeners have been
     * added, in what depends on the future or behind its {@code get()}. That cannot wait for long (a second); to be sure
     * whatever the machine does, use {@link #join(String, JoinOptions, Consumer)}.
     */
    public CompletableFuture<Room> join(String room, JoinOptions options) {
        return join(room, options, false, joined -> {});
    }

    /**
     * As {@link #join(String, JoinOptions)}.
     *
     * @param listening adds listeners; called with the room right before the future ends, and before anything is told
     */
    public CompletableFuture<Room> join(String room, JoinOptions options, Consumer<? super Room> listening) {
        return join(room, options, true, listening);
    }

    private CompletableFuture<Room> join(
            String id, JoinOptions options, boolean listens, Consumer<? super Room> listening) {
        Answer<Room> answer = new Answer<>(session.loop, session.deliveries);
        RoomcastException badRoom = Calls.badRoom(id, limits().getOrDefault("roomIdLength", 0L));
        if (session.closedBy() == null && badRoom != null) {
            return answer.failNow(badRoom);
        }
        Object about = options.member();
        Json member;
        try {
            member = about == null ? null : Calls.encode(codec(), about);
        } catch (IllegalArgumentException e) {
            return answer.failNow(Calls.noJson(e, id, "join"));
        }
        if (!session.loop.executeIfAlive(() -> join(id, options, member, listens, listening, answer))) {
            return answer.failNow(Calls.closed(session).about(id, "join"));
        }
        return answer;
    }

    private void join(
            String id,
            JoinOptions options,
            @Nullable Json member,
            boolean listens,
            Consumer<? super Room> listening,
            Answer<Room> answer) {
        RoomcastException closedBy = session.closedBy();
        if (closedBy != null) {
            answer.fail(closedBy.about(id, "join"));
            return;
        }
        LiveRoom live = session.room(id);
        if (live == null) {
            live = new LiveRoom(session, id);
            session.enter(live);
        }
        live.join(options, member, listens, listening, answer);
    }

    /**
     * Leaves all rooms and ends the connection for good. What waits fails with {@code closed}. When it returns, at most
     * {@code closeTimeout} later, nothing is left behind: no socket and no timer, and with the last client of the JVM no
     * thread but one that a listener of the user's still holds; a provider of tokens is interrupted. Calling it twice is calling it once.
     */
    @Override
    public void close() {
        RoomcastException closed =
                new RoomcastException(RoomcastException.CLOSED, "The client was closed: connect anew.");
        session.loop.executeIfAlive(() -> session.stop(closed, false));
        boolean isInterrupted = false;
        long graceNanos = TimeUnit.SECONDS.toNanos(1);
        long deadline = System.nanoTime() + session.options.closeTimeout().toNanos() + graceNanos;
        while (true) {
            try {
                session.over.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                awaitThreads(deadline);
                break;
            } catch (InterruptedException e) {
                // Nothing is waited for any more, but for what is over at once.
                isInterrupted = true;
                session.loop.executeIfAlive(session::hurryUp);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("The network thread of the client does not answer", e);
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where this was the last client, its threads are ending. */
    private void awaitThreads(long deadline) throws InterruptedException {
        if (session.deliveries.isDeliverer()) {
            return; // It would wait for itself.
        }
        session.loop.awaitEnd(deadline - System.nanoTime());
        if (listeners.isShutdown()) {
            listeners.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            helpers.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    /** For tests that look inside. */
    Session session() {
        return session;
    }

    @Override
    public String toString() {
        return "RoomcastClient " + session.options.uri() + " " + status();
    }
}
