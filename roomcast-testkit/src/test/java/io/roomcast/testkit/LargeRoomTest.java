package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.Handshake;
import io.roomcast.engine.Rooms;
import io.roomcast.engine.RoomsConfig;
import io.roomcast.protocol.Limits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A room so large that it is written in slices: what happens between two slices keeps its place. */
class LargeRoomTest {
    private static final int MEMBERS = 5_000;

    private final ManualClock clock = new ManualClock();
    private final ScriptedLane lane = new ScriptedLane(0, clock);
    private final Rooms rooms =
            new Rooms(RoomsConfig.defaults(), List.of(lane), Rooms.memoryBroker(clock, Limits.defaults()), clock, 1);
    private final List<RecordingConnection> members = new ArrayList<>();

    @Test
    void whatHappensBetweenSlices_keepsItsPlace() {
        for (int i = 0; i < MEMBERS; i++) {
            members.add(join());
        }
        lane.turnUntilIdle();
        members.forEach(RecordingConnection::pollAll);
        publish(0, 1);
        lane.turn();
        assertThat(lane.lastTurn().get(0).connections().size()).isLessThan(MEMBERS);
        publish(4_999, 2);
        members.get(2_500).send("{\"type\":\"leave\",\"room\":\"lobby\",\"id\":3}");
        RecordingConnection late = join();
        publish(1, 3);
        members.get(4_998).drop();
        lane.turn();
        publish(2, 4);
        lane.turnUntilIdle();
        assertThat(late.pollAll()).extracting(LargeRoomTest::gist).containsExactly("welcome", "joined 2", "3", "4");
        assertThat(members.get(2_500).pollAll()).extracting(LargeRoomTest::gist).containsExactly("1", "2", "left");
        for (int i = 0; i < MEMBERS; i++) {
            if (i != 2_500 && i != 4_998) {
                assertThat(members.get(i).pollAll())
                        .extracting(LargeRoomTest::gist)
                        .containsExactly("1", "2", "3", "4");
            }
        }
        assertThat(lane.complaints()).isEmpty();
        assertThat(lane.heldRuns()).isZero();
    }

    @Test
    void otherRoom_isNotKeptWaitingBySlices() {
        RecordingConnection other = open();
        other.send("{\"type\":\"join\",\"room\":\"tea\"}");
        for (int i = 0; i < MEMBERS; i++) {
            members.add(join());
        }
        lane.turnUntilIdle();
        other.pollAll();
        members.forEach(RecordingConnection::pollAll);
        publish(0, 1);
        other.send("{\"type\":\"publish\",\"room\":\"tea\",\"data\":7}");
        lane.turn();
        assertThat(other.pollAll()).extracting(LargeRoomTest::gist).containsExactly("7");
        assertThat(members.get(0).pollAll()).extracting(LargeRoomTest::gist).containsExactly("1");
        assertThat(members.get(MEMBERS - 1).pollAll()).as("in the second slice").isEmpty();
        lane.turnUntilIdle();
        assertThat(members.get(MEMBERS - 1).pollAll())
                .extracting(LargeRoomTest::gist)
                .containsExactly("1");
    }

    private RecordingConnection open() {
        RecordingConnection connection = new RecordingConnection(lane);
        lane.execute(() -> connection.attach(rooms.open(lane, connection, Handshake.none())));
        return connection;
    }

    private RecordingConnection join() {
        RecordingConnection connection = open();
        connection.send("{\"type\":\"join\",\"room\":\"lobby\"}");
        return connection;
    }

    private void publish(int member, int data) {
        members.get(member).send("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":" + data + "}");
    }

    /** A message's data, a joined's offset, else the type. */
    private static String gist(String text) {
        int data = text.indexOf("\"data\":");
        if (data >= 0) {
            return text.substring(data + 7, text.length() - 1);
        }
        String type = text.substring(9, text.indexOf('"', 9));
        int offset = text.indexOf("\"offset\":");
        return offset < 0 ? type : type + " " + text.substring(offset + 9, text.indexOf(',', offset));
    }
}
