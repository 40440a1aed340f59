package io.roomcast.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the turns of a workload amount to: of each contender and figure the median and the spread, and the ratios. */
final class PeerFigures {
    /** Beyond this the generator, and not the server, may be what is measured. */
    private static final double BUSY = 0.9;

    private static final double BYTES_APART = 0.05;
    private static final double KEPT_UP = 0.97;

    private static final Map<String, String> SHORT = Map.of(
            "deliveriesPerSecond", "deliveries/s",
            "pairsPerSecond", "pairs/s",
            "connectsPerSecond", "connects/s",
            "generatorCores", "load cores",
            "bytesPerDelivery", "bytes each",
            "baseMegabytes", "base MB",
            "heapBytesPerConnection", "of it heap",
            "cpuMicrosPerJoin", "µs a join",
            "cpuMicrosPerLeave", "µs a leave",
            "cpuMicrosPerEnd", "µs an end");

    /** Of a figure of one contender. Ratios are to the reference, round by round; they are empty for the reference itself. */
    record Summary(String contender, String figure, List<Double> values, List<Double> ratios) {
        double median() {
            return Figures.median(values);
        }
    }

    private PeerFigures() {}

    /** The figures that are shown, the one that counts first. */
    static List<String> shown(Workload.Kind kind) {
        return switch (kind) {
            case TALK ->
                List.of(
                        "cpuMicrosPerDelivery",
                        "p99Millis",
                        "p999Millis",
                        "deliveriesPerSecond",
                        "serverCores",
                        "generatorCores",
                        "bytesPerDelivery");
            case CHURN -> List.of("cpuMicrosPerJoinAndLeave", "pairsPerSecond", "serverCores", "generatorCores");
            case CONNECT ->
                List.of(
                        "cpuMicrosPerConnect",
                        "cpuMicrosPerJoin",
                        "cpuMicrosPerLeave",
                        "cpuMicrosPerEnd",
                        "connectsPerSecond");
            case IDLE -> List.of("residentBytesPerConnection", "heapBytesPerConnection", "baseMegabytes");
        };
    }

    static List<Summary> summaries(PeerRun run, String reference) {
        List<Summary> all = new ArrayList<>();
        for (String figure : shown(run.workload().kind())) {
            Map<String, List<PeerRun.Turn>> byContender = byContender(run);
            byContender.forEach((contender, turns) -> {
                String other = Contender.referenceOf(contender, reference);
                all.add(new Summary(
                        contender,
                        figure,
                        turns.stream().map(turn -> turn.figure(figure)).toList(),
                        contender.equals(other)
                                ? List.of()
                                : ratios(turns, byContender.getOrDefault(other, List.of()), figure)));
            });
        }
        return all;
    }

    private static Map<String, List<PeerRun.Turn>> byContender(PeerRun run) {
        Map<String, List<PeerRun.Turn>> all = new LinkedHashMap<>();
        for (PeerRun.Turn turn : run.turns()) {
            all.computeIfAbsent(turn.contender(), none -> new ArrayList<>()).add(turn);
        }
        return all;
    }

    private static List<Double> ratios(List<PeerRun.Turn> turns, List<PeerRun.Turn> references, String figure) {
        List<Double> ratios = new ArrayList<>();
        for (PeerRun.Turn turn : turns) {
            references.stream()
                    .filter(other -> other.round() == turn.round())
                    .findFirst()
                    .ifPresent(other -> ratios.add(turn.figure(figure) / other.figure(figure)));
        }
        return ratios;
    }

    /** Whatever makes figures worth less than they look, in sentences. */
    static List<String> doubts(PeerRun run, String reference) {
        List<String> doubts = new ArrayList<>();
        for (String contender : byContender(run).keySet()) {
            String other = Contender.referenceOf(contender, reference);
            if (!other.equals(reference) && !byContender(run).containsKey(other)) {
                doubts.add(contender + " has no ratio: there are no turns of " + other);
            }
        }
        for (PeerRun.Turn turn : run.turns()) {
            String who = turn.contender() + ", round " + (turn.round() + 1) + ": ";
            faults(turn, who, doubts);
            if (turn.figure("generatorCores") > BUSY) {
                doubts.add(who + "the generator was busy all the time, the server may not have been");
            }
            if (turn.figure("publishesPerSecond") < run.workload().rate() * KEPT_UP) {
                doubts.add(who + "published " + Math.round(turn.figure("publishesPerSecond")) + " a second, not "
                        + Math.round(run.workload().rate()));
            }
            double apart = turn.figure("bytesPerDelivery") / meanBytes(run, turn.contender(), reference) - 1;
            if (Math.abs(apart) > BYTES_APART) {
                doubts.add(who + String.format(Locale.ROOT, "%+.0f %% bytes for a delivery", apart * 100));
            }
        }
        byContender(run).forEach((contender, turns) -> slowLoad(run.workload(), contender, turns, doubts));
        return doubts;
    }

