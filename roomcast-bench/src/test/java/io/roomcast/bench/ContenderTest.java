package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
    void whoCannotBeStarted_isLeftOutWithTheReason() {
        PeerRun.Settings settings = new PeerRun.Settings(1, 1, 0, "", "", "bun");
        try (PeerRun run = new PeerRun(Workload.named("one-1000"), settings)) {
            run.run(List.of(Contender.named("roomcast:jdk=/nowhere")));
            assertThat(run.turns()).isEmpty();
            assertThat(run.leftOut())
                    .containsExactly(Map.entry("roomcast:jdk=/nowhere", "there is no JDK in /nowhere"));
        }
    }
}
