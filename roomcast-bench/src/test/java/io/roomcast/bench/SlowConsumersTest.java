package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("load")
final class SlowConsumersTest {

    @Test
    void stalledReaders_areCutWithinTenSecondsAndTheOthersLoseNothing() {
        SlowConsumers.Round round = SlowConsumers.run(0, 12).get(0);
        assertThat(round.without().isWhole()).isTrue();
        assertThat(round.with().isWhole()).isTrue();
        assertThat(round.kernelBytes()).as("bytes in full kernel buffers").isPositive();
        assertThat(round.with().cutAfterMillis()).isBetween(0L, 10_000L);
    }
}
