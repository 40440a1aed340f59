package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.CloseCode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {
    private final FakeLane lane = new FakeLane(0);
    private final Rooms rooms = new Rooms(RoomsConfig.defaults(), List.of(lane), new HeldBroker(), Clock.system(), 1);

    private void beats(int count) {
        for (int i = 0; i < count; i++) {
            lane.timersPass();
        }
    }

    @Test
    void silentConnection_isPingedOnceAndThenClosed() {
        FakeClient ana = FakeClient.open(rooms, lane);
        beats(6);
        assertThat(ana.pings).isZero();
        beats(8);
        assertThat(ana.pings).isEqualTo(1);
        assertThat(ana.closed).isNull();
        beats(1);
        assertThat(ana.closed).isEqualTo(CloseCode.HEARTBEAT_MISSED);
        assertThat(rooms.statistics().connections()).isZero();
    }

    @Test
    void signOfLife_startsTheSilenceAgain() {
        FakeClient ana = FakeClient.open(rooms, lane);
        for (int i = 0; i < 10; i++) {
            beats(14);
            lane.turn(ana.session()::heard);
        }
        assertThat(ana.closed).isNull();
        assertThat(ana.pings).isEqualTo(10);
    }

    @Test
    void connectionWeDoNotListenTo_isNotSilent() {
        FakeClient ana = FakeClient.open(rooms, lane);
        lane.turn(ana.session()::pause);
        beats(100);
        assertThat(ana.closed).isNull();
        lane.turn(ana.session()::resume);
        beats(15);
        assertThat(ana.closed).isEqualTo(CloseCode.HEARTBEAT_MISSED);
    }

    @Test
    void endOfSome_leavesTheOthersToTheirTime() {
        List<FakeClient> clients =
                List.of(FakeClient.open(rooms, lane), FakeClient.open(rooms, lane), FakeClient.open(rooms, lane));
        beats(3);
        lane.turn(clients.get(1).session()::heard);
        beats(12);
        assertThat(clients).extracting(client -> client.closed != null).containsExactly(true, false, true);
        clients.get(1).vanish();
        beats(20);
        assertThat(clients.get(1).closed).isNull();
        assertThat(rooms.heartbeat(clients.get(1).session().turn).size()).isZero();
    }
}
