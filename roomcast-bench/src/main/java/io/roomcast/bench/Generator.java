package io.roomcast.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The clients of one server as a program, so that each server's have descriptors of their own, and can be held on a core.
 * Its argument is a {@link Task}; then it answers on its input {@code open N} (that many connections are there) and
 * {@code turn MILLIS} (figures, as one line of JSON), {@code tls 0} (what was negotiated) and {@code told 0} (the first faults), or {@code begin} and {@code end} where it only listens, and
 * {@code speak MILLIS} where nothing comes back; {@code lazy 0} has the most read lazily until the next {@code end}; it ends with it.
 */
final class Generator implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final long SETTLE_SECONDS = 10;

    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * @param pid of the server, whose CPU is looked at
     * @param tls the folder of the {@link PeerCertificate} that the server has; empty if it speaks no TLS
     */
    record Task(int port, long pid, Dialect dialect, String prefix, Workload workload, String tls) {}

    private final Task task;
    private final ClientLoop loop = new ClientLoop();
    private final @Nullable PeerTls tls;
    private final PeerCrowd crowd;
    /** When listening began; of the thread that answers. */
    private @Nullable Moment began;

    Generator(Task task) {
        this.task = task;
        this.tls = task.tls.isEmpty() ? null : new PeerTls(new PeerCertificate(Path.of(task.tls)));
        this.crowd = new PeerCrowd(
                loop,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), task.port),
                task.dialect,
                task.prefix,
                task.workload,
                tls);
    }

    public static void main(String[] args) throws IOException {
        try (Generator generator = new Generator(JSON.readValue(args[0], Task.class))) {
            BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = questions.readLine(); line != null; line = questions.readLine()) {
                System.out.println(line + " " + generator.answer(line.split(" ", -1)));
            }
        }
    }

    private String answer(String[] words) {
        int number = Integer.parseInt(words[1]);
        return switch (words[0]) {
            case "open" -> Boolean.toString(open(number));
            case "tls" -> negotiated();
            case "told" -> loop.ask(() -> crowd.counts.told().toString());
            case "begin" -> Boolean.toString(begin());
            case "lazy" -> Boolean.toString(lazy());
            case "end" -> JSON.writeValueAsString(end());
            case "speak" -> JSON.writeValueAsString(speak(number));
            case "turn" -> JSON.writeValueAsString(turn(number));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    /** Whether so many connections are there in time, in all their rooms. */
    boolean open(int count) {
        loop.run(() -> crowd.open(count));
        return loop.becomes(PATIENCE_SECONDS, crowd::isThere);
    }

    /** What all its connections have negotiated; empty without TLS. */
    String negotiated() {
        PeerTls spoken = tls;
        return spoken == null ? "" : loop.ask(spoken::negotiated);
    }

    /** Deliveries that have come since it is there. */
    long heard() {
        return loop.ask(() -> crowd.counts.messages);
    }

    private boolean begin() {
        began = loop.ask(this::moment);
        return true;
    }

    private boolean lazy() {
        loop.run(crowd::beLazy);
        return true;
    }

    private Map<String, Object> end() {
        Map<String, Object> figures = figures(began, loop.ask(this::moment));
        loop.run(crowd::beEager);
        return figures;
    }

    Map<String, Object> turn(int millis) {
        Map<String, Object> figures = switch (task.workload.kind()) {
            case TALK -> talk(millis);
            case CHURN -> churn(millis);
            case CONNECT -> connects(millis);
            case IDLE -> throw new IllegalArgumentException("who is idle has no turns");
        };
        loop.run(() -> {
            figures.put("refused", crowd.counts.refused);
            figures.put("ended", crowd.counts.ended);
            figures.put("faults", crowd.counts.faults);
            if (!crowd.counts.told().isEmpty()) {
                figures.put("told", crowd.counts.told());
            }
        });
        return figures;
    }

    /** @param generator CPU of this process, all threads */
    private record Moment(
            long nanos,
            long server,
            long generator,
            long messages,
            long frames,
            long published,
            long in,
            long wireIn,
            long out) {}

    /** On the loop. */
    private Moment moment() {
        PeerCounts counts = crowd.counts;
        return new Moment(
                System.nanoTime(),
                ProcessLook.cpuNanos(task.pid),
                ProcessLook.cpuNanos(ProcessHandle.current().pid()),
                counts.messages,
                counts.frames,
                counts.published,
                counts.bytesIn,
                counts.wireBytesIn,
                counts.bytesOut);
    }

    private Map<String, Object> speak(int millis) {
        Pace pace = new Pace(loop, task.workload.rate(), crowd::publish);
        pace.begin();
        Moment begin = loop.ask(this::moment);
        pause(millis);
        Moment end = loop.ask(this::moment);
        pace.end();
        return figures(begin, end);
    }

    // ---- Talk

    private Map<String, Object> talk(int millis) {
        Workload workload = task.workload;
        int stalled = loop.ask(crowd::stall);
        Moment first = loop.ask(this::moment);
        Pace pace = new Pace(loop, workload.rate(), crowd::publish);
        loop.run(() -> crowd.lateness().reset());
        if (workload.window() > 0) {
            loop.run(crowd::beginClosedLoop);
        } else {
            pace.begin();
        }
        Moment begin = loop.ask(this::moment);
        pause(millis);
        Moment end = loop.ask(() -> {
            pace.end();
            crowd.endClosedLoop();
            return moment();
        });
        loop.run(crowd::beEager);
        long readers = (long) workload.members() - stalled / workload.rooms();
        boolean settled = loop.becomes(SETTLE_SECONDS, () -> missing(first, readers) == 0);
        Map<String, Object> figures = figures(begin, end);
        loop.run(() -> lateness(figures));
        figures.put("missing", settled ? 0 : loop.ask(() -> missing(first, readers)));
        if (workload.eager() > 0) {
            figures.put("mostUnreadBytes", loop.ask(() -> crowd.counts.mostUnread));
        }
        if (stalled > 0) {
            loop.run(crowd::replaceStalled);
            loop.becomes(PATIENCE_SECONDS, crowd::isThere);
        }
        return figures;
    }

    private long missing(Moment before, long readers) {
        return (crowd.counts.published - before.published) * readers - (crowd.counts.messages - before.messages);
    }

    private static Map<String, Object> figures(@Nullable Moment from, Moment end) {
        Moment begin = Objects.requireNonNull(from, "nothing has begun");
        double seconds = (end.nanos - begin.nanos) / 1e9;
        double messages = end.messages - begin.messages;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("cpuMicrosPerDelivery", (end.server - begin.server) / messages / 1e3);
        figures.put("deliveriesPerSecond", messages / seconds);
        figures.put("publishesPerSecond", (end.published - begin.published) / seconds);
        figures.put("serverCores", (end.server - begin.server) / seconds / 1e9);
        figures.put("generatorCores", (end.generator - begin.generator) / seconds / 1e9);
        figures.put("bytesPerDelivery", (end.in - begin.in) / messages);
        figures.put("wireBytesPerDelivery", (end.wireIn - begin.wireIn) / messages);
        figures.put("bytesOutPerPublish", (end.out - begin.out) / (double) (end.published - begin.published));
        figures.put("framesPerDelivery", (end.frames - begin.frames) / messages);
        figures.put("deliveries", messages);
        figures.put("seconds", seconds);
        return figures;
    }

    private void lateness(Map<String, Object> figures) {
        figures.put("p50Millis", crowd.lateness().getValueAtPercentile(50) / 1e6);
        figures.put("p99Millis", crowd.lateness().getValueAtPercentile(99) / 1e6);
        figures.put("p999Millis", crowd.lateness().getValueAtPercentile(99.9) / 1e6);
        figures.put("maxMillis", crowd.lateness().getMaxValue() / 1e6);
    }

    // ---- Coming and going

    private Map<String, Object> churn(int millis) {
        long joined = loop.ask(() -> crowd.counts.joined);
        Pace pace = new Pace(loop, task.workload.rate(), (number, intended) -> crowd.churn(number));
        pace.begin();
        Moment begin = loop.ask(this::moment);
        pause(millis);
        pace.end();
        boolean settled = loop.becomes(SETTLE_SECONDS, crowd::allAreInAll);
        Moment end = loop.ask(this::moment);
        double pairs = loop.ask(() -> crowd.counts.joined) - joined;
        double seconds = (end.nanos - begin.nanos) / 1e9;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("cpuMicrosPerJoinAndLeave", (end.server - begin.server) / pairs / 1e3);
        figures.put("pairsPerSecond", pairs / seconds);
        figures.put("serverCores", (end.server - begin.server) / seconds / 1e9);
        figures.put("generatorCores", (end.generator - begin.generator) / seconds / 1e9);
        figures.put("missing", settled ? 0 : 1);
        return figures;
    }

    /** As often as fits: all come, join, leave and go. */
    private Map<String, Object> connects(int millis) {
        Workload workload = task.workload;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long[] cpu = new long[4];
        long nanos = 0;
        int times = 0;
        do {
            long began = System.nanoTime();
            loop.run(() -> crowd.joinsAtOnce(false));
            cpu[0] += cost(() -> expect(open(workload.connections()), "connections"));
            nanos += System.nanoTime() - began;
            cpu[1] += cost(() -> {
                loop.run(crowd::joinAll);
                expect(loop.becomes(PATIENCE_SECONDS, crowd::allAreInAll), "answers to joins");
            });
            cpu[2] += cost(() -> {
                loop.run(crowd::leaveAll);
                expect(loop.becomes(PATIENCE_SECONDS, crowd::isInNone), "answers to leaves");
            });
            cpu[3] += cost(() -> {
                loop.run(crowd::resetAll);
                pause(500); // The server says nothing of it.
            });
            times++;
        } while (System.nanoTime() - deadline < 0);
        double count = (double) times * workload.connections();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("cpuMicrosPerConnect", cpu[0] / count / 1e3);
        figures.put("cpuMicrosPerJoin", cpu[1] / count / 1e3);
        figures.put("cpuMicrosPerLeave", cpu[2] / count / 1e3);
        figures.put("cpuMicrosPerEnd", cpu[3] / count / 1e3);
        figures.put("connectsPerSecond", count * 1e9 / nanos);
        figures.put("missing", 0);
        return figures;
    }

    private long cost(Runnable step) {
        long before = ProcessLook.cpuNanos(task.pid);
        step.run();
        return ProcessLook.cpuNanos(task.pid) - before;
    }

    private static void expect(boolean happened, String what) {
        if (!happened) {
            throw new IllegalStateException("not all " + what + " have come");
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Override
    public void close() {
        loop.run(crowd::resetAll);
        loop.close();
    }
}
