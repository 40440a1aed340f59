package io.roomcast.bench;

import io.roomcast.protocol.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What it takes until everybody knows that everybody is there: many connections, which are open already, join one room with
 * its list, all at once; then all leave it at once. Measured from the first {@code join} sent until each has its
 * {@code joined} and the count of all, and from the first {@code leave} sent until each has its {@code left}; the frames
 * that came are set against the square of the members, which is what telling each of each would take.
 *
 * <p>Arguments: connections (10000), storms (5). Exits with 1 when a frame was missing, doubled, out of order or wrong, or
 * when the frames were 1 % of the square or more.
 */
public final class JoinStorm {
    private static final long PATIENCE_SECONDS = 60;

    /** Longer than news is gathered, so that what is still to come has come. */
    private static final long CALM_MILLIS = 500;

    private static final double MOST_OF_SQUARE = 0.01;

    /** What one storm came to. */
    record Storm(
            double joinSeconds,
            double joinShare,
            double joinCpu,
            double leaveSeconds,
            double leaveShare,
            double leaveCpu,
            int faults) {
        /** Whether it was without a fault, and its frames few enough. */
        boolean isGood() {
            return faults == 0 && joinShare < MOST_OF_SQUARE && leaveShare < MOST_OF_SQUARE;
        }
    }

    private final ServerChild server;
    private final ClientLoop loop;
    private final int mostListed;
    private final List<StormMember> members = new ArrayList<>();
    private int faultsBefore;

    private JoinStorm(ServerChild server, ClientLoop loop, String room, int connections, int mostListed) {
        this.server = server;
        this.loop = loop;
        this.mostListed = mostListed;
        for (int i = 0; i < connections; i++) {
            members.add(new StormMember(room));
        }
    }

    public static void main(String[] args) {
        int connections = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        List<Storm> storms = run("storm", connections, (int) Limit.MEMBERS_LISTED.defaultValue(), count);
        System.out.printf(Locale.ROOT, "%,d connections join one room, then leave it%n", connections);
        print("seconds until all know of all", storms.stream().map(Storm::joinSeconds));
        print("frames, % of the square", storms.stream().map(each -> 100 * each.joinShare));
        print("CPU seconds of the server", storms.stream().map(Storm::joinCpu));
        print("seconds until all have left", storms.stream().map(Storm::leaveSeconds));
        print("frames, % of the square", storms.stream().map(each -> 100 * each.leaveShare));
        print("CPU seconds of the server", storms.stream().map(Storm::leaveCpu));
        int faults = storms.stream().mapToInt(Storm::faults).sum();
        System.out.println("missing, doubled, out of order or wrong: " + faults);
        System.exit(storms.stream().allMatch(Storm::isGood) ? 0 : 1);
    }

    private static void print(String name, Stream<Double> figures) {
        System.out.printf(Locale.ROOT, "%-34s %s%n", name, Figures.of(figures.toList()));
    }

    /** So many storms, behind one to warm up. */
    static List<Storm> run(String room, int connections, int mostListed, int count) {
        try (ServerChild server = new ServerChild("-Xmx2g");
                ClientLoop loop = new ClientLoop()) {
            JoinStorm storm = new JoinStorm(server, loop, room, connections, mostListed);
            storm.connect();
            List<Storm> storms = new ArrayList<>();
            storm.once();
            for (int i = 0; i < count; i++) {
                storms.add(storm.once());
            }
            return storms;
        }
    }

    private void connect() {
        loop.run(() -> members.forEach(member -> loop.arrive(server.address(), member)));
        await("connect", () -> members.stream().allMatch(StormMember::isGreeted));
    }

    private Storm once() {
        int all = members.size();
        long cpu = server.ask("cpu");
        double joinSeconds = seconds(StormMember::join, member -> member.hasJoined() && member.count() == all);
        double joinCpu = (server.ask("cpu") - cpu) / 1e9;
        double joinShare = share();
        loop.run(() -> members.forEach(member -> member.checkJoins(all, mostListed)));
        cpu = server.ask("cpu");
        double leaveSeconds = seconds(StormMember::leave, StormMember::hasLeft);
        double leaveCpu = (server.ask("cpu") - cpu) / 1e9;
        double leaveShare = share();
        loop.run(() -> members.forEach(StormMember::checkLeaves));
        int faults =
                loop.ask(() -> members.stream().mapToInt(StormMember::faults).sum());
        int fresh = faults - faultsBefore + (server.ask("members") == 0 ? 0 : 1);
        faultsBefore = faults;
        return new Storm(joinSeconds, joinShare, joinCpu, leaveSeconds, leaveShare, leaveCpu, fresh);
    }

    /** Lets all do it at once, and says how long it took until all were done. */
    private double seconds(Consumer<StormMember> action, Predicate<StormMember> isDone) {
        long[] began = new long[1];
        loop.run(() -> {
            began[0] = System.nanoTime();
            members.forEach(action);
        });
        await("get there", () -> members.stream().allMatch(isDone));
        double seconds = (System.nanoTime() - began[0]) / 1e9;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(CALM_MILLIS));
        return seconds;
    }

    private double share() {
        long frames = loop.ask(() ->
                members.stream().mapToLong(StormMember::framesSinceLastCheck).sum());
        return (double) frames / members.size() / members.size();
    }

    private void await(String what, BooleanSupplier condition) {
        if (!loop.becomes(PATIENCE_SECONDS, condition)) {
            throw new IllegalStateException("not all did " + what + " within " + PATIENCE_SECONDS + " s");
        }
    }
}
