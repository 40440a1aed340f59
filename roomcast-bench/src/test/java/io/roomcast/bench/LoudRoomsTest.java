package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Limit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("load")
final class LoudRoomsTest {
    /** Beyond what a warm server keeps for itself: its classes and the chunks of its buffers. */
    private static final long SOME_MEMORY = 32L << 20;

    @Test
    void row35_aThousandThatNeverRead_areCutAndNobodyElseNotices() {
        LoudRooms.Result result = LoudRooms.run(3, 5);
        assertThat(result.without()).allMatch(LoudRooms.Phase::isWhole);
        assertThat(result.with()).allMatch(LoudRooms.Phase::isWhole).allSatisfy(LoudRoomsTest::allAreCut);
        assertThat(result.p99Ratio()).as("p99 of the others, of %s", result).isLessThanOrEqualTo(2);
        assertThat(result.eachInItsOwn().isWhole()).isTrue();
        assertThat(result.eachInItsOwn().cut())
                .as("cut, though none was over its own limit")
                .isPositive();
        assertThat(result.eachInItsOwn().mostDirectBytes())
                .as("buffers in the attack")
                .isLessThan(((LoudRooms.HEAP_MEGABYTES / 2) << 20) + SOME_MEMORY);
        assertThat(result.log()).noneMatch(line -> line.contains("OutOfMemory") || line.contains("OutOfDirectMemory"));
        assertThat(result.after().rooms()).isZero();
        assertThat(result.after().heapBytes())
                .as("heap after the attack, but for the history that the rooms may keep")
                .isLessThan(result.before().heapBytes() + result.after().keptBytes() + SOME_MEMORY);
        assertThat(result.after().keptBytes()).isLessThanOrEqualTo(Limit.ROOM_BYTES.defaultValue());
        assertThat(result.after().directBytes())
                .as("buffers after the attack")
                .isLessThan(result.before().directBytes() + SOME_MEMORY);
    }

    private static void allAreCut(LoudRooms.Phase phase) {
        assertThat(phase.cutAfterMillis()).isBetween(0L, LoudRooms.CUT_MILLIS);
        assertThat(phase.cut()).isEqualTo(LoudRooms.STALLED);
        assertThat(phase.told()).as("ends that the cut have seen").isEqualTo(LoudRooms.STALLED);
    }
}
