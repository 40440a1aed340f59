package io.roomcast.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private final AtomicLong clock = new AtomicLong();
    private final Pace pace = new Pace(clock::get);

    private long waitMillis() {
        return TimeUnit.NANOSECONDS.toMillis(pace.turnNanos());
    }

    @Test
    void secondsWorth_goAtOnce_andThenItIsTheRate() {
        pace.begin(10);
        for (int n = 0; n < 40; n++) {
            assertThat(waitMillis()).isZero();
        }
        assertThat(waitMillis()).isEqualTo(100);
        assertThat(waitMillis()).isEqualTo(200);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(waitMillis()).isZero();
    }

    @Test
    void whatGoesAtOnceOrNever_takesTheTurnsThatThereAre_andPromisesNone() {
        pace.begin(10);
        for (int n = 0; n < 40; n++) {
            pace.pass();
        }
        assertThat(waitMillis()).isEqualTo(100);
        for (int n = 0; n < 100; n++) {
            pace.pass();
        }
        assertThat(waitMillis()).isEqualTo(200);
    }

    @Test
    void serverWithoutLimit_isNotWaitedFor() {
        for (int n = 0; n < 1_000; n++) {
            assertThat(waitMillis()).isZero();
            pace.pass();
        }
    }
}
