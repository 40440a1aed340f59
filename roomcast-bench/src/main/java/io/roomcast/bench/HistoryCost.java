package io.roomcast.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What history costs: the server's CPU for a delivery in rooms that keep nothing, in rooms that keep what is the default,
 * and in these with a key on each publish. All in one server, all connections there all the time, in turns of some seconds
 * in which one kind of room is published to at a fixed rate; each round has every kind once, the order turns around.
 *
 * <p>Arguments: rounds (20), seconds for each turn (2). The server runs in a process of its own.
 */
public final class HistoryCost {
    private static final int DATA_BYTES = 128;
    private static final long PATIENCE_SECONDS = 30;

    private enum Kind {
        OFF(BenchServer.NO_HISTORY, false),
        ON("on-", false),
        ON_WITH_KEYS("keys-", true);

        final String prefix;
        final boolean keys;

        Kind(String prefix, boolean keys) {
            this.prefix = prefix;
            this.keys = keys;
        }
    }

    /** @param publishesPerSecond of all rooms together */
    private record Shape(int rooms, int members, int publishesPerSecond) {}

    private final ServerChild server;
    private final ClientLoop loop;
    private final Shape shape;
    private final Map<Kind, List<RoomTalk>> talks = new EnumMap<>(Kind.class);
    private long keys;

    private HistoryCost(ServerChild server, ClientLoop loop, Shape shape) {
        this.server = server;
        this.loop = loop;
        this.shape = shape;
        for (Kind kind : Kind.values()) {
            List<RoomTalk> all = new ArrayList<>();
            for (int i = 0; i < shape.rooms() * shape.members(); i++) {
                String room = kind.prefix + shape.rooms() + "-" + i % shape.rooms();
                all.add(new RoomTalk(room, false, RoomTalk.DEAF));
            }
            talks.put(kind, all);
        }
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 2;
        int faults = 0;
        for (Shape shape : List.of(new Shape(1, 300, 100), new Shape(100, 10, 2_000))) {
            try (ServerChild server = new ServerChild("-Xms512m", "-Xmx512m");
                    ClientLoop loop = new ClientLoop()) {
                faults += new HistoryCost(server, loop, shape).run(rounds, seconds);
            }
        }
        System.exit(faults == 0 ? 0 : 1);
    }

    private int run(int rounds, int seconds) {
        List<RoomTalk> everybody = talks.values().stream().flatMap(List::stream).toList();
        loop.run(() -> everybody.forEach(talk -> loop.arrive(server.address(), talk)));
        if (!loop.becomes(PATIENCE_SECONDS, () -> everybody.stream().allMatch(RoomTalk::hasJoined))) {
            throw new IllegalStateException("not all have joined");
        }
        Map<Kind, List<Double>> nanos = new EnumMap<>(Kind.class);
        List<Double> on = new ArrayList<>();
        List<Double> withKeys = new ArrayList<>();
        for (int round = -2; round < rounds; round++) {
            Map<Kind, Double> cost = new EnumMap<>(Kind.class);
            for (int i = 0; i < Kind.values().length; i++) {
                Kind kind = Kind.values()[round % 2 == 0 ? i : Kind.values().length - 1 - i];
                cost.put(kind, turn(kind, seconds));
            }
            if (round >= 0) { // what came before was for warming up
                cost.forEach((kind, each) ->
                        nanos.computeIfAbsent(kind, none -> new ArrayList<>()).add(each));
                on.add(of(cost, Kind.ON) / of(cost, Kind.OFF));
                withKeys.add(of(cost, Kind.ON_WITH_KEYS) / of(cost, Kind.OFF));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d rooms of %d members, %d publishes of %d bytes a second%n",
                shape.rooms(),
                shape.members(),
                shape.publishesPerSecond(),
                DATA_BYTES);
        nanos.forEach((kind, all) -> print("CPU ns per delivery, " + kind.name().toLowerCase(Locale.ROOT), all));
        print("on ÷ off", on);
        print("on with keys ÷ off", withKeys);
        int faults =
                loop.ask(() -> everybody.stream().mapToInt(RoomTalk::faults).sum());
        System.out.println("lost, doubled, reordered or refused: " + faults);
        return faults;
    }

    private static double of(Map<Kind, Double> cost, Kind kind) {
        return cost.getOrDefault(kind, Double.NaN);
    }

    private static void print(String name, List<Double> figures) {
        System.out.printf(Locale.ROOT, "%-40s %s%n", name, Figures.of(figures));
    }

    /** Nanoseconds of the server's CPU for each delivery. */
    private double turn(Kind kind, int seconds) {
        List<RoomTalk> writers = talks.getOrDefault(kind, List.of()).subList(0, shape.rooms());
        long cpu = server.ask("cpu");
        long deliveries = server.ask("deliveries");
        long began = System.nanoTime();
        long[] published = new long[1];
        Future<?> ticks = loop.loop()
                .scheduleAtFixedRate(
                        () -> {
                            long now = System.nanoTime();
                            long due = (now - began) * shape.publishesPerSecond() / 1_000_000_000L;
                            for (; published[0] < due; published[0]++) {
                                writers.get((int) (published[0] % writers.size()))
                                        .publish(now, DATA_BYTES, kind.keys ? ",\"key\":\"k" + keys++ + "\"" : "");
                            }
                        },
                        1,
                        1,
                        TimeUnit.MILLISECONDS);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
        ticks.cancel(false);
        long expected = deliveries + loop.ask(() -> published[0]) * shape.members();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (server.ask("deliveries") < expected) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("not all that was published was delivered");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        return (double) (server.ask("cpu") - cpu) / (server.ask("deliveries") - deliveries);
    }
}
