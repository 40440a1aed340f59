package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContenderTest {
    @Test
    void name_isAProgramAndItsOptions() {
        Contender contender = Contender.named("roomcast:history=off:transport=epoll");
        assertThat(contender.program()).isEqualTo(PeerProgram.ROOMCAST);
        assertThat(contender.options()).containsEntry("transport", "epoll");
        assertThat(contender.prefix()).isEqualTo(BenchServer.NO_HISTORY);
        assertThat(Contender.named("bun").prefix()).isEmpty();
    }

    @Test
    void name_thatIsWrong_saysWhatThereIs() {
        assertThatThrownBy(() -> Contender.named("bnu"))
                .hasMessageContaining("bun")
                .hasMessageContaining("bnu");
        assertThatThrownBy(() -> Contender.named("roomcast:history")).hasMessageContaining("history=on|off");
        assertThatThrownBy(() -> Contender.named("bun:lanes=2")).hasMessageContaining("roomcast has");
        assertThatThrownBy(() -> Workload.named("one")).hasMessageContaining("one-1000");
    }

    @Test
    void tls_standsFirst_andIsComparedWithTheReferencesTls() {
        Contender contender = Contender.named("roomcast:history=off:tls");
        assertThat(contender.tls()).isTrue();
        assertThat(contender.options()).containsOnlyKeys("history");
        assertThat(contender.name()).isEqualTo("roomcast:tls:history=off");
        assertThat(Contender.named("roomcast").tls()).isFalse();
        assertThat(Contender.referenceOf("roomcast:tls", "bun")).isEqualTo("bun:tls");
        assertThat(Contender.referenceOf("roomcast:tls:lanes=2", "roomcast:lanes=1"))
                .isEqualTo("roomcast:tls:lanes=1");
        assertThat(Contender.referenceOf("roomcast", "bun")).isEqualTo("bun");
        assertThat(Contender.referenceOf("roomcast:tls", "bun:tls")).isEqualTo("bun:tls");
    }

    @Test
    void whoCannotSpeakTls_isLeftOutWithTheReason_andHasNoFigure() {
        PeerRun.Settings settings = new PeerRun.Settings(1, 1, 0, "", "", "bun");
        PeerCertificate none = new PeerCertificate(Path.of("none"));
        try (PeerRun run = new PeerRun(Workload.named("one-1000"), settings, none)) {
            run.run(List.of(Contender.named("ws:tls"), Contender.named("roomcast:tls:transport=io_uring")));
            assertThat(run.turns()).isEmpty();
            assertThat(run.leftOut())
                    .containsExactly(
                            Map.entry("ws:tls", "there is no TLS for ws here, only for roomcast and bun"),
                            Map.entry(
                                    "roomcast:tls:transport=io_uring",
                                    "with TLS connections move over epoll or nio, not over io_uring"));
        }
    }

    @Test
    void tls_isSpokenByTheProcessesOfARun_andSaidInItsResults(@TempDir Path folder) {
        PeerRun.Settings settings = new PeerRun.Settings(1, 1, 0, "", "", "roomcast");
        Workload workload = Workload.named("ten-100").withConnections(200);
        try (PeerRun run = new PeerRun(workload, settings, PeerCertificate.madeIn(folder))) {
            run.run(List.of(Contender.named("roomcast:tls")));
            assertThat(run.leftOut()).isEmpty();
            assertThat(run.negotiated())
                    .containsExactly(Map.entry("roomcast:tls", "TLSv1.3 with TLS_AES_128_GCM_SHA256"));
            PeerRun.Turn turn = run.turns().get(0);
            assertThat(turn.figure("deliveries")).isPositive();
            assertThat(turn.figure("faults")).isZero();
            assertThat(turn.figure("wireBytesPerDelivery")).isGreaterThan(turn.figure("bytesPerDelivery") + 2);
            assertThat(run.versions().get("roomcast:tls")).doesNotContain("io_uring");
        }
    }

    @Test
    void tls_thatIsNotTheSameForAll_isNotCompared() {
        Map<String, String> same = Map.of("bun:tls", "TLSv1.3 with A", "roomcast:tls", "TLSv1.3 with A");
        assertThatCode(() -> PeerTls.checkAlike(same)).doesNotThrowAnyException();
        Map<String, String> other = Map.of("bun:tls", "TLSv1.3 with A", "roomcast:tls", "TLSv1.3 with B");
        assertThatThrownBy(() -> PeerTls.checkAlike(other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("TLSv1.3 with A")
                .hasMessageContaining("TLSv1.3 with B");
    }

    @Test
    void whoCannotBeStarted_isLeftOutWithTheReason() {
        PeerRun.Settings settings = new PeerRun.Settings(1, 1, 0, "", "", "bun");
        try (PeerRun run = new PeerRun(Workload.named("one-1000"), settings, new PeerCertificate(Path.of("none")))) {
            run.run(List.of(Contender.named("roomcast:jdk=/nowhere")));
            assertThat(run.turns()).isEmpty();
            assertThat(run.leftOut())
                    .containsExactly(Map.entry("roomcast:jdk=/nowhere", "there is no JDK in /nowhere"));
        }
    }

    @Test
    void whoFailsInALaterRound_hasNoFigureOfTheEarlierOnes() {
        PeerRun.Settings settings = new PeerRun.Settings(1, 1, 0, "", "", "bun");
        try (PeerRun run = new PeerRun(Workload.named("one-1000"), settings, new PeerCertificate(Path.of("none")))) {
            run.rounds(List.of(Contender.named("bun"), Contender.named("roomcast")), 3, (contender, round) -> {
                if (round == 2 && contender.name().equals("roomcast")) {
                    throw new IllegalStateException("it has died");
                }
                run.turns().add(new PeerRun.Turn(contender.name(), round, Map.of()));
            });
            assertThat(run.turns()).extracting(PeerRun.Turn::contender).containsExactly("bun", "bun", "bun");
            assertThat(run.leftOut()).containsExactly(Map.entry("roomcast", "it has died"));
        }
    }
}
