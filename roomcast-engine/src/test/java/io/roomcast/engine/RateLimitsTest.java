package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RateLimitsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int PER_SECOND = 10;
    private static final int BURST = PER_SECOND * Limit.BURST_SECONDS;

    private static final Limits LIMITS = Limits.defaults()
            .with(Limit.PUBLISHES_PER_SECOND, PER_SECOND)
            .with(Limit.JOINS_PER_SECOND, Limit.OFF)
            .with(Limit.BYTES_PER_SECOND, 10_000);

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 1, Long.MIN_VALUE, -1})
    void burst_passesThenOneForEachTenthOfASecond(long start) {
        RateLimits rates = new RateLimits(LIMITS, start);
        for (int i = 0; i < BURST; i++) {
            assertThat(rates.publish(start)).as("publish %d", i).isZero();
        }
        assertThat(rates.publish(start)).isEqualTo(SECOND / PER_SECOND);
        assertThat(rates.publish(start + SECOND / PER_SECOND - 1)).isEqualTo(1);
        assertThat(rates.publish(start + SECOND / PER_SECOND)).isZero();
        assertThat(rates.publish(start + SECOND / PER_SECOND)).isPositive();
        long later = start + 100 * SECOND;
        for (int i = 0; i < BURST; i++) {
            assertThat(rates.publish(later)).isZero();
        }
        assertThat(rates.publish(later)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 10_000})
    void bytes_areCountedAsTheyAre(int size) {
        RateLimits rates = new RateLimits(LIMITS, 0);
        int passed = 0;
        while (rates.bytes(size, 0) == 0) {
            passed++;
        }
        assertThat((long) passed * size).isEqualTo(10_000L * Limit.BURST_SECONDS);
    }

    @Test
    void off_neverWaits() {
        RateLimits rates = new RateLimits(LIMITS, 0);
        for (int i = 0; i < 100_000; i++) {
            assertThat(rates.join(0)).isZero();
        }
    }

    @Test
    void refusals_endItBeyondTheirBurst() {
        RateLimits rates = new RateLimits(LIMITS, 0);
        for (int i = 0; i < 200; i++) {
            assertThat(rates.refused(0)).isFalse();
        }
        assertThat(rates.refused(0)).isTrue();
        assertThat(rates.refused(100 * SECOND)).isFalse();
    }
}
