package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PaceTest {
    @Test
    void loopThatWasBusy_makesUpForIt_withTheIntendedTimes() {
        try (ClientLoop loop = new ClientLoop()) {
            List<Long> intended = new ArrayList<>();
            Pace pace = new Pace(loop, 1_000, (number, time) -> {
                assertThat(number).isEqualTo(intended.size());
                intended.add(time);
            });
            pace.begin();
            long[] freeAgain = new long[1];
            loop.run(() -> {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
                while (System.nanoTime() - end < 0) {
                    Thread.onSpinWait();
                }
                freeAgain[0] = end;
            });
            assertThat(loop.becomes(5, () -> intended.size() >= 60)).isTrue();
            pace.end();
            List<Long> all = loop.ask(() -> List.copyOf(intended));
            for (int i = 1; i < all.size(); i++) {
                assertThat(all.get(i) - all.get(i - 1)).isBetween(999_000L, 1_001_000L);
            }
            assertThat(all.stream().filter(time -> time - freeAgain[0] < 0).count())
                    .as("what was due while nobody had time for it")
                    .isGreaterThanOrEqualTo(45);
        }
    }
}
