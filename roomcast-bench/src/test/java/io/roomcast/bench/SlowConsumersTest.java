package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("load")
final class SlowConsumersTest {

    @Test
    void stalledReaders_areCutWithinTenSecondsAndTheOthersLoseNothing() {
        List<SlowConsumers.Phase> without = new ArrayList<>();
        List<SlowConsumers.Phase> with = new ArrayList<>();
        SlowConsumers.run(1, 12, without, with);
        assertThat(without).allMatch(SlowConsumers::isWhole);
        assertThat(with).allMatch(SlowConsumers::isWhole);
        assertThat(with.get(0).kernelBytes()).as("bytes in full kernel buffers").isPositive();
        assertThat(with.get(0).cutAfterMillis()).isBetween(0L, 10_000L);
    }
}
