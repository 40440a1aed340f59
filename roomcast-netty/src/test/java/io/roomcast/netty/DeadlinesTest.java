package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The one timer for all that the peers of a lane have to do in time. */
final class DeadlinesTest {
    private static final long PATIENCE_SECONDS = 20;

    private final Lanes lanes = Lanes.of(
            RoomServer.builder().transport(Transport.NIO).lanes(1),
            new Reception(new AddressBook(1, 1, 1, System::nanoTime), Descriptors.ofThisProcess()));
    private final LoopLane lane = lanes.all().get(0);

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void lookThatFails_endsNeitherTheTimerNorTheOthersLooks() {
        CompletableFuture<Integer> other = new CompletableFuture<>();
        CompletableFuture<Integer> again = new CompletableFuture<>();
        try (LogLines log = LogLines.of(Deadlines.class)) {
            lane.execute(() -> {
                Deadlines deadlines = new Deadlines(lane, Duration.ofMillis(50));
                int[] looks = new int[2];
                deadlines.add((now, most) -> {
                    other.complete(++looks[0]);
                    return Deadlines.DONE;
                });
                deadlines.add((now, most) -> { // is looked at first
                    if (++looks[1] == 1) {
                        throw new OutOfMemoryError("as this test wants it");
                    }
                    again.complete(looks[1]);
                    return Deadlines.DONE;
                });
            });
            assertThat(other.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join())
                    .isEqualTo(1);
            assertThat(again.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join())
                    .isEqualTo(2);
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void lookThatAddsAnother_losesNeither() {
        CompletableFuture<Boolean> looked = new CompletableFuture<>();
        lane.execute(() -> {
            Deadlines deadlines = new Deadlines(lane, Duration.ofMillis(50));
            deadlines.add((now, most) -> {
                deadlines.add((later, alsoMost) -> {
                    looked.complete(true);
                    return Deadlines.DONE;
                });
                return Deadlines.DONE;
            });
        });
        assertThat(looked.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join()).isTrue();
    }
}
