package io.roomcast.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * One workload with all contenders. Each has a server, and a generator of its own with all its clients, and both stay while
 * the contenders take turns, the order turning around from round to round; who has no turn does nothing. Memory is another
 * matter: there each turn has a server of its own.
 */
final class PeerRun implements AutoCloseable {
    /** How long and where. Cores are as taskset takes them, or empty. */
    record Settings(
            int rounds, int seconds, int warmUpSeconds, String serverCores, String generatorCores, String reference) {}

    /** What one turn came to. */
    record Turn(String contender, int round, Map<String, Object> figures) {
        double figure(String name) {
            return figures.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
        }
    }

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final int QUIET_MILLIS = 2_000;

    private final Workload workload;
    private final Settings settings;
    private final PeerCertificate certificate;
    private final List<Pair> pairs = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private final Map<String, String> negotiated = new LinkedHashMap<>();

    private record Pair(Contender contender, ServerChild server, Child generator) implements AutoCloseable {
        @Override
        public void close() {
            generator.close();
            server.close();
        }
    }

    /** @param certificate what those have that speak TLS */
    PeerRun(Workload workload, Settings settings, PeerCertificate certificate) {
        this.workload = workload;
        this.settings = settings;
        this.certificate = certificate;
    }

    Workload workload() {
        return workload;
    }

    List<Turn> turns() {
        return turns;
    }

    /** Of those that ran, what they said of themselves. */
    Map<String, String> versions() {
        return versions;
    }

    /** Of those that did not, why. */
    Map<String, String> leftOut() {
        return leftOut;
    }

    /** Of those that spoke TLS, which, as their clients have it. */
    Map<String, String> negotiated() {
        return negotiated;
    }

    /** @throws IllegalStateException if those with TLS did not all speak the same */
    void run(List<Contender> contenders) {
        takeTurns(contenders);
        PeerTls.checkAlike(negotiated);
    }

    private void takeTurns(List<Contender> contenders) {
        if (workload.kind() == Workload.Kind.IDLE) {
            rounds(contenders, (contender, round) -> {
                try (Pair pair = start(contender)) {
                    turns.add(new Turn(contender.name(), round, memory(pair)));
                    note(pair);
                }
            });
            return;
        }
        rounds(contenders, 1, (contender, round) -> warmUp(contender));
        rounds(contenders, (contender, round) -> {
            for (Pair pair : pairs) {
                if (pair.contender.equals(contender)) {
                    turns.add(new Turn(contender.name(), round, turn(pair, settings.seconds)));
                    note(pair);
                }
            }
        });
    }

    private void note(Pair pair) {
        if (pair.contender.tls()) {
            negotiated.put(pair.contender.name(), pair.generator.text("tls 0"));
        }
    }

    interface Step {
        void take(Contender contender, int round);
    }

    private void rounds(List<Contender> contenders, Step step) {
        rounds(contenders, settings.rounds, step);
    }

    /** Who fails is left out, with the turns it had: half of its rounds are not what was asked for. The others go on. */
    void rounds(List<Contender> contenders, int rounds, Step step) {
        for (int round = 0; round < rounds; round++) {
            List<Contender> order = new ArrayList<>(contenders);
            if (round % 2 == 1) {
                Collections.reverse(order);
            }
            for (Contender contender : order) {
                if (leftOut.containsKey(contender.name())) {
                    continue;
                }
                try {
                    step.take(contender, round);
                } catch (RuntimeException e) {
                    leftOut.put(contender.name(), String.valueOf(e.getMessage()));
                    turns.removeIf(turn -> turn.contender().equals(contender.name()));
                }
            }
        }
    }

    private void warmUp(Contender contender) {
        Pair pair = start(contender);
        pairs.add(pair);
        if (workload.kind() != Workload.Kind.CONNECT) {
            open(pair, workload.connections());
        }
        if (settings.warmUpSeconds > 0) {
            turn(pair, settings.warmUpSeconds);
        }
    }

    private Pair start(Contender contender) {
        ServerChild server = contender.start(settings.serverCores, certificate);
        try {
            versions.put(contender.name(), server.text("version"));
            Workload own = workload.withDataBytes(
                    workload.dataBytes() + contender.program().moreDataBytes());
            Generator.Task task = new Generator.Task(
                    server.address().getPort(),
                    server.pid(),
                    contender.program().dialect(),
                    contender.prefix(),
                    own,
                    contender.tls() ? certificate.folder().toString() : "");
            return new Pair(contender, server, generator(task, settings.generatorCores));
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    static Child generator(Generator.Task task, String cores) {
        // It allocates next to nothing, and has a core of its own: the collector that does nothing beside it.
        List<String> jvm = List.of(
                "-Xmx768m",
                "-Xmn256m",
                "-XX:+UseSerialGC",
                "-Dio.netty.leakDetection.level=disabled",
                "-Djdk.tls.namedGroups=" + PeerTls.GROUP);
        List<String> command = new ArrayList<>(Contender.onCores(cores));
        command.addAll(
                Child.java(System.getProperty("java.home"), jvm, Generator.class, JSON.writeValueAsString(task)));
        return new Child(command);
    }

    private static void open(Pair pair, int count) {
        if (!Boolean.parseBoolean(pair.generator.text("open " + count))) {
            throw new IllegalStateException("not all of " + count + " connections have come and joined; faults: "
                    + pair.generator.text("told 0"));
        }
    }

    private static Map<String, Object> turn(Pair pair, int seconds) {
        return figures(pair.generator.text("turn " + seconds * 1_000));
    }

    /** As a generator answers. */
    static Map<String, Object> figures(String figures) {
        return JSON.readValue(figures, new TypeReference<Map<String, Object>>() {});
    }

    /**
     * What the second half of the connections takes: what a process takes once, compiled code above all, came with the
     * first half. The base is what is left when as much is taken off for each of the first half.
     */
    private Map<String, Object> memory(Pair pair) {
        int all = workload.connections();
        int half = all / 2;
        boolean ours = pair.contender.program() == PeerProgram.ROOMCAST;
        open(pair, half);
        long residentOfHalf = resident(pair);
        long heapOfHalf = ours ? pair.server.ask("heap") : 0;
        open(pair, all);
        double each = (double) (resident(pair) - residentOfHalf) / (all - half);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("residentBytesPerConnection", each);
        figures.put("baseMegabytes", (residentOfHalf - half * each) / 1e6);
        if (ours) {
            figures.put("heapBytesPerConnection", (double) (pair.server.ask("heap") - heapOfHalf) / (all - half));
        }
        figures.put("missing", 0);
        return figures;
    }

    /** Once what was only for coming is collected; twice, since the first collection is itself the cause of something. */
    private static long resident(Pair pair) {
        pause();
        for (int i = 0; i < 2; i++) {
            pair.server.text("collect");
            pause();
        }
        return ProcessLook.residentBytes(pair.server.pid());
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS));
    }

    @Override
    public void close() {
        pairs.forEach(Pair::close);
    }
}
