package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class UserCodeTest {
    private static final int STUCK = 40;

    private final List<FakeLane> lanes = FakeLane.lanes(1);
    private final Rooms rooms = new Rooms(RoomsConfig.defaults(), lanes, new HeldBroker(), Clock.system(), 1);
    private final UserCode userCode = new UserCode(1, Duration.ofMillis(1));
    private final AtomicInteger answers = new AtomicInteger();

    @Test
    void listenersThatNeverReturn_costABoundedNumberOfThreadsAndCalls() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger started = new AtomicInteger();
        for (int i = 1; i <= STUCK; i++) {
            ask(() -> {
                started.incrementAndGet();
                awaitWhateverComes(release);
            });
            workUntil(i);
        }
        assertThat(started).hasValue(1 + 16);
        assertThat(userCode.waiting()).isZero();
        release.countDown();
        CountDownLatch again = new CountDownLatch(1);
        for (int i = 1; again.getCount() > 0; i++) {
            ask(again::countDown);
            workUntil(STUCK + i);
        }
        userCode.close();
    }

    private void ask(Runnable listener) {
        LiveSession session = FakeClient.open(rooms, lanes.get(0)).session();
        lanes.get(0).turn(() -> userCode.ask(session, listener, failure -> answers.incrementAndGet()));
    }

    private void workUntil(int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (answers.get() < count) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            FakeLane.work(lanes);
            Thread.onSpinWait();
        }
    }

    private static void awaitWhateverComes(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                // A listener of the worst kind.
            }
        }
    }
}
