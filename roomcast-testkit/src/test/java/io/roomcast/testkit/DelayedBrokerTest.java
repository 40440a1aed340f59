package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.Rooms;
import io.roomcast.engine.spi.Broker;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelayedBrokerTest extends BrokerContract {
    private final ManualClock clock = new ManualClock();
    private final DelayedBroker delayed = new DelayedBroker(Rooms.memoryBroker(clock, Limits.defaults()), 1);

    @Override
    protected Broker broker() {
        return delayed;
    }

    @Override
    protected void awaitAnswers() {
        delayed.releaseAll();
    }

    @Override
    protected void letPass(Duration time) {
        clock.advance(time);
    }

    @Override
    protected void failNextPublish() {
        delayed.failNextPublish();
    }

    @Test
    void answers_waitUntilReleasedAndComeInAnyOrder() {
        List<String> opened = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            delayed.open("lobby", retention(), new Answer(opened, i));
        }
        assertThat(opened).isEmpty();
        assertThat(delayed.held()).isEqualTo(20);
        delayed.releaseAll();
        assertThat(opened).hasSize(20).isNotEqualTo(opened.stream().sorted().toList());
        assertThat(delayed.outOfOrder()).isPositive();
    }

    @Test
    void brokerThatFailsEverything_asksNobody() {
        DelayedBroker failing = new DelayedBroker(delayed, 1, 1);
        List<String> answers = new ArrayList<>();
        failing.open("lobby", retention(), new Answer(answers, 1));
        failing.releaseAll();
        assertThat(answers).containsExactly("failed 1");
        assertThat(failing.failed()).isEqualTo(1);
        assertThat(delayed.held()).isZero();
    }

    private record Answer(List<String> answers, int number) implements Broker.OpenAnswer {
        @Override
        public void opened(Broker.RoomLog log) {
            answers.add(String.format("opened %02d", number));
        }

        @Override
        public void failed(String why) {
            answers.add("failed " + number);
        }
    }
}
