package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PeerFiguresTest {
    private static final PeerRun.Settings SETTINGS = new PeerRun.Settings(2, 1, 0, "", "", "bun");

    private static PeerRun run(String workload) {
        return new PeerRun(Workload.named(workload), SETTINGS, new PeerCertificate(Path.of("none")));
    }

    private static PeerRun.Turn turn(String contender, int round, Map<String, Object> figures) {
        return new PeerRun.Turn(contender, round, figures);
    }

    private static PeerRun.Turn turn(String contender, int round, double cpu, double bytes, double missing) {
        return new PeerRun.Turn(
                contender,
                round,
                Map.of(
                        "cpuMicrosPerDelivery",
                        cpu,
                        "bytesPerDelivery",
                        bytes,
                        "missing",
                        missing,
                        "generatorCores",
                        0.5));
    }

    @Test
    void ratio_isOfTurnsOfTheSameRound() {
        try (PeerRun run = run("thousand-10-saturated")) {
            run.turns().add(turn("bun", 0, 10, 200, 0));
            run.turns().add(turn("roomcast", 0, 8, 200, 0));
            run.turns().add(turn("roomcast", 1, 18, 200, 0));
            run.turns().add(turn("bun", 1, 20, 200, 0));
            PeerFigures.Summary ours = PeerFigures.summaries(run, "bun").stream()
                    .filter(summary -> summary.contender().equals("roomcast")
                            && summary.figure().equals("cpuMicrosPerDelivery"))
                    .findFirst()
                    .orElseThrow();
            assertThat(ours.values()).containsExactly(8.0, 18.0);
            assertThat(ours.ratios()).containsExactly(0.8, 0.9);
            assertThat(PeerFigures.doubts(run, "bun")).isEmpty();
        }
    }

    private static Map<String, List<Double>> ratios(PeerRun run) {
        return PeerFigures.summaries(run, "bun").stream()
                .filter(summary -> summary.figure().equals("cpuMicrosPerDelivery"))
                .collect(Collectors.toMap(PeerFigures.Summary::contender, PeerFigures.Summary::ratios));
    }

    @Test
    void ratioOfTls_isToTheReferencesTls() {
        try (PeerRun run = run("thousand-10-saturated")) {
            run.turns().add(turn("bun", 0, 10, 200, 0));
            run.turns().add(turn("roomcast", 0, 5, 200, 0));
            run.turns().add(turn("bun:tls", 0, 20, 200, 0));
            run.turns().add(turn("roomcast:tls", 0, 30, 200, 0));
            assertThat(ratios(run))
                    .containsEntry("bun", List.of())
                    .containsEntry("roomcast", List.of(0.5))
                    .containsEntry("bun:tls", List.of())
                    .containsEntry("roomcast:tls", List.of(1.5));
            assertThat(PeerFigures.doubts(run, "bun")).isEmpty();
        }
    }

    @Test
    void ratioOfTls_withoutTheReferencesTls_isNone_andSaysSo() {
        try (PeerRun run = run("thousand-10-saturated")) {
            run.turns().add(turn("bun", 0, 10, 200, 0));
            run.turns().add(turn("roomcast:tls", 0, 30, 200, 0));
            assertThat(ratios(run)).containsEntry("roomcast:tls", List.of());
            assertThat(PeerFigures.doubts(run, "bun"))
                    .containsExactly("roomcast:tls has no ratio: there are no turns of bun:tls");
        }
    }

    @Test
    void load_thatTakesLongerThanTheServer_isADoubtAboutLateness() {
        try (PeerRun run = run("one-1000")) {
            run.turns().add(turn("bun:tls", 0, Map.of("serverCores", 0.5, "generatorCores", 0.4)));
            run.turns().add(turn("roomcast:tls", 0, Map.of("serverCores", 0.5, "generatorCores", 0.6)));
            run.turns().add(turn("roomcast:tls", 1, Map.of("serverCores", 0.5, "generatorCores", 0.95)));
            assertThat(PeerFigures.doubts(run, "bun"))
                    .containsExactly(
                            "roomcast:tls, round 2: the generator was busy all the time, the server may not have been",
                            "roomcast:tls: the load took longer for a delivery than the server in 2 of 2 turns, so lateness may be its own");
        }
    }

    @Test
    void doubts_areOfWhatIsMissing_andOfOtherBytes() {
        try (PeerRun run = run("thousand-10-saturated")) {
            run.turns().add(turn("bun", 0, 10, 200, 0));
            run.turns().add(turn("roomcast", 0, 8, 220, 3));
            assertThat(PeerFigures.doubts(run, "bun"))
                    .containsExactly("roomcast, round 1: 3 missing", "roomcast, round 1: +10 % bytes for a delivery");
        }
    }
}
