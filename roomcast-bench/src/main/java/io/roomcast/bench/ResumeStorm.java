package io.roomcast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * What a storm of resumes costs the others: all of many connections are cut at once, miss messages, and come back at once,
 * while bystanders in other rooms chat at a fixed rate. The bystanders' lateness is measured from the intended time of each
 * publish, in turns without a storm and with one.
 *
 * <p>Arguments: connections (10000), messages missed (50), milliseconds over which they come back (500, as PROTOCOL.md has
 * it for the first attempt), storms (3). Exits with 1 when somebody lost, doubled or reordered a message or did not resume.
 */
public final class ResumeStorm {
    private static final int MEMBERS_OF_A_ROOM = 100;
    private static final int BYSTANDERS_ROOMS = 10;
    private static final int BYSTANDERS_OF_A_ROOM = 10;
    private static final int PER_SECOND = 20;
    private static final int DATA_BYTES = 128;
    private static final int CALM_SECONDS = 5;
    private static final long PATIENCE_SECONDS = 60;

    /** What one storm came to. */
    record Storm(
            double seconds, double calmP99Millis, double stormP99Millis, double stormMaxMillis, double serverCpu) {}

    private final ServerChild server;
    private final ClientLoop loop;
    private final ClientLoop bystandersLoop;
    private final int missed;
    private final int spreadMillis;
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<RoomTalk> members = new ArrayList<>();
    private final List<RoomTalk> publishers = new ArrayList<>();
    private final List<RoomTalk> bystanders = new ArrayList<>();

    // Of the bystanders' loop.

    private Histogram lateness = fresh();
    private long began;
    private long published;

    private ResumeStorm(
            ServerChild server,
            ClientLoop loop,
            ClientLoop bystandersLoop,
            int connections,
            int missed,
            int spreadMillis) {
        this.server = server;
        this.loop = loop;
        this.bystandersLoop = bystandersLoop;
        this.missed = missed;
        this.spreadMillis = spreadMillis;
        int rooms = Math.max(1, connections / MEMBERS_OF_A_ROOM);
        for (int i = 0; i < connections; i++) {
            members.add(new RoomTalk("storm-" + i % rooms, true, RoomTalk.DEAF));
        }
        for (int i = 0; i < rooms; i++) {
            publishers.add(new RoomTalk("storm-" + i, false, RoomTalk.DEAF));
        }
        for (int i = 0; i < BYSTANDERS_ROOMS * BYSTANDERS_OF_A_ROOM; i++) {
            bystanders.add(new RoomTalk(
                    "calm-" + i % BYSTANDERS_ROOMS,
                    false,
                    (intended, now) -> lateness.recordValue(Math.max(0, now - intended))));
        }
    }

    public static void main(String[] args) {
        int connections = number(args, 0, 10_000);
        int missed = number(args, 1, 50);
        int spread = number(args, 2, 500);
        int count = number(args, 3, 3);
        try (ServerChild server = new ServerChild("-Xmx2g");
                ClientLoop loop = new ClientLoop();
                ClientLoop bystandersLoop = new ClientLoop()) {
            ResumeStorm storm = new ResumeStorm(server, loop, bystandersLoop, connections, missed, spread);
            List<Storm> storms = storm.run(count);
            System.out.printf(
                    Locale.ROOT,
                    "%,d connections, %d messages missed, coming back over %d ms%n",
                    connections,
                    missed,
                    spread);
            print(
                    "seconds until all have resumed",
                    storms.stream().map(Storm::seconds).toList());
            print(
                    "bystanders' p99 in calm, ms",
                    storms.stream().map(Storm::calmP99Millis).toList());
            print(
                    "bystanders' p99 in the storm, ms",
                    storms.stream().map(Storm::stormP99Millis).toList());
            print(
                    "bystanders' max in the storm, ms",
                    storms.stream().map(Storm::stormMaxMillis).toList());
            print(
                    "p99 in the storm ÷ in calm",
                    storms.stream()
                            .map(each -> each.stormP99Millis / each.calmP99Millis)
                            .toList());
            print(
                    "CPU seconds of the server",
                    storms.stream().map(Storm::serverCpu).toList());
            int faults = storm.faults();
            System.out.println("lost, doubled, reordered, refused or not resumed: " + faults);
            System.exit(faults == 0 ? 0 : 1);
        }
    }

