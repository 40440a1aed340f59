package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("load")
final class JoinStormTest {
    @Test
    void thousandJoinsAndLeaves_atOnce_areToldRightAndInFewFrames() {
        JoinStorm.Storm storm = JoinStorm.run(BenchServer.LISTS_FEW + "storm", 1_000, BenchServer.FEW, 1)
                .get(0);
        assertThat(storm.faults()).isZero();
        // One in 50 ms, however long the machine takes for it.
        assertThat(storm.joinShare()).isLessThan(0.1);
        assertThat(storm.leaveShare()).isLessThan(0.1);
    }
}
