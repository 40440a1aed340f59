package io.roomcast.bench;

import java.util.List;
import java.util.Locale;

/**
 * Bars side by side as SVG, panel below panel: of each bar the median is its length, and a line goes from the least to the
 * greatest. It has colours of its own for light and for dark pages, and a background, so that it can be read on any.
 */
final class BarChart {
    /** @param marked whether it is what the page is about */
    record Bar(String label, double median, double least, double greatest, boolean marked) {}

    /** @param unit behind each number */
    record Panel(String title, String unit, List<Bar> bars) {}

    private static final int WIDTH = 760;
    private static final int LABELS = 260;
    private static final int NUMBERS = 190;
    private static final int EDGE = 16;
    private static final int BAR = 18;
    private static final int STEP = 26;
    private static final int TITLE = 30;

    private static final String STYLE = """
            text { font: 13px system-ui, sans-serif; fill: #1f2328; }
            .title { font-size: 15px; font-weight: 600; }
            .panel, .number { fill: #59636e; }
            .page { fill: #ffffff; }
            .bar { fill: #afb8c1; }
            .marked { fill: #0969da; }
            .spread { stroke: #1f2328; stroke-width: 1.5; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3; }
              .panel, .number { fill: #9198a1; }
              .page { fill: #0d1117; }
              .bar { fill: #59636e; }
              .marked { fill: #4493f8; }
              .spread { stroke: #e6edf3; }
            }
            """;

    private BarChart() {}

    static String svg(String title, List<Panel> panels) {
        StringBuilder body = new StringBuilder();
        int y = EDGE + 8;
        text(body, "title", EDGE, y, title);
        for (Panel panel : panels) {
            y += TITLE;
            text(body, "panel", EDGE, y, panel.title);
            y += 10;
            double most = panel.bars.stream().mapToDouble(Bar::greatest).max().orElse(1);
            for (Bar bar : panel.bars) {
                bar(body, y, bar, most <= 0 ? 1 : most, panel.unit);
                y += STEP;
            }
        }
        int height = y + EDGE;
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + height + "\" width=\"" + WIDTH
                + "\" height=\"" + height + "\" role=\"img\">\n<title>" + escaped(title) + "</title>\n<style>\n" + STYLE
                + "</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n" + body + "</svg>\n";
    }

    private static void bar(StringBuilder to, int y, Bar bar, double most, String unit) {
        double scale = (WIDTH - LABELS - NUMBERS - 2 * EDGE) / most;
        double length = Math.max(0, bar.median) * scale;
        int left = EDGE + LABELS;
        int middle = y + BAR / 2;
        text(to, "label", EDGE, middle + 5, bar.label);
        to.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                bar.marked ? "bar marked" : "bar",
                left,
                y,
                length,
                BAR));
        double least = left + Math.max(0, bar.least) * scale;
        double greatest = left + Math.max(0, bar.greatest) * scale;
        to.append(String.format(
                Locale.ROOT,
                "<path class=\"spread\" d=\"M%.1f %dH%.1fM%.1f %dv8M%.1f %dv8\"/>%n",
                least,
                middle,
                greatest,
                least,
                middle - 4,
                greatest,
                middle - 4));
        String numbers = PeerFigures.spread(List.of(bar.least, bar.median, bar.greatest));
        text(
                to,
                "number",
                (int) Math.max(greatest, left + length) + 8,
                middle + 5,
                numbers + (unit.isEmpty() ? "" : " " + unit));
    }

    private static void text(StringBuilder to, String kind, int x, int y, String text) {
        to.append("<text class=\"")
                .append(kind)
                .append("\" x=\"")
                .append(x)
                .append("\" y=\"")
                .append(y)
                .append("\">")
                .append(escaped(text))
                .append("</text>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
