package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.json.JsonMapper;

final class PeerDrawTest {
    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<Double> widths(Document svg) {
        NodeList rectangles = svg.getElementsByTagName("rect");
        List<Double> widths = new ArrayList<>();
        for (int i = 0; i < rectangles.getLength(); i++) {
            Element rectangle = (Element) rectangles.item(i);
            if (rectangle.getAttribute("class").startsWith("bar")) {
                widths.add(Double.parseDouble(rectangle.getAttribute("width")));
            }
        }
        return widths;
    }

    @Test
    void bars_areAsLongAsTheirMedians_andNothingBreaksTheMarkup() throws Exception {
        Document svg = parsed(BarChart.svg(
                "a < b & \"c\"",
                List.of(new BarChart.Panel(
                        "CPU",
                        "",
                        List.of(
                                new BarChart.Bar("bun", 10, 9, 12, false),
                                new BarChart.Bar("roomcast:history=off", 5, 4, 6, true))))));
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("a < b & \"c\"");
        List<Double> widths = widths(svg);
        assertThat(widths).hasSize(2);
        assertThat(widths.get(0) / widths.get(1)).isBetween(1.99, 2.01);
    }

    @Test
    void results_becomeAChartForEachWorkload(@TempDir Path folder) throws Exception {
        PeerRun.Settings settings = new PeerRun.Settings(2, 1, 0, "", "", "bun");
        PeerReport report = new PeerReport(settings);
        try (PeerRun run = new PeerRun(Workload.named("idle-10000"), settings, new PeerCertificate(Path.of("none")))) {
            for (int round = 0; round < 2; round++) {
                run.turns().add(turn("bun", round, 1_000 + round));
                run.turns().add(turn("roomcast:jdk=/opt/jdk-25", round, 500));
            }
            report.add(run);
        }
        Path results = folder.resolve("results.json");
        report.write(results);
        List<Path> charts = PeerDraw.draw(JsonMapper.shared().readTree(Files.readString(results)), folder);
        assertThat(charts).containsExactly(folder.resolve("idle-10000.svg"));
        String svg = Files.readString(charts.get(0));
        assertThat(parsed(svg).getElementsByTagName("title").getLength()).isEqualTo(1);
        assertThat(svg)
                .contains(">roomcast:jdk=jdk-25<", "1,000", "prefers-color-scheme: dark")
                .doesNotContain("/opt");
    }

    private static PeerRun.Turn turn(String contender, int round, double bytes) {
        return new PeerRun.Turn(contender, round, Map.of("residentBytesPerConnection", bytes, "baseMegabytes", 40.0));
    }
}
