package io.roomcast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes a chart of each workload that stands in a file of results. */
@Command(
        name = "draw",
        mixinStandardHelpOptions = true,
        description = "Draws a chart of each workload from a file of results, as SVG for light and dark pages.")
final class PeerDraw implements Callable<Integer> {
    @Option(
            names = "--from",
            paramLabel = "FILE",
            defaultValue = PeerReport.DEFAULT_FILE,
            description = "The results (${DEFAULT-VALUE}).")
    private Path from = Path.of("");

    @Option(
            names = "--to",
            paramLabel = "FOLDER",
            defaultValue = "docs/charts",
            description = "Where the charts go, each by its workload's name (${DEFAULT-VALUE}).")
    private Path to = Path.of("");

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(from)) {
            System.err.println("There is no " + from + "; ./bench Peers makes it.");
            return 1;
        }
        draw(JsonMapper.shared().readTree(Files.readString(from)), to).forEach(System.out::println);
        return 0;
    }

    /** Returns the files that it has written. */
    static List<Path> draw(JsonNode results, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Path> written = new ArrayList<>();
        for (JsonNode workload : results.path("workloads")) {
            List<BarChart.Panel> panels = panels(workload);
            if (!panels.isEmpty()) {
                Path file = folder.resolve(workload.path("name").asString() + ".svg");
                Files.writeString(file, BarChart.svg(workload.path("about").asString(), panels));
                written.add(file);
            }
        }
        return written;
    }

    private static List<BarChart.Panel> panels(JsonNode workload) {
        List<BarChart.Panel> panels = new ArrayList<>();
        Workload.Kind kind =
                Workload.Kind.valueOf(workload.path("workload").path("kind").asString());
        boolean open = workload.path("workload").path("rate").asDouble() > 0;
        for (String figure : figures(kind, open)) {
            List<BarChart.Bar> bars = new ArrayList<>();
            for (JsonNode summary : workload.path("summary")) {
                if (summary.path("figure").asString().equals(figure)) {
                    bars.add(bar(summary));
                }
            }
            if (!bars.isEmpty()) {
                panels.add(new BarChart.Panel(PeerFigures.words(figure), "", bars));
            }
        }
        return panels;
    }

    /** Lateness means something only where what is sent does not wait for what comes back. */
    private static List<String> figures(Workload.Kind kind, boolean openLoop) {
        return switch (kind) {
            case TALK -> openLoop ? List.of("cpuMicrosPerDelivery", "p99Millis") : List.of("cpuMicrosPerDelivery");
            case CHURN -> List.of("cpuMicrosPerJoinAndLeave");
            case CONNECT -> List.of("cpuMicrosPerConnect", "cpuMicrosPerJoin", "cpuMicrosPerLeave");
            case IDLE -> List.of("residentBytesPerConnection");
        };
    }

    private static BarChart.Bar bar(JsonNode summary) {
        String contender = summary.path("contender").asString();
        return new BarChart.Bar(
                contender.replaceAll("jdk=\\S*/", "jdk="),
                summary.path("median").asDouble(),
                summary.path("least").asDouble(),
                summary.path("greatest").asDouble(),
                contender.startsWith(PeerProgram.ROOMCAST.folder()));
    }
}