    private static void slowLoad(Workload workload, String contender, List<PeerRun.Turn> turns, List<String> doubts) {
        long slow = turns.stream()
                .filter(turn -> turn.figure("generatorCores") > turn.figure("serverCores"))
                .count();
        if (slow > 0 && isLatenessMeasured(workload)) {
            doubts.add(contender + ": the load took longer for a delivery than the server in " + slow + " of "
                    + turns.size() + " turns, so lateness may be its own");
        }
    }

    private static boolean isLatenessMeasured(Workload workload) {
        return workload.kind() == Workload.Kind.TALK && workload.rate() > 0;
    }

    /** Of a delivery of the one with which this contender is compared. */
    private static double meanBytes(PeerRun run, String contender, String reference) {
        String other = Contender.referenceOf(contender, reference);
        return run.turns().stream()
                .filter(turn -> turn.contender().equals(other))
                .mapToDouble(turn -> turn.figure("bytesPerDelivery"))
                .average()
                .orElse(Double.NaN);
    }

    private static void faults(PeerRun.Turn turn, String who, List<String> doubts) {
        for (String fault : List.of("missing", "refused", "ended", "faults")) {
            if (turn.figure(fault) > 0) {
                doubts.add(who + Math.round(turn.figure(fault)) + " " + fault);
            }
        }
        if (turn.figures().get("told") instanceof List<?> told) {
            doubts.add(who + told);
        }
    }

    /** For people: a line for each contender, with the median, the spread and the ratio of what counts, and more medians. */
    static void print(PeerRun run, String reference) {
        System.out.printf(
                Locale.ROOT, "%n%s: %s%n", run.workload().name(), run.workload().about());
        List<String> figures = shown(run.workload().kind());
        Map<String, List<Summary>> byContender = new LinkedHashMap<>();
        for (Summary summary : summaries(run, reference)) {
            byContender
                    .computeIfAbsent(summary.contender, none -> new ArrayList<>())
                    .add(summary);
        }
        int widest =
                byContender.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder head = new StringBuilder(" ".repeat(widest + 2));
        for (int i = 0; i < figures.size(); i++) {
            head.append(String.format(
                    "%" + (i == 0 ? 44 : 14) + "s", SHORT.getOrDefault(figures.get(i), words(figures.get(i)))));
        }
        System.out.println(head);
        byContender.forEach((contender, summaries) -> System.out.println(line(contender, summaries, widest)));
        run.versions().forEach((name, version) -> System.out.println("  " + name + " is " + version));
        run.negotiated().forEach((name, tls) -> System.out.println("  " + name + " spoke " + tls));
        run.leftOut().forEach((name, why) -> System.out.println("  left out: " + name + ", because " + why));
        doubts(run, reference).forEach(doubt -> System.out.println("  ! " + doubt));
    }

    private static String line(String contender, List<Summary> summaries, int widest) {
        StringBuilder line = new StringBuilder(String.format("  %-" + widest + "s", contender));
        for (int i = 0; i < summaries.size(); i++) {
            Summary summary = summaries.get(i);
            String ratio = summary.ratios.isEmpty() ? "" : " ×" + spread(summary.ratios);
            line.append(
                    i == 0
                            ? String.format("%44s", spread(summary.values) + ratio)
                            : String.format("%14s", number(summary.median())));
        }
        return line.toString();
    }

    /** {@code 1.03 (0.99 to 1.07)}. */
    static String spread(List<Double> values) {
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
        return number(Figures.median(values)) + " (" + number(least) + " to " + number(most) + ")";
    }

    /** With three digits that count, or all before the point. */
    static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** {@code cpuMicrosPerDelivery} as {@code cpu micros per delivery}. */
    static String words(String figure) {
        return figure.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT)
                .replace("p999", "p99.9")
                .replace("cpu micros", "CPU µs")
                .replace("millis", "ms");
    }
}
