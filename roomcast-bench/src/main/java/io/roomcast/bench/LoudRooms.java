package io.roomcast.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What a thousand members that never read do to a small server and to those beside them: loud rooms with a few members
 * that read, in turns with nobody else and with a hundred in each that have joined and read nothing. And once with a
 * thousand that each publish to a room of their own and do not read that: no two have a frame in common and none is over
 * its limit, but together they would be far over what there is. The server is in a JVM of its own with a heap of
 * {@value #HEAP_MEGABYTES} MiB and has its default limits.
 *
 * <p>Rooms are loud in bursts, one a second. The last message of a burst waits for the work of all of it, which is tens
 * of milliseconds: how late it is tells what the server had to do. Of messages one by one, which take less than one
 * millisecond, the latest would tell whether the machine had run something else for four.
 *
 * <p>Arguments: rounds (3), seconds for each phase (5). Exits with 1 when a message was lost or somebody was not cut; a
 * server that runs out of memory ends, and so does this.
 */
public final class LoudRooms {
    static final int STALLED = 1_000;
    static final int HEAP_MEGABYTES = 256;
    private static final int ROOMS = 10;
    private static final int READING = 5;
    private static final int SLOW_CONSUMER = CloseCode.SLOW_CONSUMER.number();

    /** Messages to each room, once a second. */
    private static final int BURST = 12;

    private static final int DATA_BYTES = 24 * 1_024;
    private static final int STALLED_RECEIVE_BYTES = 8_192;

    /** So many that nobody is over its own limit. */
    private static final int PUBLISHES_OF_ITS_OWN = 24;

    static final long CUT_MILLIS = 10_000;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /**
     * What one phase came to.
     *
     * @param lateness of the messages at those who read, from their intended times
     * @param lost messages that somebody who reads did not get, and faults those that came out of order
     * @param cut the stalled that the server ended
     * @param cutAfterMillis from the moment at which a full queue of messages had been published to the last one's cut;
     *     negative where somebody was not cut
     * @param told the stalled that, reading on, found a close with 4008 or a reset
     * @param mostDirectBytes the most that the server's buffers took whenever they were looked at
     */
    record Phase(
            Lateness lateness, long faults, long lost, long cut, long cutAfterMillis, long told, long mostDirectBytes) {
        boolean isWhole() {
            return faults == 0 && lost == 0 && lateness.count() > 0;
        }
    }

    /** Who is there beside those who read. */
    private enum Crowd {
        NOBODY,
        IN_THE_LOUD_ROOMS,
        EACH_IN_ITS_OWN
    }

    /** What a run came to: the phases of both kinds, and how the server was before and behind them. */
    record Result(
            List<Phase> without,
            List<Phase> with,
            Phase eachInItsOwn,
            ServerProcess.State before,
            ServerProcess.State after,
            List<String> log) {
        double p99Ratio() {
            return medianP99(with) / medianP99(without);
        }

        private static double medianP99(List<Phase> phases) {
            return Lateness.medianP99(phases.stream().map(Phase::lateness).toList());
        }
    }

    private final ServerProcess server;
    /** Two, so that those who flood do not keep those who measure from reading. */
    private final EventLoop readers;

    private final EventLoop stallers;
    private int phases;

    private LoudRooms(ServerProcess server, MultiThreadIoEventLoopGroup clients) {
        this.server = server;
        this.readers = clients.next();
        this.stallers = clients.next();
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        Result result = run(rounds, seconds);
        boolean passed = true;
        for (int i = 0; i < rounds; i++) {
            print("none stalled", result.without().get(i));
            print(STALLED + " stalled", result.with().get(i));
            passed &= result.without().get(i).isWhole() && result.with().get(i).isWhole();
            passed &= result.with().get(i).cutAfterMillis() >= 0;
        }
        print("each its own", result.eachInItsOwn());
        passed &= result.eachInItsOwn().isWhole();
        System.out.printf(Locale.ROOT, "p99 of the median second, with stalled ÷ without: %.2f%n", result.p99Ratio());
        System.out.printf("server before %s%nserver after  %s%n", result.before(), result.after());
        System.exit(passed ? 0 : 1);
    }

    /** Runs both kinds of phase in turns, behind one to warm up, and at last the one with rooms of their own. */
    static Result run(int rounds, int seconds) {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try (ServerProcess server = ServerProcess.start(HEAP_MEGABYTES, 2)) {
            LoudRooms rooms = new LoudRooms(server, loops);
            rooms.phase(Crowd.IN_THE_LOUD_ROOMS, seconds);
            List<Phase> without = new ArrayList<>();
            List<Phase> with = new ArrayList<>();
            ServerProcess.State before = server.state(true);
            for (int i = 0; i < rounds; i++) {
                without.add(rooms.phase(Crowd.NOBODY, seconds));
                with.add(rooms.phase(Crowd.IN_THE_LOUD_ROOMS, seconds));
            }
            Phase eachInItsOwn = rooms.phase(Crowd.EACH_IN_ITS_OWN, seconds);
            return new Result(without, with, eachInItsOwn, before, server.state(true), server.log());
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private Phase phase(Crowd crowd, int seconds) {
        String name = "phase" + phases++ + "-";
        Lateness lateness = new Lateness();
        Lateness ofTheStalled = new Lateness();
        List<RoomReader> never = new ArrayList<>();
        List<RoomReader> reading = new ArrayList<>();
        // The stalled first, so that in each room they are served before those who read.
        for (int i = 0; i < (crowd == Crowd.NOBODY ? 0 : STALLED); i++) {
            boolean together = crowd == Crowd.IN_THE_LOUD_ROOMS;
            never.add(connect(together ? name + i % ROOMS : ownRoom(i), true, ofTheStalled));
        }
        await(() -> never.stream().allMatch(RoomReader::hasJoined));
        for (int i = 0; i < ROOMS * READING; i++) {
            reading.add(connect(name + i % ROOMS, false, lateness));
        }
        await(() -> reading.stream().allMatch(RoomReader::hasJoined));
        Publishing publishing = new Publishing(name, reading, never, crowd);
        publishing.run(seconds);
        long count = (long) seconds * BURST;
        await(() -> reading.stream().allMatch(reader -> reader.offset() >= count || reader.hasEnded()));
        long cut = server.state(false).slowConsumers() - publishing.slowConsumersBefore;
        never.forEach(RoomReader::readOn);
        if (crowd == Crowd.IN_THE_LOUD_ROOMS) {
            await(() -> never.stream().allMatch(RoomReader::hasEnded));
        }
        never.forEach(RoomReader::close);
        reading.forEach(RoomReader::close);
        await(() -> server.state(false).connections() == 0);
        await(() -> server.state(false).rooms() == 0); // a few hops behind their last connection
        long told = never.stream()
                .filter(reader -> reader.closeCode() == SLOW_CONSUMER || reader.wasReset())
                .count();
        return new Phase(
                lateness,
                reading.stream().mapToLong(RoomReader::faults).sum(),
                reading.stream().mapToLong(reader -> count - reader.offset()).sum(),
                cut,
                publishing.cutAfterMillis,
                told,
                publishing.mostDirectBytes);
    }

    private static String ownRoom(int stalled) {
        return "own" + stalled;
    }

    private RoomReader connect(String room, boolean stalls, Lateness lateness) {
        RoomReader reader =
                new RoomReader(Handshake.request("localhost", server.port(), "/ws"), room, stalls, lateness);
        Bootstrap bootstrap = new Bootstrap()
                .group(stalls ? stallers : readers)
                .channel(NioSocketChannel.class)
                .handler(reader);
        if (stalls) {
            bootstrap.option(ChannelOption.SO_RCVBUF, STALLED_RECEIVE_BYTES);
        }
        bootstrap.connect("127.0.0.1", server.port()).syncUninterruptibly();
        return reader;
    }

    /** The publishes of one phase, burst after burst, to one room after the other, by a member that reads. */
    private final class Publishing {
        private final String name;
        private final List<RoomReader> reading;
        private final List<RoomReader> stalled;
        private final Crowd crowd;
        private final long slowConsumersBefore = server.state(false).slowConsumers();
        private final String filler = "x".repeat(DATA_BYTES);

        /** Nobody's queue can be full before this moment. */
        private long full;

        private long nextLook;
        private long cutAfterMillis;
        private long mostDirectBytes;

        Publishing(String name, List<RoomReader> reading, List<RoomReader> stalled, Crowd crowd) {
            this.name = name;
            this.reading = reading;
            this.stalled = stalled;
            this.crowd = crowd;
            this.cutAfterMillis = crowd == Crowd.IN_THE_LOUD_ROOMS ? -1 : 0;
        }

        void run(int seconds) {
            long began = System.nanoTime();
            nextLook = began;
            full = began + TimeUnit.SECONDS.toNanos(1 + Limit.OUTBOX_BYTES.defaultValue() / (BURST * DATA_BYTES));
            for (int burst = 1; burst <= seconds; burst++) {
                long intended = began + TimeUnit.SECONDS.toNanos(burst);
                while (System.nanoTime() - intended < 0) {
                    LockSupport.parkNanos(Math.min(intended - System.nanoTime(), LOOK_NANOS));
                    if (intended - System.nanoTime() > LOOK_NANOS / 2) {
                        look(); // which takes its time, and not that of a burst
                    }
                }
                for (int i = 0; i < BURST * ROOMS; i++) {
                    publish(readers, reading.get(i % ROOMS), name + i % ROOMS, intended, 1);
                }
                if (crowd == Crowd.EACH_IN_ITS_OWN) {
                    floodOwnRooms(stalled.size() * (burst - 1) / seconds, stalled.size() * burst / seconds, intended);
                }
            }
            if (crowd == Crowd.EACH_IN_ITS_OWN) {
                // All of them want far more than there is, so it has to begin at some time, however slow the machine.
                await(() -> {
                    look();
                    return server.state(false).slowConsumers() > slowConsumersBefore;
                });
            }
            while (cutAfterMillis < 0 && System.nanoTime() - full < TimeUnit.MILLISECONDS.toNanos(CUT_MILLIS)) {
                LockSupport.parkNanos(LOOK_NANOS);
                look();
            }
        }

        private void floodOwnRooms(int from, int to, long intended) {
            for (int i = from; i < to; i++) {
                publish(stallers, stalled.get(i), ownRoom(i), intended, PUBLISHES_OF_ITS_OWN);
            }
        }

        private void publish(EventLoop loop, RoomReader writer, String room, long intended, int times) {
            String data = (intended + filler).substring(0, DATA_BYTES);
            String json = "{\"type\":\"publish\",\"room\":\"" + room + "\",\"data\":\"" + data + "\"}";
            loop.execute(() -> {
                for (int i = 0; i < times; i++) {
                    writer.send(json);
                }
            });
        }

        private void look() {
            if (System.nanoTime() - nextLook < 0) {
                return;
            }
            nextLook += LOOK_NANOS;
            ServerProcess.State state = server.state(false);
            mostDirectBytes = Math.max(mostDirectBytes, state.directBytes());
            if (cutAfterMillis < 0 && state.slowConsumers() - slowConsumersBefore == stalled.size()) {
                cutAfterMillis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - full));
            }
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + TimeUnit.NANOSECONDS.toSeconds(DEADLINE_NANOS) + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private static void print(String name, Phase phase) {
        System.out.printf(
                Locale.ROOT,
                "%-13s p50 %.2f ms  p99 %.2f ms  max %.1f ms  deliveries %d  lost %d  out of order %d  cut %d after %d ms,"
                        + " told %d; %d MiB of buffers at most%n",
                name,
                phase.lateness().p50(),
                phase.lateness().p99(),
                phase.lateness().max(),
                phase.lateness().count(),
                phase.lost(),
                phase.faults(),
                phase.cut(),
                phase.cutAfterMillis(),
                phase.told(),
                phase.mostDirectBytes() >> 20);
    }
}
