package io.roomcast.bench;

import com.sun.management.ThreadMXBean;
import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.SlowConsumer;
import io.roomcast.netty.RoomServer;
import io.roomcast.netty.RoomServerBuilder;
import io.roomcast.netty.Transport;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The server of a measurement, as a program: with the defaults, but for rates, rooms whose id begins with {@code off-} keep
 * no history, and those with {@code tick-} gather changes of the state. Answers questions on its input, one a line, and ends with it.
 */
final class BenchServer {
    static final String NO_HISTORY = "off-";
    static final String TICK = "tick-";
    /** The system property that says how many ticks a second these rooms have. */
    static final String TICK_HERTZ = "roomcast.bench.tickHertz";

    /** Rooms whose id begins like this list {@value #FEW} members at most. */
    static final String LISTS_FEW = "few-";

    static final int FEW = 100;

    /** The system property with the number of lanes. */
    static final String LANES = "roomcast.bench.lanes";

    /** The system property with the name of the transport; without it the best is taken. */
    static final String TRANSPORT = "roomcast.bench.transport";

    /** The system property with the folder of the {@link PeerCertificate}; without it TLS is not spoken. */
    static final String TLS = "roomcast.bench.tls";

    /** The system property by which the limits, those of rates too, are what a user has. */
    static final String USERS_LIMITS = "roomcast.bench.usersLimits";

    private static final int COLLECTIONS = 5;
    private static final String LANE_THREAD = "roomcast-lane-";

    private BenchServer() {}

    public static void main(String[] args) throws IOException {
        Limits limits = Boolean.getBoolean(USERS_LIMITS)
                ? Limits.defaults()
                : Limits.defaults()
                        .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
                        .with(Limit.JOINS_PER_SECOND, Limit.OFF)
                        .with(Limit.BYTES_PER_SECOND, Limit.OFF)
                        .with(Limit.ROOMS_PER_CONNECTION, Limit.OFF);
        RoomTemplate off =
                new RoomTemplate(NO_HISTORY + "*", SlowConsumer.DISCONNECT, limits.with(Limit.HISTORY_MESSAGES, 0));
        RoomTemplate tick = new RoomTemplate(TICK + "*", SlowConsumer.DISCONNECT, limits)
                .withTickMillis(1_000 / Integer.getInteger(TICK_HERTZ, 30));
        RoomTemplate few =
                new RoomTemplate(LISTS_FEW + "*", SlowConsumer.DISCONNECT, limits.with(Limit.MEMBERS_LISTED, FEW));
        RoomServerBuilder builder = RoomServer.builder();
        String transport = System.getProperty(TRANSPORT);
        if (transport != null) {
            builder.transport(Transport.valueOf(transport.toUpperCase(Locale.ROOT)));
        }
        String tls = System.getProperty(TLS);
        if (tls != null) {
            PeerCertificate own = new PeerCertificate(Path.of(tls));
            builder.tls(own.certificate(), own.key());
        }
        try (RoomServer server = builder.port(0)
                .lanes(Integer.getInteger(LANES, 2))
                .limits(limits)
                .templates(List.of(off, tick, few))
                .shutdownSpread(Duration.ofMillis(10))
                .build()
                .start()) {
            System.out.println("port " + server.port());
            BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String what = questions.readLine(); what != null; what = questions.readLine()) {
                System.out.println(what + " " + answer(server, what));
            }
        }
    }

    private static String answer(RoomServer server, String what) {
        return switch (what) {
            case "version" ->
                "Roomcast over " + server.transport().wireName() + " on Java " + System.getProperty("java.version");
            default -> Long.toString(number(server, what));
        };
    }

    private static long number(RoomServer server, String what) {
        return switch (what) {
            case "connections" -> server.statistics().connections();
            case "members" -> server.statistics().members();
            case "absent" -> server.statistics().absentMembers();
            case "deliveries" -> server.statistics().deliveries();
            case "publishes" -> server.statistics().publishes();
            case "allocated" -> allocatedByLanes();
            case "kept" -> server.statistics().keptBytes();
            case "cpu" -> cpuNanos();
            case "heap" -> heapInUse();
            case "collect" -> collect();
            default -> throw new IllegalArgumentException(what);
        };
    }

    /** Of all threads that there are, collectors and compilers too, exact to the nanosecond: proc(5), schedstat. */
    private static long cpuNanos() {
        long nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                String times = Files.readString(thread.resolve("schedstat"));
                nanos += Long.parseLong(times.substring(0, times.indexOf(' ')));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return nanos;
    }

    /** Bytes of heap that the lanes have taken since they began, whatever has become of them. */
    private static long allocatedByLanes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith(LANE_THREAD))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getThreadId()))
                .sum();
    }

    /** Collects, and gives back to the system what the JVM would give back a moment later; the heap in use. */
    private static long collect() {
        long used = heapInUse();
        if (trims()) {
            try {
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "systemTrimNativeHeap",
                                new Object[0],
                                new String[0]);
            } catch (JMException e) {
                throw new IllegalStateException(e);
            }
        }
        return used;
    }

    /** Whether the JVM was told to trim its native heap from time to time, as {@code ./roomcast} does where it can. */
    private static boolean trims() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(option -> option.startsWith("-XX:TrimNativeHeapInterval="));
    }

    /** The least of several, each behind a full collection: what is there to stay. */
    private static long heapInUse() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
