package io.roomcast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The results as JSON: the machine, the settings, and of each workload every turn with all its figures, and of the figures
 * that count the median, least and greatest, and the same of the ratio to the reference.
 */
final class PeerReport {
    static final String DEFAULT_FILE = "roomcast-bench/target/bench/peers.json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final PeerRun.Settings settings;
    private final Map<String, Object> all = new LinkedHashMap<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private final List<Map<String, Object>> workloads = new ArrayList<>();

    PeerReport(PeerRun.Settings settings) {
        this.settings = settings;
        all.put("began", Instant.now().toString());
        all.put("machine", machine());
        all.put("settings", settings);
        all.put("leftOut", leftOut);
        all.put("workloads", workloads);
    }

    private static Map<String, Object> machine() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("processor", firstLine("/proc/cpuinfo", "model name"));
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("memory", firstLine("/proc/meminfo", "MemTotal"));
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("loadAverage", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return machine;
    }

    private static String firstLine(String file, String key) {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who takes no part at all, and why. */
    void leftOut(String contender, String why) {
        leftOut.put(contender, why);
    }

    /** What the generator can do at most. */
    void ceiling(String name, Map<String, Object> figures) {
        all.put(name, figures);
    }

    void add(PeerRun run) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", run.workload().name());
        one.put("about", run.workload().about());
        one.put("workload", run.workload());
        one.put("versions", run.versions());
        one.put("tls", run.negotiated());
        one.put("leftOut", run.leftOut());
        one.put("doubts", PeerFigures.doubts(run, settings.reference()));
        one.put(
                "summary",
                PeerFigures.summaries(run, settings.reference()).stream()
                        .map(PeerReport::of)
                        .toList());
        one.put("turns", run.turns());
        workloads.add(one);
    }

    private static Map<String, Object> of(PeerFigures.Summary summary) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("contender", summary.contender());
        one.put("figure", summary.figure());
        spread(one, "", summary.values());
        if (!summary.ratios().isEmpty()) {
            spread(one, "ratio", summary.ratios());
        }
        return one;
    }

    private static void spread(Map<String, Object> to, String prefix, List<Double> values) {
        to.put(prefix.isEmpty() ? "median" : prefix, Figures.median(values));
        to.put(
                prefix.isEmpty() ? "least" : prefix + "Least",
                values.stream().mapToDouble(d -> d).min().orElseThrow());
        to.put(
                prefix.isEmpty() ? "greatest" : prefix + "Greatest",
                values.stream().mapToDouble(d -> d).max().orElseThrow());
    }

    void write(Path file) {
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.writeString(file, JSON.writeValueAsString(all) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
