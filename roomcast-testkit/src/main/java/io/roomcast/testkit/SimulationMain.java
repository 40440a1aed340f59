package io.roomcast.testkit;

import java.util.Arrays;
import java.util.List;

/** The program behind {@code ./simulate}: one run by its seed, or many. */
public final class SimulationMain {
    private static final String USAGE = """
            Runs the engine on one thread against a model of the protocol.

              ./simulate --seeds 200            seeds 1 to 200, each on 1, 2 and 4 lanes
              ./simulate --seed 42              replays one seed
                --steps 1000                    steps of a run
                --lanes 2                       on so many lanes only
              ./simulate --from 1000 --seeds 50 seeds 1000 to 1049
            """;

    private SimulationMain() {}

    public static void main(String[] arguments) {
        long from = 1;
        long seeds = 200;
        int steps = 1_000;
        List<Integer> lanes = List.of(1, 2, 4);
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--seed" -> {
                    from = Long.parseLong(value);
                    seeds = 1;
                }
                case "--from" -> from = Long.parseLong(value);
                case "--seeds" -> seeds = Long.parseLong(value);
                case "--steps" -> steps = Integer.parseInt(value);
                case "--lanes" -> lanes = List.of(Integer.parseInt(value));
                default -> exitWithUsage();
            }
        }
        if (arguments.length % 2 != 0 || Arrays.asList(arguments).contains("--help")) {
            exitWithUsage();
        }
        System.exit(run(from, seeds, steps, lanes) ? 0 : 1);
    }

    private static boolean run(long from, long seeds, int steps, List<Integer> lanes) {
        Tally all = new Tally();
        long startNanos = System.nanoTime();
        int failed = 0;
        for (long seed = from; seed < from + seeds; seed++) {
            for (int count : lanes) {
                try {
                    all.add(new Simulation(seed, steps, count).run());
                } catch (SimulationFailure failure) {
                    failed++;
                    System.out.println(failure.getMessage());
                    if (failure.getCause() != null && !(failure.getCause() instanceof SimulationFailure)) {
                        failure.getCause().printStackTrace(System.out);
                    }
                }
            }
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.println(all);
        System.out.printf(
                "%d seeds on %s lanes, %,d steps each: %d failed; %.1f s, %.1f seeds/s%n",
                seeds, lanes, steps, failed, seconds, seeds / seconds);
        return failed == 0;
    }

    private static void exitWithUsage() {
        System.out.print(USAGE);
        System.exit(2);
    }
}
