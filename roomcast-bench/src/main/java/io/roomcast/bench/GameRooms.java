package io.roomcast.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * What rooms of a game cost: each member sets four values of its own so many times a second, each room tells its members
 * as often what has changed. On Roomcast and on Colyseus in turns, each time with a server of its own that is warmed up. The
 * moves are sent at their intended times whatever the server does, and the lateness is measured from there; what waits for a
 * tick is part of it.
 *
 * <p>Arguments: rooms (100), members of a room (8, at most 10), moves and ticks a second (30), seconds of measuring (10),
 * rounds (3), peers ({@code roomcast,colyseus}). Exits with 1 when a time went back or the last one did not arrive.
 */
public final class GameRooms {
    private static final int WARM_UP_SECONDS = 10;
    private static final long PATIENCE_SECONDS = 30;

    /** What one turn came to. */
    private record Cost(
            double cores, double microsPerMove, double p50, double p99, double framesPerSecond, double bytesPerMove) {}

    private final GamePeer peer;
    private final ServerChild server;
    private final ClientLoop loop;
    private final int members;
    private final int hertz;
    private final List<GamePlayer> players = new ArrayList<>();
    private final long origin = System.nanoTime();

    // Of the loop.

    private Histogram lateness = fresh();
    private long began;
    private long moved;

    private GameRooms(GamePeer peer, ServerChild server, ClientLoop loop, int rooms, int members, int hertz) {
        this.peer = peer;
        this.server = server;
        this.loop = loop;
        this.members = members;
        this.hertz = hertz;
        for (int i = 0; i < rooms * members; i++) {
            players.add(new GamePlayer(
                    peer,
                    i / members,
                    i % members,
                    members,
                    (micros, now) -> lateness.recordValue(Math.max(0, now - origin - micros * 1_000))));
        }
    }

    public static void main(String[] args) {
        int rooms = number(args, 0, 100);
        int members = number(args, 1, 8);
        int hertz = number(args, 2, 30);
        int seconds = number(args, 3, 10);
        int rounds = number(args, 4, 3);
        List<GamePeer> peers = Arrays.stream((args.length > 5 ? args[5] : "roomcast,colyseus").split(",", -1))
                .map(GameRooms::peer)
                .toList();
        System.out.printf(
                Locale.ROOT,
                "%d rooms of %d members, each of which moves %d times a second: %,d moves a second%n",
                rooms,
                members,
                hertz,
                rooms * members * hertz);
        Map<GamePeer, List<Cost>> costs = new LinkedHashMap<>();
        int faults = 0;
        for (int round = 0; round < rounds; round++) {
            for (GamePeer peer : peers) {
                try (ServerChild server = peer.start(rooms, members, hertz);
                        ClientLoop loop = new ClientLoop()) {
                    GameRooms game = new GameRooms(peer, server, loop, rooms, members, hertz);
                    costs.computeIfAbsent(peer, none -> new ArrayList<>()).add(game.play(seconds));
                    faults += game.faults();
                }
            }
        }
        costs.forEach(GameRooms::print);
        System.out.println("went back, refused, ended or not arrived: " + faults);
        System.exit(faults == 0 ? 0 : 1);
    }

    private static int number(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }

    private static GamePeer peer(String name) {
        return List.of(GamePeer.ROOMCAST, GamePeer.COLYSEUS).stream()
                .filter(peer -> peer.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("peers are roomcast and colyseus, not " + name));
    }

    private static void print(GamePeer peer, List<Cost> costs) {
        print(peer, "cores of the server", costs.stream().map(Cost::cores).toList());
        print(peer, "CPU µs per move", costs.stream().map(Cost::microsPerMove).toList());
        print(peer, "lateness p50, ms", costs.stream().map(Cost::p50).toList());
        print(peer, "lateness p99, ms", costs.stream().map(Cost::p99).toList());
        print(peer, "frames a second", costs.stream().map(Cost::framesPerSecond).toList());
        print(peer, "bytes out per move", costs.stream().map(Cost::bytesPerMove).toList());
    }

    private static void print(GamePeer peer, String name, List<Double> figures) {
        System.out.printf(Locale.ROOT, "%-10s %-22s %s%n", peer, name, Figures.of(figures));
    }

    private Cost play(int seconds) {
        List<String> paths = peer.paths(server, players.size() / members, members);
        loop.run(() -> {
            for (int i = 0; i < players.size(); i++) {
                loop.arrive(server.address(), paths.get(i), players.get(i));
            }
        });
        if (!loop.becomes(PATIENCE_SECONDS, () -> players.stream().allMatch(GamePlayer::hasJoined))) {
            throw new IllegalStateException("not all have joined " + peer);
        }
        Future<?> moves = loop.loop().scheduleAtFixedRate(this::moveWhatIsDue, 1, 1, TimeUnit.MILLISECONDS);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS));
        measureAnew();
        long movedBefore = loop.ask(() -> moved);
        long frames = sum(GamePlayer::frames);
        long bytes = sum(GamePlayer::bytes);
        long cpu = server.ask("cpu");
        long start = System.nanoTime();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
        double cpuNanos = server.ask("cpu") - cpu;
        double nanos = System.nanoTime() - start;
        Histogram late = measureAnew();
        double movesMade = loop.ask(() -> moved) - movedBefore;
        double framesHeard = sum(GamePlayer::frames) - frames;
        double bytesHeard = sum(GamePlayer::bytes) - bytes;
        moves.cancel(false);
        return new Cost(
                cpuNanos / nanos,
                cpuNanos / movesMade / 1_000,
                late.getValueAtPercentile(50) / 1e6,
                late.getValueAtPercentile(99) / 1e6,
                framesHeard * 1e9 / nanos,
                bytesHeard / movesMade);
    }

    private long sum(ToLongFunction<GamePlayer> figure) {
        return loop.ask(() -> players.stream().mapToLong(figure).sum());
    }

    /** What is due by the clock: each member in its turn, evenly over the second. */
    private void moveWhatIsDue() {
        long now = System.nanoTime();
        if (began == 0) {
            began = now;
        }
        double perNano = players.size() * (double) hertz / 1e9;
        for (long due = (long) ((now - began) * perNano); moved < due; moved++) {
            long intended = began - origin + (long) (moved / perNano);
            // The members of a room one after the other over the whole period, not all at its beginning.
            int rooms = players.size() / members;
            int member = (int) (moved / rooms % members);
            players.get((int) (moved % rooms) * members + member).move(intended / 1_000);
        }
    }

    /** Whatever went wrong, and each last move that did not reach everybody in its room. */
    private int faults() {
        boolean all = loop.becomes(PATIENCE_SECONDS, () -> missing() == 0);
        return (int) sum(GamePlayer::faults) + (all ? 0 : loop.ask(this::missing));
    }

    private int missing() {
        int missing = 0;
        for (int i = 0; i < players.size(); i++) {
            int room = i / members * members;
            for (int other = 0; other < members; other++) {
                missing +=
                        players.get(i).hasSeen(other, players.get(room + other).sent()) ? 0 : 1;
            }
        }
        return missing;
    }

    private Histogram measureAnew() {
        return loop.ask(() -> {
            Histogram before = lateness;
            lateness = fresh();
            return before;
        });
    }

    private static Histogram fresh() {
        return new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    }
}
