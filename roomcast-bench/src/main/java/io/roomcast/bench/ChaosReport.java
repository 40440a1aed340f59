package io.roomcast.bench;

import io.roomcast.testkit.FaultyProxy.Deed;
import java.util.Locale;
import java.util.Map;

/**
 * What a chaos run came to.
 *
 * @param tally at rest: its thread has ended
 * @param deeds what the proxy did
 */
record ChaosReport(ChaosProfile profile, ChaosTally tally, Map<Deed, Long> deeds) {
    boolean passed() {
        return tally.violations.total() == 0 && resumedShare() >= 0.99;
    }

    /** Of the reconnects that were inside the window, by what is known of it, those that resumed. */
    double resumedShare() {
        long resumed = tally.get(ChaosCount.RESUMED);
        long inside = resumed + tally.get(ChaosCount.NOT_RESUMED_WITHOUT_CAUSE);
        return inside == 0 ? 0 : (double) resumed / inside;
    }

    /** The summary for people, a figure in each line. */
    String table() {
        StringBuilder out = new StringBuilder();
        line(
                out,
                profile.clients() + " clients in " + profile.rooms() + " rooms" + (profile.tls() ? ", TLS" : "")
                        + ", seconds",
                profile.duration().toSeconds());
        line(out, "seed", profile.seed());
        deeds.forEach((deed, times) ->
                line(out, "proxy: " + deed.name().toLowerCase(Locale.ROOT).replace('_', ' '), times));
        for (ChaosCount count : ChaosCount.values()) {
            line(out, count.label(), tally.get(count));
        }
        out.append(String.format(
                Locale.ROOT, "%-44s %13.3f %%%n", "resumed, of those inside the window", 100 * resumedShare()));
        line(out, "violations", tally.violations.total());
        tally.violations.counts().forEach((fault, times) -> line(out, "  " + fault, times));
        tally.violations
                .first()
                .forEach(violation -> out.append("  ").append(violation).append('\n'));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, long value) {
        out.append(String.format(Locale.ROOT, "%-44s %,13d%n", name, value));
    }
}
