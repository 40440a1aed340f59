package io.roomcast.bench;

import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one server: who is in which room, what they send, and how late what they hear is. All of it on one loop.
 *
 * <p>A message carries the time at which it was to be sent, whatever kept the load from it; of the messages that come, one in
 * {@value #ONE_IN} is read so far, whoever hears it.
 */
final class PeerCrowd {
    /** Room before what is read, for the beginning of a frame that came before. */
    static final int HEADROOM = 64 * 1024;

    private static final int BUFFER = 256 * 1024;

    /** A prime number, so that no member of a room of round size is left out. */
    static final int ONE_IN = 7;

    /** Handshakes under way at one time; servers have a backlog, and limits for one address. */
    private static final int OPENING = 500;

    private static final int MOST_RETRIES = 1_000;

    private final ClientLoop loop;
    private final InetSocketAddress address;
    private final Dialect dialect;
    private final String prefix;
    private final Workload workload;
    private final @Nullable PeerTls tls;
    private final byte[] request;
    private final ByteBuffer in = ByteBuffer.allocateDirect(HEADROOM + BUFFER);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private final byte[] hello;
    private final byte[] pong;
    private final PeerFrame.Stamped[] publishes;

    final PeerCounts counts = new PeerCounts();
    private final Histogram lateness = new Histogram(TimeUnit.MINUTES.toNanos(5), 3);
    private final List<PeerConnection> connections = new ArrayList<>();
    private final Deque<Integer> toOpen = new ArrayDeque<>();
    private int opening;
    private int retries;
    private int ready;
    private int untilSample = ONE_IN;
    /** Whether connections join as soon as they can. */
    private boolean joinsAtOnce = true;

    private final ClosedLoop closedLoop;
    private final LazyReaders lazyReaders;

    /** @param tls what its connections speak TLS with; null if they do not */
    PeerCrowd(
            ClientLoop loop,
            InetSocketAddress address,
            Dialect dialect,
            String prefix,
            Workload workload,
            @Nullable PeerTls tls) {
        this.loop = loop;
        this.address = address;
        this.dialect = dialect;
        this.prefix = prefix;
        this.workload = workload;
        this.tls = tls;
        this.request = Handshake.request("127.0.0.1", address.getPort(), dialect.path());
        this.hello = PeerFrame.text(dialect.hello());
        this.pong = PeerFrame.text(dialect.pong());
        this.publishes = new PeerFrame.Stamped[workload.rooms()];
        this.closedLoop = new ClosedLoop(this, workload);
        this.lazyReaders = new LazyReaders(loop.loop(), counts);
        for (int room = 0; room < publishes.length; room++) {
            publishes[room] = new PeerFrame.Stamped(
                    dialect.beforeData(name(room)), PeerFrame.data(workload.dataBytes()), dialect.behindData());
        }
    }

    private String name(int room) {
        return prefix + "room-" + room;
    }

    Dialect dialect() {
        return dialect;
    }

    PeerWire newWire() {
        return new PeerWire(tls);
    }

    byte[] request() {
        return request;
    }

    ByteBuffer in() {
        return in;
    }

    ByteBuffer out() {
        return out;
    }

    /** For each connection, asked of the kernel; 0 for what it gives by itself. */
    int receiveBuffer() {
        return workload.eager() > 0 ? LazyReaders.RECEIVE_BUFFER : 0;
    }

    Histogram lateness() {
        return lateness;
    }

    // ---- Coming and going

    void joinsAtOnce(boolean value) {
        joinsAtOnce = value;
    }

    /** Opens connections until there are so many. */
    void open(int count) {
        for (int i = connections.size() + toOpen.size(); i < count; i++) {
            toOpen.add(i);
        }
        openMore();
    }

    private void openMore() {
        while (opening < OPENING && !toOpen.isEmpty()) {
            int index = toOpen.remove();
            PeerConnection connection = new PeerConnection(this, index);
            while (connections.size() <= index) {
                connections.add(connection);
            }
            connections.set(index, connection);
            opening++;
            try {
                connection.connect((IoEventLoop) loop.loop(), address);
            } catch (IOException e) {
                counts.fault("cannot connect: " + e);
                connection.reset();
                ended(connection);
            }
        }
    }

    /** Whether all that were to be opened are in all their rooms, or, where they do not join at once, are ready to. */
    boolean isThere() {
        return toOpen.isEmpty()
                && opening == 0
                && ready == connections.size()
                && (!joinsAtOnce || connections.stream().allMatch(this::isInAll));
    }

    private boolean isInAll(PeerConnection connection) {
        return connection.memberships == workload.roomsOfEach();
    }

    boolean isInNone() {
        return connections.stream().allMatch(connection -> connection.memberships == 0);
    }

    boolean allAreInAll() {
        return connections.stream().allMatch(this::isInAll);
    }

    void joinAll() {
        connections.forEach(this::join);
    }

    void leaveAll() {
        connections.forEach(this::leave);
    }

    void resetAll() {
        connections.forEach(PeerConnection::reset);
        connections.clear();
        ready = 0;
    }

    private void join(PeerConnection connection) {
        for (int i = 0; i < workload.roomsOfEach(); i++) {
            connection.send(PeerFrame.text(dialect.join(name(room(connection, i)))));
        }
    }

    private void leave(PeerConnection connection) {
        for (int i = 0; i < workload.roomsOfEach(); i++) {
            connection.send(PeerFrame.text(dialect.leave(name(room(connection, i)))));
        }
    }

    /** Leaves and joins again. */
    void churn(long number) {
        PeerConnection connection = connections.get((int) (number % connections.size()));
        leave(connection);
        join(connection);
    }

    /** The rooms of a connection lie evenly among all, so that each room has as many. */
    private int room(PeerConnection connection, int which) {
        int step = workload.rooms() / workload.roomsOfEach();
        return (connection.index + which * step) % workload.rooms();
    }

    /** Stops those that are to stall from reading; returns how many they are. */
    int stall() {
        int stalled = 0;
        for (PeerConnection connection : connections) {
            if (isStalled(connection)) {
                connection.read(false);
                stalled++;
            }
        }
        return stalled;
    }

    private boolean isStalled(PeerConnection connection) {
        double share = workload.stalled();
        return share > 0 && (long) ((connection.index + 1) * share) > (long) (connection.index * share);
    }

    /** New connections for those that were stalled, whether the server had cut them or not. */
    void replaceStalled() {
        for (PeerConnection connection : List.copyOf(connections)) {
            if (isStalled(connection)) {
                connection.reset();
                ready--;
                toOpen.add(connection.index);
            }
        }
        openMore();
    }

    // ---- Speaking

    /** Publishes in a room, by one member after the other. */
    void publish(long number, long intended) {
        int rooms = workload.rooms();
        int room = (int) (number % rooms);
        int member = (int) (number / rooms % workload.members());
        PeerConnection connection = member(room, member);
        if (isStalled(connection)) {
            // It would publish, and then not hear; its neighbour does it.
            connection = connections.get((connection.index + 1) % connections.size());
        }
        publish(connection, room, intended);
    }

    /** Of all that are in a room, the one with this number. */
    PeerConnection member(int room, int member) {
        int rooms = workload.rooms();
        int step = rooms / workload.roomsOfEach();
        int which = member % workload.roomsOfEach();
        int first = Math.floorMod(room - which * step, rooms);
        return connections.get((first + member / workload.roomsOfEach() * rooms) % connections.size());
    }

    void publish(PeerConnection connection, int room, long intended) {
        counts.published++;
        connection.sendOut(publishes[room].put(out, intended));
    }

    void beginClosedLoop() {
        beLazy();
        closedLoop.begin();
    }

    /** No more is published, and what has come to those that read lazily is counted. */
    void endClosedLoop() {
        closedLoop.end();
        lazyReaders.readAll();
    }

    /** Where some read eagerly, all others are lazy from now on. */
    void beLazy() {
        if (workload.eager() > 0) {
            lazyReaders.begin(
                    connections.stream()
                            .filter(connection -> connection.index / workload.rooms() >= workload.eager())
                            .toList(),
                    workload.rooms() * workload.eager());
        }
    }

    /** Somebody who reads as messages come has read so much; the buffer for reading is free. */
    void hasReadEagerly(int bytes) {
        lazyReaders.othersHaveRead(bytes);
    }

    /** All read as messages come. */
    void beEager() {
        lazyReaders.end();
    }

    // ---- Hearing

    void heard(PeerConnection connection, Dialect.What what, ByteBuffer from, int at, int length, long now) {
        switch (what) {
            case MESSAGE -> message(connection, from, at, length, now);
            case JOINED -> {
                counts.joined++;
                connection.memberships++;
            }
            case LEFT -> {
                counts.left++;
                connection.memberships--;
            }
            case OPEN -> connection.send(hello);
            case READY -> ready(connection);
            case PING -> connection.send(pong);
            case REFUSED -> counts.refused++;
            case OTHER -> {}
        }
    }

    private void message(PeerConnection connection, ByteBuffer from, int at, int length, long now) {
        counts.messages++;
        if (!connection.isLazy() && --untilSample <= 0) {
            long intended = PeerFrame.stamp(from, at, length);
            // Where only the beginning is there, the next one is read in its place.
            if (intended >= 0) {
                untilSample = ONE_IN;
                lateness.recordValue(Math.min(Math.max(0, now - intended), lateness.getHighestTrackableValue()));
            }
        }
        closedLoop.heard(connection, now);
    }

    private void ready(PeerConnection connection) {
        connection.ready = true;
        ready++;
        opening--;
        if (joinsAtOnce) {
            join(connection);
        }
        openMore();
    }

    /** The server, or the system, has ended it. */
    void ended(PeerConnection connection) {
        if (connection.ready) {
            if (!isStalled(connection)) {
                counts.ended++;
            }
            return;
        }
        opening--;
        if (retries++ < MOST_RETRIES) {
            toOpen.add(connection.index);
        }
        loop.loop().execute(this::openMore);
    }
}
