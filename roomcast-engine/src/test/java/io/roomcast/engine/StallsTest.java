package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limits;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who takes nothing is cut in time, and who takes little is not. */
final class StallsTest {
    private final FakeLane lane = new FakeLane(0);
    private final Rooms rooms = new Rooms(
            RoomsConfig.defaults(),
            List.of(lane),
            Rooms.memoryBroker(Clock.system(), Limits.defaults()),
            Clock.system(),
            1);
    private final FakeClient slow = FakeClient.open(rooms, lane);

    @BeforeEach
    void join() {
        slow.say("{\"type\":\"join\",\"room\":\"lobby\"}");
        FakeLane.work(List.of(lane));
    }

    @AfterEach
    void stop() {
        slow.vanish();
        rooms.close();
    }

    @Test
    void connectionThatTakesNothing_isCutAfterEightSeconds() {
        slow.block();
        aSecondWithAMessage();
        for (int seconds = 1; seconds < 8; seconds++) {
            assertThat(slow.closed).isNull();
            aSecondWithAMessage();
        }
        assertThat(slow.closed).isEqualTo(CloseCode.SLOW_CONSUMER);
    }

    @Test
    void connectionThatIsBlockedAgainAndAgain_butMoves_isNotCut() {
        for (int seconds = 1; seconds <= 60; seconds++) {
            slow.block();
            aSecondWithAMessage();
            lane.turn(slow.session()::heard);
            slow.ready();
        }
        assertThat(slow.closed).isNull();
    }

    @Test
    void connectionThatIsBlockedManyTimesInASecond_isLookedAtOnce() {
        for (int times = 0; times < 20; times++) {
            slow.block();
            slow.ready();
        }
        slow.block();
        aSecondWithAMessage();
        assertThat(slow.closed).isNull();
    }

    /** As with io_uring, where the socket's answer comes with the next turn. */
    @Test
    void replayOfWhichTheSocketSaysLaterThatItDoesNotTakeIt_isWhatACutIsFor() {
        rooms.room("lobby").publish(Json.of("1"));
        FakeLane.work(List.of(lane));
        slow.underWay = true;
        slow.say("{\"type\":\"history\",\"room\":\"lobby\"}");
        lane.turn(() -> {
            slow.underWay = false;
            slow.session().blocked();
        });
        FakeLane.work(List.of(lane));
        for (int seconds = 0; seconds < 8; seconds++) {
            assertThat(slow.closed).isNull();
            lane.timersPass();
        }
        assertThat(slow.closed).isEqualTo(CloseCode.SLOW_CONSUMER);
    }

    private void aSecondWithAMessage() {
        rooms.room("lobby").publish(Json.of("1"));
        FakeLane.work(List.of(lane));
        lane.timersPass();
    }
}
