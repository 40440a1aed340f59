package io.roomcast.testkit;

import io.roomcast.testkit.FaultPlan.Place;
import io.roomcast.testkit.FaultPlan.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback that does to each connection what its {@link FaultPlan} says: cuts it behind a byte, in one of
 * several ways, delays, stalls and trickles what passes. It knows nothing of what the bytes mean.
 *
 * <p>The n-th connection that is accepted gets the n-th plan, so a seed decides what happens to it; who is the n-th is up
 * to the machine. What is in the proxy when a connection is cut is lost.
 *
 * <p>Threads: one, with a selector, owns all connections. {@link #calm()}, {@link #counts()} and {@link #close()} may be
 * called from any.
 */
public final class FaultyProxy implements AutoCloseable {
    /** What it did. */
    public enum Deed {
        CONNECTIONS,
        RESETS,
        ENDS,
        SERVERS_LEFT_IN_THE_DARK,
        CLIENTS_LEFT_IN_THE_DARK,
        DELAYED_CHUNKS,
        STALLS,
        TRICKLED_BYTES,
        BYTES_UP,
        BYTES_DOWN
    }

    /** Bytes on their way in one direction of one connection. */
    private static final int BUFFER_BYTES = 16_384;

    private static final int BACKLOG = 4_096;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private record Timer(long nanos, Runnable task) {}

    private final InetSocketAddress server;
    private final LongFunction<FaultPlan> plans;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final Thread thread;
    private final Map<Deed, LongAdder> counts = new EnumMap<>(Deed.class);

    // Of the proxy's thread.

    private final Set<Link> links = new HashSet<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::nanos));
    private final long start = System.nanoTime();
    private long accepted;

    private volatile boolean calm;
    private volatile boolean closed;

    /**
     * Starts at once.
     *
     * @param server where connections go
     * @param plans the plan of the n-th connection, counted from 0; asked on the proxy's thread
     */
    public FaultyProxy(InetSocketAddress server, LongFunction<FaultPlan> plans) {
        this.server = server;
        this.plans = plans;
        for (Deed deed : Deed.values()) {
            counts.put(deed, new LongAdder());
        }
        try {
            selector = Selector.open();
            listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, "faulty proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where clients connect. */
    public InetSocketAddress address() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), listener.socket().getLocalPort());
    }

    /** From now on everything passes; who was left in the dark is reset, what was held goes on. */
    public void calm() {
        calm = true;
        selector.wakeup();
    }

    /** How often it did this so far. */
    public long count(Deed deed) {
        return Objects.requireNonNull(counts.get(deed)).sum();
    }

    /** What it did so far. */
    public Map<Deed, Long> counts() {
        Map<Deed, Long> now = new EnumMap<>(Deed.class);
        counts.forEach((deed, count) -> now.put(deed, count.sum()));
        return now;
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            boolean wasCalm = false;
            while (!closed) {
                select();
                if (calm && !wasCalm) {
                    wasCalm = true;
                    new ArrayList<>(links).forEach(Link::calm);
                }
                for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
                    if (key.isValid() && key.attachment() instanceof Link link) {
                        link.move();
                    } else if (key.isValid()) {
                        accept();
                    }
                }
                selector.selectedKeys().clear();
                while (!timers.isEmpty() && timers.peek().nanos <= now()) {
                    timers.remove().task.run();
                }
            }
            new ArrayList<>(links).forEach(Link::reset);
            listener.close();
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void select() throws IOException {
        Timer first = timers.peek();
        if (first == null) {
            selector.select();
            return;
        }
        long left = first.nanos - now();
        if (left > 0) {
            selector.select((left + MILLI - 1) / MILLI);
        } else {
            selector.selectNow();
        }
    }

    private void accept() throws IOException {
        SocketChannel client;
        while ((client = listener.accept()) != null) {
            FaultPlan plan = plans.apply(accepted++);
            add(Deed.CONNECTIONS, 1);
            Link link = new Link(client, calm ? FaultPlan.NONE : plan);
            links.add(link);
            link.open();
        }
    }

    private void after(long millis, Runnable task) {
        timers.add(new Timer(now() + millis * MILLI, task));
    }

    /** Nanoseconds since the start: these are never negative, so that they can be sorted. */
    private long now() {
        return System.nanoTime() - start;
    }

    private void add(Deed deed, long times) {
        Objects.requireNonNull(counts.get(deed)).add(times);
    }

    private static void closeQuietly(SelectableChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It was to be gone, and is.
        }
    }

    /** One connection of a client, and the one to the server that belongs to it. */
    private final class Link {
        private final SocketChannel client;
        private final @Nullable SocketChannel upstream;
        private FaultPlan plan;
        private final Pipe up;
        private final Pipe down;
        private boolean cut;

        Link(SocketChannel client, FaultPlan plan) throws IOException {
            this.client = client;
            this.plan = plan;
            SocketChannel opened = null;
            try {
                opened = SocketChannel.open(server); // on loopback, so it does not take long
            } catch (IOException refused) {
                // Then the client is refused as well.
            }
            this.upstream = opened;
            this.up = new Pipe(Way.UP, client, opened == null ? client : opened);
            this.down = new Pipe(Way.DOWN, opened == null ? client : opened, client);
        }

        void open() throws IOException {
            if (upstream == null) {
                reset();
                return;
            }
            for (SocketChannel channel : List.of(client, upstream)) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.register(selector, SelectionKey.OP_READ, this);
            }
        }

        /** Takes and gives what can be. */
        void move() {
            if (cut || upstream == null) {
                return;
            }
            try {
                up.move();
                if (!cut) {
                    down.move();
                }
                if (up.done && down.done) {
                    end();
                }
                if (!cut) {
                    interest(client, up, down);
                    interest(upstream, down, up);
                }
            } catch (IOException gone) {
                reset();
            }
        }

        private void interest(SocketChannel channel, Pipe from, Pipe to) {
            SelectionKey key = channel.keyFor(selector);
            if (key != null && key.isValid()) {
                key.interestOps(
                        (from.wantsToRead() ? SelectionKey.OP_READ : 0) | (to.blocked ? SelectionKey.OP_WRITE : 0));
            }
        }

        void calm() {
            plan = FaultPlan.NONE;
            if (cut) {
                reset();
            } else {
                up.heldUntil = 0;
                down.heldUntil = 0;
                move();
            }
        }

        private void cut() {
            cut = true;
            switch (plan.how()) {
                case RESET -> {
                    add(Deed.RESETS, 1);
                    reset();
                }
                case END -> {
                    add(Deed.ENDS, 1);
                    end();
                }
                case SERVER_IN_THE_DARK -> {
                    add(Deed.SERVERS_LEFT_IN_THE_DARK, 1);
                    leaveInTheDark(client);
                }
                case CLIENT_IN_THE_DARK -> {
                    add(Deed.CLIENTS_LEFT_IN_THE_DARK, 1);
                    if (upstream != null) {
                        leaveInTheDark(upstream);
                    }
                }
            }
        }

        private void leaveInTheDark(SocketChannel told) {
            reset(told);
            for (SocketChannel channel : channels()) {
                SelectionKey key = channel.keyFor(selector);
                if (key != null) {
                    key.cancel();
                }
            }
            after(plan.lateMillis(), this::reset);
        }

        private List<SocketChannel> channels() {
            return upstream == null ? List.of(client) : List.of(client, upstream);
        }

        /** Ends both sides in order. */
        private void end() {
            cut = true;
            channels().forEach(FaultyProxy::closeQuietly);
            links.remove(this);
        }

        void reset() {
            cut = true;
            channels().forEach(this::reset);
            links.remove(this);
        }

        private void reset(SocketChannel channel) {
            try {
                if (channel.isOpen()) {
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                }
            } catch (IOException e) {
                // It is gone by itself.
            }
            closeQuietly(channel);
        }

        /** One direction. */
        private final class Pipe {
            private final Way way;
            private final SocketChannel from;
            private final SocketChannel to;
            private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).flip();
            private long passed;
            private long heldUntil;
            private boolean ended;
            /** The other side does not take more just now. */
            private boolean blocked;
            /** The end of stream has been passed on. */
            private boolean done;

            Pipe(Way way, SocketChannel from, SocketChannel to) {
                this.way = way;
                this.from = from;
                this.to = to;
            }

            boolean wantsToRead() {
                return !ended && !bytes.hasRemaining();
            }

            void move() throws IOException {
                blocked = false;
                do {
                    if (wantsToRead()) {
                        read();
                    }
                    if (heldUntil > now() || !bytes.hasRemaining()) {
                        break;
                    }
                    write();
                } while (!cut && !blocked);
                if (!cut && ended && !done && !bytes.hasRemaining()) {
                    done = true;
                    to.shutdownOutput();
                }
            }

            private void read() throws IOException {
                bytes.clear();
                ended = from.read(bytes) < 0;
                bytes.flip();
                if (bytes.hasRemaining() && plan.delayMillis() > 0) {
                    add(Deed.DELAYED_CHUNKS, 1);
                    hold(plan.delayMillis());
                }
            }

            private void write() throws IOException {
                int all = bytes.limit();
                int most = (int) Math.min(bytes.remaining(), Math.min(until(plan.stall()), until(plan.cut())));
                if (plan.trickleBytes() > 0) {
                    most = Math.min(most, plan.trickleBytes());
                }
                bytes.limit(bytes.position() + most);
                int written = to.write(bytes);
                bytes.limit(all);
                passed += written;
                blocked = written < most;
                add(way == Way.UP ? Deed.BYTES_UP : Deed.BYTES_DOWN, written);
                if (plan.trickleBytes() > 0) {
                    add(Deed.TRICKLED_BYTES, written);
                    hold(1);
                }
                if (written > 0 && isHere(plan.stall())) {
                    add(Deed.STALLS, 1);
                    hold(plan.stallMillis());
                }
                if (written > 0 && isHere(plan.cut())) {
                    cut();
                }
            }

            /** How many bytes there are before the place, if it is before us. */
            private long until(@Nullable Place place) {
                return place == null || place.way() != way || place.bytes() <= passed
                        ? Long.MAX_VALUE
                        : place.bytes() - passed;
            }

            private boolean isHere(@Nullable Place place) {
                return place != null && place.way() == way && place.bytes() == passed;
            }

            private void hold(long millis) {
                heldUntil = now() + millis * MILLI;
                after(millis, Link.this::move);
            }
        }
    }
}
