package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.Handshake;
import io.roomcast.engine.Rooms;
import io.roomcast.engine.RoomsConfig;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Silence, on a lane that turns in time. */
class HeartbeatTest {
    private static final Duration HEARTBEAT = Duration.ofSeconds(8);
    private static final Duration STEP = Duration.ofMillis(50);

    private final ManualClock clock = new ManualClock();
    private final ScriptedLane lane = new ScriptedLane(0, clock);
    private final Rooms rooms = new Rooms(
            RoomsConfig.defaults().withHeartbeat(HEARTBEAT),
            List.of(lane),
            Rooms.memoryBroker(clock, Limits.defaults()),
            clock,
            1);
    private final RecordingConnection connection = new RecordingConnection(lane);

    HeartbeatTest() {
        lane.execute(() -> connection.attach(rooms.open(lane, connection, Handshake.none())));
        lane.turnUntilIdle();
    }

    @Test
    void silentPeerThatAnswersPings_stays() {
        pass(HEARTBEAT.multipliedBy(10));
        assertThat(connection.pings()).isBetween(9, 12);
        assertThat(connection.closeCode()).isNull();
    }

    @Test
    void peerThatTalks_isNotPinged() {
        for (int i = 0; i < 20; i++) {
            connection.send("{\"type\":\"ping\"}");
            pass(HEARTBEAT.dividedBy(2));
        }
        assertThat(connection.pings()).isZero();
    }

    @Test
    void deadPeer_isPingedOnceAndGoneWithinTwoHeartbeats() {
        connection.send("{\"type\":\"join\",\"room\":\"lobby\"}");
        connection.answerPings(false);
        pass(HEARTBEAT.multipliedBy(3).dividedBy(2));
        assertThat(connection.pings()).isEqualTo(1);
        assertThat(connection.closeCode()).isNull();
        pass(HEARTBEAT.dividedBy(2));
        assertThat(connection.pings()).isEqualTo(1);
        assertThat(connection.closeCode()).isEqualTo(CloseCode.HEARTBEAT_MISSED);
        assertThat(rooms.statistics().members()).isZero();
        assertThat(rooms.statistics().rooms()).isZero();
    }

    private void pass(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
            clock.advance(STEP);
            lane.turnUntilIdle();
        }
    }
}
