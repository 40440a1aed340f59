package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong now = new AtomicLong();

    private static void take(Pace pace, int turns) {
        for (int i = 0; i < turns; i++) {
            assertThat(pace.turnNanos()).isZero();
        }
    }

    @Test
    void burst_and_rate_stay_below_what_the_server_allows() {
        Pace pace = new Pace(100, now::get);
        take(pace, 400);
        assertThat(pace.turnNanos()).isCloseTo(SECOND / 95, within(1L));
        assertThat(pace.turnNanos()).isCloseTo(2 * SECOND / 95, within(1L));
        now.addAndGet(SECOND);
        take(pace, 93);
        assertThat(pace.turnNanos()).isPositive();
    }

    @Test
    void rest_does_not_save_up_more_than_a_burst() {
        Pace pace = new Pace(100, now::get);
        now.addAndGet(3_600 * SECOND);
        take(pace, 400);
        assertThat(pace.turnNanos()).isPositive();
    }

    @Test
    void no_limit_is_no_wait() {
        take(new Pace(0, now::get), 10_000);
        take(new Pace(-1, now::get), 10_000);
    }
}
