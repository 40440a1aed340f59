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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What stalled readers cost the others: a room of 100 at 200 publishes of 1 KiB a second, in turns with nobody stalled and
 * with five that have stopped reading. The readers' lateness is measured from the intended time of each publish; the
 * stalled have to be cut, the others have to see every message once and in order.
 *
 * <p>Arguments: rounds (3), seconds for each phase (12). Exits with 1 when a message was lost or a stalled one not cut.
 */
public final class SlowConsumers {
    static final int MEMBERS = 100;
    static final int STALLED = 5;
    private static final int PER_SECOND = 200;
    /** The publish at which the kernel's buffers are looked at: full by then, and nobody cut yet. */
    private static final int LOOKS_AT_THE_KERNEL = 4 * PER_SECOND;

    private static final int DATA_BYTES = 1_024;
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** What one phase came to. {@code cutAfterMillis} is negative where somebody stalled was not cut. */
    record Phase(Lateness lateness, long faults, long lost, long cutAfterMillis, long kernelBytes) {
        double p99Millis() {
            return lateness.p99();
        }
    }

    private final RoomServer server;
    private final EventLoop clients;
    private int phases;

    private SlowConsumers(RoomServer server, EventLoop clients) {
        this.server = server;
        this.clients = clients;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 12;
        List<Phase> without = new ArrayList<>();
        List<Phase> with = new ArrayList<>();
        run(rounds, seconds, without, with);
        boolean passed = with.stream().allMatch(phase -> phase.cutAfterMillis() >= 0);
        for (int i = 0; i < rounds; i++) {
            print("none stalled", without.get(i));
            print(STALLED + " stalled", with.get(i));
            passed &= isWhole(without.get(i)) && isWhole(with.get(i));
        }
        double ratio = median(with) / median(without);
        System.out.printf(Locale.ROOT, "median p99 with stalled ÷ without: %.2f%n", ratio);
        System.exit(passed ? 0 : 1);
    }

    /** Runs both kinds of phase in turns, behind one of each to warm up. */
    static void run(int rounds, int seconds, List<Phase> without, List<Phase> with) {
        Limits limits =
                Limits.defaults().with(Limit.PUBLISHES_PER_SECOND, Limit.OFF).with(Limit.BYTES_PER_SECOND, Limit.OFF);
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (RoomServer server =
                RoomServer.builder().port(0).lanes(1).limits(limits).build().start()) {
            SlowConsumers consumers = new SlowConsumers(server, loops.next());
            consumers.phase(0, Math.min(seconds, 5));
            for (int i = 0; i < rounds; i++) {
                without.add(consumers.phase(0, seconds));
                with.add(consumers.phase(STALLED, seconds));
            }
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    static boolean isWhole(Phase phase) {
        return phase.faults() == 0 && phase.lost() == 0;
    }

    private Phase phase(int stalled, int seconds) {
        String room = "phase" + phases++;
        byte[] request = Handshake.request("localhost", server.port(), "/ws");
        Lateness lateness = new Lateness();
        List<RoomReader> readers = new ArrayList<>();
        List<NioSocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            RoomReader reader = new RoomReader(request, room, i < stalled, lateness);
            readers.add(reader);
            channels.add((NioSocketChannel) new Bootstrap()
                    .group(clients)
                    .channel(NioSocketChannel.class)
                    .handler(reader)
                    .connect("127.0.0.1", server.port())
                    .syncUninterruptibly()
                    .channel());
        }
        await(() -> readers.stream().allMatch(RoomReader::hasJoined));
        RoomReader writer = readers.get(MEMBERS - 1);
        List<Integer> stalledPorts = channels.subList(0, stalled).stream()
                .map(channel -> channel.localAddress().getPort())
                .toList();
        long began = System.nanoTime();
        long kernelBytes = 0;
        long cutAfter = stalled == 0 ? 0 : -1;
        long count = (long) seconds * PER_SECOND;
        String filler = "x".repeat(DATA_BYTES);
        for (long i = 1; i <= count; i++) {
            long intended = began + i * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
            while (System.nanoTime() - intended < 0) {
                LockSupport.parkNanos(intended - System.nanoTime());
            }
            String data = (intended + filler).substring(0, DATA_BYTES);
            clients.execute(
                    () -> writer.send("{\"type\":\"publish\",\"room\":\"" + room + "\",\"data\":\"" + data + "\"}"));
            if (cutAfter < 0 && server.statistics().connections() == MEMBERS - stalled) {
                cutAfter = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            }
            if (i == LOOKS_AT_THE_KERNEL && stalled > 0) {
                // Once only, because reading that table takes milliseconds, which would count as lateness.
                kernelBytes = queuedInKernel(stalledPorts);
            }
        }
        List<RoomReader> reading = readers.subList(stalled, MEMBERS);
        await(() -> reading.stream().allMatch(reader -> reader.offset() >= count || reader.hasEnded()));
        long faults = reading.stream().mapToLong(RoomReader::faults).sum();
        long lost =
                reading.stream().mapToLong(reader -> count - reader.offset()).sum();
        channels.forEach(channel -> channel.close().syncUninterruptibly());
        await(() -> server.statistics().connections() == 0);
        return new Phase(lateness, faults, lost, cutAfter, kernelBytes);
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

    private static double median(List<Phase> phases) {
        double[] sorted = phases.stream().mapToDouble(Phase::p99Millis).sorted().toArray();
        return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
    }

    private static void print(String name, Phase phase) {
        System.out.printf(
                Locale.ROOT,
                "%-13s p50 %.2f ms  p99 %.2f ms  max %.1f ms  deliveries %d  lost %d  out of order %d  cut after %d ms,"
                        + " %d KiB in the kernel before%n",
                name,
                phase.lateness().p50(),
                phase.p99Millis(),
                phase.lateness().max(),
                phase.lateness().count(),
                phase.lost(),
                phase.faults(),
                phase.cutAfterMillis(),
                phase.kernelBytes() / 1024);
    }
}