    private static int number(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }

    private static void print(String name, List<Double> figures) {
        System.out.printf(Locale.ROOT, "%-34s %s%n", name, Figures.of(figures));
    }

    List<Storm> run(int count) {
        loop.run(() -> {
            publishers.forEach(talk -> loop.open(server.address(), talk));
            members.forEach(talk -> loop.arrive(server.address(), talk));
        });
        bystandersLoop.run(() -> bystanders.forEach(talk -> bystandersLoop.open(server.address(), talk)));
        await(loop, members, "join");
        await(loop, publishers, "join");
        await(bystandersLoop, bystanders, "join");
        Future<?> chat = bystandersLoop.loop().scheduleAtFixedRate(this::chat, 1, 1, TimeUnit.MILLISECONDS);
        List<Storm> storms = new ArrayList<>();
        once(); // to warm up
        for (int i = 0; i < count; i++) {
            storms.add(once());
        }
        chat.cancel(false);
        return storms;
    }

    private Storm once() {
        measureAnew();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(CALM_SECONDS));
        Histogram calm = measureAnew();
        loop.run(() -> members.forEach(RoomTalk::cut));
        long remaining = (long) bystanders.size() + publishers.size();
        awaitServer("connections", remaining);
        long all = loop.ask(() -> publishers.get(0).offset()) + missed;
        loop.run(() -> {
            for (int i = 0; i < missed; i++) {
                publishers.forEach(talk -> talk.publish(1, DATA_BYTES, ""));
            }
        });
        if (!loop.becomes(PATIENCE_SECONDS, () -> publishers.stream().allMatch(talk -> talk.offset() >= all))) {
            throw new IllegalStateException("the messages to be missed were not published");
        }
        measureAnew();
        long cpu = server.ask("cpu");
        long start = System.nanoTime();
        loop.run(() -> members.forEach(talk -> loop.loop()
                .schedule(
                        () -> loop.arrive(server.address(), talk),
                        random.nextLong(spreadMillis + 1),
                        TimeUnit.MILLISECONDS)));
        await(loop, members, "resume");
        double seconds = (System.nanoTime() - start) / 1e9;
        Histogram storm = measureAnew();
        double cpuSeconds = (server.ask("cpu") - cpu) / 1e9;
        return new Storm(
                seconds,
                calm.getValueAtPercentile(99) / 1e6,
                storm.getValueAtPercentile(99) / 1e6,
                storm.getMaxValue() / 1e6,
                cpuSeconds);
    }

    private int faults() {
        int faults = bystandersLoop.ask(
                () -> bystanders.stream().mapToInt(RoomTalk::faults).sum());
        return faults
                + loop.ask(() -> members.stream()
                        .mapToInt(talk ->
                                talk.faults() + (talk.isRestored() ? 0 : 1) + Math.abs(missed - talk.replayed()))
                        .sum());
    }

    /** Publishes what has become due. */
    private void chat() {
        long now = System.nanoTime();
        if (began == 0) {
            began = now;
        }
        long perSecond = (long) BYSTANDERS_ROOMS * PER_SECOND;
        for (long due = (now - began) * perSecond / 1_000_000_000L; published < due; published++) {
            long intended = began + published * 1_000_000_000L / perSecond;
            bystanders.get((int) (published % BYSTANDERS_ROOMS)).publish(intended, DATA_BYTES, "");
        }
    }

    private Histogram measureAnew() {
        return bystandersLoop.ask(() -> {
            Histogram before = lateness;
            lateness = fresh();
            return before;
        });
    }

    private static Histogram fresh() {
        return new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    }

    private static void await(ClientLoop loop, List<RoomTalk> talks, String what) {
        if (!loop.becomes(PATIENCE_SECONDS, () -> talks.stream().allMatch(RoomTalk::hasJoined))) {
            throw new IllegalStateException("not all did " + what + " within " + PATIENCE_SECONDS + " s");
        }
    }

    private void awaitServer(String what, long value) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (server.ask(what) != value) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(what + " did not become " + value);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
