package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The timer of a lane on a ring, in a real ring. */
final class RingTimerTest {
    private static final long PATIENCE_SECONDS = 20;
    private static final long HOUR = TimeUnit.HOURS.toMillis(1);

    private final Lanes lanes = Lanes.of(
            RoomServer.builder().transport(Transport.IO_URING).lanes(1),
            new Reception(new AddressBook(1, 1, 1, System::nanoTime), Descriptors.ofThisProcess()));
    private final UringLane lane = (UringLane) lanes.all().get(0);

    @AfterEach
    void close() {
        lanes.close();
    }

    private <T> T inLane(Supplier<T> what) {
        CompletableFuture<T> result = new CompletableFuture<>();
        lane.execute(() -> result.complete(what.get()));
        return result.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private static void await(CountDownLatch latch) {
        assertThatCode(() -> assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                        .isTrue())
                .doesNotThrowAnyException();
    }

    @Test
    void tasks_runWhenTheyAreDue_theEarliestFirst_andThoseOfOneTimeAsTheyCame() {
        ConcurrentLinkedQueue<Integer> ran = new ConcurrentLinkedQueue<>();
        CountDownLatch all = new CountDownLatch(6);
        long begin = System.nanoTime();
        inLane(() -> {
            long now = System.nanoTime();
            for (int i = 0; i < 6; i++) {
                int number = i;
                lane.timer()
                        .add(
                                () -> {
                                    ran.add(number);
                                    all.countDown();
                                },
                                now + TimeUnit.MILLISECONDS.toNanos(50 - 10L * (i / 2)));
            }
            return null;
        });
        await(all);
        assertThat(ran).containsExactly(4, 5, 2, 3, 0, 1);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
    }

    @Test
    void taskOfAnotherThread_runsOnTheLane() {
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        lane.executeAfter(() -> ran.complete(lane.inLane()), 1);
        assertThat(ran.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void taskThatFails_doesNotKeepTheNextFromRunning() {
        CountDownLatch next = new CountDownLatch(1);
        lane.executeAfter(
                () -> {
                    throw new IllegalStateException("as this test wants it");
                },
                1);
        lane.executeAfter(next::countDown, 2);
        await(next);
    }

    @Test
    void manyShortTimes_beforeALongOne_leaveOneOperationUnderWay() {
        CountDownLatch all = new CountDownLatch(200);
        lane.executeAfter(() -> {}, HOUR);
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            all.countDown();
            if (all.getCount() > 0) {
                lane.executeAfter(again[0], 1);
            }
        };
        lane.executeAfter(again[0], 1);
        await(all);
        assertThat(inLane(() -> lane.timer().underWay())).isEqualTo(1);
    }

    @Test
    void timesThatComeEarlierAndEarlier_areAllKept() {
        List<Integer> expected = new ArrayList<>();
        ConcurrentLinkedQueue<Integer> ran = new ConcurrentLinkedQueue<>();
        CountDownLatch all = new CountDownLatch(40);
        inLane(() -> {
            long now = System.nanoTime();
            for (int i = 40; i > 0; i--) {
                int number = i;
                expected.add(0, number);
                lane.timer()
                        .add(
                                () -> {
                                    ran.add(number);
                                    all.countDown();
                                },
                                now + TimeUnit.MILLISECONDS.toNanos(2L * i));
            }
            assertThat(lane.timer().underWay()).isEqualTo(40);
            return null;
        });
        await(all);
        assertThat(ran).containsExactlyElementsOf(expected);
        assertThat(inLane(() -> lane.timer().underWay())).isZero();
    }

    @Test
    void endlessTime_doesNotComeBeforeWhatIsOverdue() {
        CountDownLatch overdue = new CountDownLatch(2);
        inLane(() -> {
            lane.timer().add(overdue::countDown, System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(1));
            lane.executeAfter(() -> {}, Long.MAX_VALUE);
            lane.executeAfter(overdue::countDown, Long.MIN_VALUE);
            return null;
        });
        await(overdue);
        assertThat(inLane(() -> lane.timer().size())).isEqualTo(1);
    }

    @Test
    void loopThatEnds_doesNotWaitForATask() {
        inLane(() -> {
            lane.executeAfter(() -> {}, HOUR);
            lane.executeAfter(() -> {}, HOUR / 2);
            return null;
        });
        lane.loop().shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(lane.loop().terminationFuture().awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }
}
