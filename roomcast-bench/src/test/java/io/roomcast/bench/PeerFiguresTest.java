package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class PeerFiguresTest {
    private static final PeerRun.Settings SETTINGS = new PeerRun.Settings(2, 1, 0, "", "", "bun");

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
        try (PeerRun run = new PeerRun(Workload.named("thousand-10-saturated"), SETTINGS)) {
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

    @Test
    void doubts_areOfWhatIsMissing_andOfOtherBytes() {
        try (PeerRun run = new PeerRun(Workload.named("thousand-10-saturated"), SETTINGS)) {
            run.turns().add(turn("bun", 0, 10, 200, 0));
            run.turns().add(turn("roomcast", 0, 8, 220, 3));
            assertThat(PeerFigures.doubts(run, "bun"))
                    .containsExactly("roomcast, round 1: 3 missing", "roomcast, round 1: +10 % bytes for a delivery");
        }
    }
}
