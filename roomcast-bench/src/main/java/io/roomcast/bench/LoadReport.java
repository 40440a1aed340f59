package io.roomcast.bench;

import io.roomcast.engine.Statistics;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run has seen.
 *
 * @param connections opened in all, those that came back included
 * @param changes joins, leaves, re-syncs, changes, drops and closes done by lot
 * @param skipped publishes that were due with nobody in the room
 * @param checker at rest: its thread has ended
 * @param counted by the server, when it was in this process
 */
record LoadReport(
        LoadProfile profile,
        int connections,
        long changes,
        long skipped,
        Checker checker,
        Measurement measurement,
        @Nullable Statistics counted) {

    Violations violations() {
        return checker.violations;
    }

    boolean passed() {
        return violations().total() == 0;
    }

    /** The share of publishes that came from another lane than their room's, in the server of this process. */
    double crossLaneShare() {
        return counted == null || counted.publishes() == 0
                ? 0
                : (double) counted.crossLanePublishes() / counted.publishes();
    }

    /** The summary for people, a figure in each line. */
    String table() {
        StringBuilder out = new StringBuilder();
        line(out, "connections", "%,d at a time, %,d opened", profile.connections(), connections);
        line(out, "rooms", "%,d, %,d lives with the lone ones", profile.rooms(), checker.lives());
        line(out, "memberships", "%,d", checker.memberships().size());
        line(out, "changes by lot", "%,d", changes);
        line(
                out,
                "published",
                "%,d (%,d acknowledged, %,d due with nobody there)",
                checker.published,
                checker.acknowledged,
                skipped);
        line(out, "deliveries checked", "%,d", checker.deliveries);
        line(out, "membership news", "%,d", checker.news);
        line(out, "measured", "%.1f s", measurement.seconds());
        line(out, "publishes/s", "%,.0f", measurement.publishesPerSecond());
        line(out, "deliveries/s", "%,.0f", measurement.deliveriesPerSecond());
        latency(out);
        cpu(out);
        if (counted != null) {
            line(
                    out,
                    "crossed lanes",
                    "%.1f %% of %,d publishes, %d lanes",
                    100 * crossLaneShare(),
                    counted.publishes(),
                    profile.lanes());
        }
        line(
                out,
                "violations",
                "%,d %s",
                violations().total(),
                passed() ? "" : violations().counts());
        violations()
                .first()
                .forEach(violation -> out.append("  ").append(violation).append('\n'));
        return out.toString();
    }

    private void latency(StringBuilder out) {
        Histogram latency = checker.latency();
        line(out, "latency p50", "%.2f ms", latency.getValueAtPercentile(50) / 1e6);
        line(out, "latency p99", "%.2f ms", latency.getValueAtPercentile(99) / 1e6);
        line(out, "latency p99.9", "%.2f ms", latency.getValueAtPercentile(99.9) / 1e6);
        line(out, "latency max", "%.2f ms", latency.getMaxValue() / 1e6);
    }

    private void cpu(StringBuilder out) {
        CpuMeter cpu = measurement.cpu();
        line(out, "CPU clients", "%.1f %% of a core", ofACore(cpu.clients()));
        if (profile.url() == null) {
            line(out, "CPU server and JVM", "%.1f %% of a core", ofACore(cpu.process() - cpu.clients()));
        } else {
            line(out, "CPU this process", "%.1f %% of a core", ofACore(cpu.process()));
            if (profile.serverPid() != 0) {
                line(out, "CPU server", "%.1f %% of a core", ofACore(cpu.server()));
            }
        }
    }

    private double ofACore(long cpuNanos) {
        return cpuNanos / 1e7 / measurement.seconds();
    }

    private static void line(StringBuilder out, String name, String format, Object... values) {
        out.append(String.format(Locale.ROOT, "%-20s ", name))
                .append(String.format(Locale.ROOT, format, values).strip())
                .append('\n');
    }
}
