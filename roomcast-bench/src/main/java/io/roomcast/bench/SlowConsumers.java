package io.roomcast.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.roomcast.netty.RoomServer;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What stalled readers cost the others: a room of 100 at 200 publishes of 1 KiB a second, of whom five have stopped
 * reading, and beside it, on a server and a lane of its own, the same room with nobody stalled. Their publishes take turns,
 * one and one, so that whatever else the machine does falls on both alike; each round the servers change parts. The
 * readers' lateness is measured from the intended time of each publish; the stalled have to be cut, the others have to see
 * every message once and in order.
 *
 * <p>Arguments: rounds (4), seconds for each (12). Exits with 1 when a message was lost or a stalled one not cut.
 */
public final class SlowConsumers {
    static final int MEMBERS = 100;
    static final int STALLED = 5;
    private static final int PER_SECOND = 200;
    /** The publish of the warm-up at which the kernel's buffers are looked at: full by then, and nobody cut yet. */
    private static final int LOOKS_AT_THE_KERNEL = 4 * PER_SECOND;

    private static final int DATA_BYTES = 1_024;
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** What one room of a round came to. {@code cutAfterMillis} is negative where somebody stalled was not cut. */
    record Phase(Lateness lateness, long faults, long lost, long cutAfterMillis) {
        boolean isWhole() {
            return faults == 0 && lost == 0;
        }
    }

    /**
     * Both rooms of a round.
     *
     * @param kernelBytes what the kernel held for the stalled after four seconds, if that was looked at
     */
    record Round(Phase without, Phase with, long kernelBytes) {
        boolean isWhole() {
            return without.isWhole() && with.isWhole() && with.cutAfterMillis() >= 0;
        }

