package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BufferBudgetTest {
    @ParameterizedTest
    @CsvSource({"0, 100", "500, 100", "501, 99", "750, 50", "995, 1", "1000, 0", "5000, 0"})
    void share_isAllUpToHalfOfTheBudgetThenLessAndLess(long used, long share) {
        assertThat(new BufferBudget(() -> used, 1_000).share(100)).isEqualTo(share);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "500, false", "501, true", "5000, true"})
    void isShort_beyondHalfOfTheBudget(long used, boolean isShort) {
        assertThat(new BufferBudget(() -> used, 1_000).isShort()).isEqualTo(isShort);
    }

    @Test
    void share_afterBuffersCameBack_isAllAgain() {
        AtomicLong used = new AtomicLong(1_000);
        BufferBudget budget = new BufferBudget(used::get, 1_000);
        assertThat(budget.share(100)).isZero();
        used.set(100);
        assertThat(budget.share(100)).isEqualTo(100);
    }

    @Test
    void budgetOfTheJvm_countsTheBuffersOfTheAllocator() {
        int most = (int) (Runtime.getRuntime().maxMemory() / 2);
        BufferBudget budget = BufferBudget.of(ByteBufAllocator.DEFAULT);
        assertThat(budget.isShort()).isFalse();
        ByteBuf large = ByteBufAllocator.DEFAULT.directBuffer(most * 3 / 4, most);
        try {
            assertThat(budget.isShort()).isTrue();
        } finally {
            large.release();
        }
        assertThat(budget.isShort()).isFalse();
    }
}