        /** For each second the p99 with stalled members divided by that without. */
        private List<Double> ratios() {
            List<Double> ratios = new ArrayList<>();
            List<Double> ours = with.lateness().p99OfSeconds();
            List<Double> theirs = without.lateness().p99OfSeconds();
            for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
                ratios.add(ours.get(i) / theirs.get(i));
            }
            return ratios;
        }
    }

    private final RoomServer server;
    private final EventLoop clients;
    private final List<RoomReader> readers = new ArrayList<>();
    private final List<Integer> stalledPorts = new ArrayList<>();
    private Lateness lateness = new Lateness();
    private String room = "";
    private long cutAfter;

    private SlowConsumers(EventLoop clients) {
        Limits limits =
                Limits.defaults().with(Limit.PUBLISHES_PER_SECOND, Limit.OFF).with(Limit.BYTES_PER_SECOND, Limit.OFF);
        this.server = RoomServer.builder()
                .port(0)
                .lanes(1)
                .limits(limits)
                .shutdownSpread(Duration.ofMillis(1))
                .build()
                .start();
        this.clients = clients;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 4;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 12;
        List<Round> all = run(rounds, seconds);
        System.out.printf("%d KiB in the kernel for %d stalled%n", all.get(0).kernelBytes() / 1024, STALLED);
        List<Double> ratios = new ArrayList<>();
        for (Round round : all.subList(1, all.size())) {
            print("none stalled", round.without());
            print(STALLED + " stalled", round.with());
            ratios.addAll(round.ratios());
        }
        ratios.sort(null);
        System.out.printf(
                Locale.ROOT,
                "p99 with stalled ÷ without, second by second: median %.2f, middle half %.2f to %.2f, of %d%n",
                ratios.get(ratios.size() / 2),
                ratios.get(ratios.size() / 4),
                ratios.get(ratios.size() * 3 / 4),
                ratios.size());
        System.exit(all.stream().allMatch(Round::isWhole) ? 0 : 1);
    }

    /** So many rounds behind one to warm up, in which the kernel's table is looked at: that takes milliseconds. */
    static List<Round> run(int rounds, int seconds) {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        SlowConsumers one = new SlowConsumers(loops.next());
        SlowConsumers other = new SlowConsumers(loops.next());
        try {
            List<Round> all = new ArrayList<>();
            for (int i = 0; i <= rounds; i++) {
                all.add(i % 2 == 0 ? round(i, one, other, seconds) : round(i, other, one, seconds));
            }
            return all;
        } finally {
            one.server.close();
            other.server.close();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static Round round(int number, SlowConsumers without, SlowConsumers with, int seconds) {
        without.connect("round" + number, 0);
        with.connect("round" + number, STALLED);
        // Who is first of the two changes as well, but not with the parts.
        SlowConsumers first = number / 2 % 2 == 0 ? without : with;
        SlowConsumers second = first == with ? without : with;
        long began = System.nanoTime();
        long kernelBytes = 0;
        int count = seconds * PER_SECOND;
        for (int i = 1; i <= count; i++) {
            first.publish(began + (2L * i - 1) * TimeUnit.SECONDS.toNanos(1) / (2 * PER_SECOND));
            second.publish(began + 2L * i * TimeUnit.SECONDS.toNanos(1) / (2 * PER_SECOND));
            with.noteCut(began);
            if (number == 0 && i == LOOKS_AT_THE_KERNEL) {
                kernelBytes = queuedInKernel(with.stalledPorts);
            }
        }
        return new Round(without.end(0, count), with.end(STALLED, count), kernelBytes);
    }

    private void connect(String name, int stalled) {
        room = name;
        lateness = new Lateness();
        cutAfter = stalled == 0 ? 0 : -1;
        readers.clear();
        stalledPorts.clear();
        byte[] request = Handshake.request("localhost", server.port(), "/ws");
        for (int i = 0; i < MEMBERS; i++) {
            RoomReader reader = new RoomReader(request, room, i < stalled, lateness);
            readers.add(reader);
            NioSocketChannel channel = (NioSocketChannel) new Bootstrap()
                    .group(clients)
                    .channel(NioSocketChannel.class)
                    .handler(reader)
                    .connect("127.0.0.1", server.port())
                    .syncUninterruptibly()
                    .channel();
            if (i < stalled) {
                stalledPorts.add(channel.localAddress().getPort());
            }
        }
        await(() -> readers.stream().allMatch(RoomReader::hasJoined));
    }

    private void publish(long intended) {
        while (System.nanoTime() - intended < 0) {
            LockSupport.parkNanos(intended - System.nanoTime());
        }
        String data = (intended + "x".repeat(DATA_BYTES)).substring(0, DATA_BYTES);
        RoomReader writer = readers.get(MEMBERS - 1);
        String name = room;
        clients.execute(
                () -> writer.send("{\"type\":\"publish\",\"room\":\"" + name + "\",\"data\":\"" + data + "\"}"));
    }

    private void noteCut(long began) {
        if (cutAfter < 0 && server.statistics().connections() == MEMBERS - STALLED) {
            cutAfter = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        }
    }

    private Phase end(int stalled, long count) {
        List<RoomReader> reading = readers.subList(stalled, MEMBERS);
        await(() -> reading.stream().allMatch(reader -> reader.offset() >= count || reader.hasEnded()));
        long faults = reading.stream().mapToLong(RoomReader::faults).sum();
        long lost =
                reading.stream().mapToLong(reader -> count - reader.offset()).sum();
        readers.forEach(RoomReader::close);
        await(() -> server.statistics().connections() == 0);
        return new Phase(lateness, faults, lost, cutAfter);
    }

    /** What the kernel holds for sockets with these client ports, both ends, sent and not read: proc(5), net/tcp. */
    private static long queuedInKernel(List<Integer> ports) {
        List<String> ends = ports.stream()
                .map(port -> String.format(Locale.ROOT, ":%04X", port))
                .toList();
        long queued = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                if (Files.exists(Path.of(table))) {
                    for (String line : Files.readAllLines(Path.of(table))) {
                        String[] cells = line.strip().split("\\s+", -1);
                        if (cells.length > 4
                                && ends.stream().anyMatch(end -> cells[1].endsWith(end) || cells[2].endsWith(end))) {
                            String[] queues = cells[4].split(":", -1);
                            queued += Long.parseLong(queues[0], 16) + Long.parseLong(queues[1], 16);
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return queued;
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
                "%-13s p50 %.2f ms  p99 %.2f ms  max %.1f ms  deliveries %d  lost %d  out of order %d  cut after %d ms%n",
                name,
                phase.lateness().p50(),
                phase.lateness().p99(),
                phase.lateness().max(),
                phase.lateness().count(),
                phase.lost(),
                phase.faults(),
                phase.cutAfterMillis());
    }
}
