package io.roomcast.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.Handshake;
import io.roomcast.engine.Rooms;
import io.roomcast.engine.RoomsConfig;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import io.roomcast.testkit.ScriptedLane.WriteCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The transport SPI is bulk: what a room says costs a lane one call, whatever the number of members. */
class BulkWriteTest {
    private static final int MEMBERS = 1_000;

    private final ManualClock clock = new ManualClock();
    private final List<ScriptedLane> lanes = new ArrayList<>();
    private final List<RecordingConnection> connections = new ArrayList<>();

    @AfterEach
    void laneHasNoComplaints() {
        assertThat(lanes).allSatisfy(lane -> assertThat(lane.complaints()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void publishToThousandMembers_isOneWriteOnEachLane(int laneCount) {
        roomOf(MEMBERS, laneCount, Limits.defaults());
        connections.get(0).send("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":\"hi\"}");
        List<WriteCall> calls = turnAll();
        assertThat(calls).hasSize(laneCount);
        assertThat(calls)
                .allSatisfy(call -> assertThat(call.connections())
                        .hasSize(MEMBERS / laneCount)
                        .doesNotHaveDuplicates()
                        .allMatch(connection ->
                                connection.lane() == call.connections().get(0).lane()));
        assertThat(connections)
                .allSatisfy(connection -> assertThat(connection.pollAll())
                        .singleElement()
                        .asString()
                        .startsWith("{\"type\":\"message\",\"room\":\"lobby\",\"offset\":1,")
                        .endsWith(",\"data\":\"hi\"}"));
    }

    @Test
    void severalPublishesInOneTurn_areOneWriteOfAllFrames() {
        roomOf(MEMBERS, 1, Limits.defaults());
        for (int i = 0; i < 5; i++) {
            connections.get(i).send("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":" + i + "}");
        }
        List<WriteCall> calls = turnAll();
        assertThat(calls)
                .singleElement()
                .satisfies(call -> assertThat(call.connections()).hasSize(MEMBERS));
        assertThat(connections.get(999).pollAll())
                .hasSize(5)
                .extracting(text -> text.substring(text.length() - 2))
                .containsExactly("0}", "1}", "2}", "3}", "4}");
    }

    @Test
    void memberWithReplyOfItsOwn_getsOneWriteToo() {
        roomOf(MEMBERS, 1, Limits.defaults());
        connections.get(0).send("{\"type\":\"publish\",\"room\":\"lobby\",\"id\":7,\"data\":\"hi\"}");
        connections.get(1).send("{\"type\":\"ping\",\"id\":8}");
        connections.get(2).send("{\"type\":\"publish\",\"room\":\"lobby\",\"id\":9,\"echo\":false,\"data\":\"ho\"}");
        List<WriteCall> calls = turnAll();
        assertThat(calls).hasSize(4);
        assertThat(calls.stream().mapToInt(call -> call.connections().size()).max())
                .hasValue(MEMBERS - 3);
        Set<RecordingConnection> written = new HashSet<>();
        calls.forEach(call -> call.connections()
                .forEach(connection -> assertThat(written.add(connection)).isTrue()));
        assertThat(connections.get(0).pollAll())
                .extracting(BulkWriteTest::type)
                .containsExactly("message", "published", "message");
        assertThat(connections.get(1).pollAll()).extracting(BulkWriteTest::type).contains("pong");
        assertThat(connections.get(2).pollAll())
                .extracting(BulkWriteTest::type)
                .containsExactly("message", "published");
    }

    @Test
    void writtenRun_isOneFrameAndLetGoAfterTheTurn() {
        roomOf(MEMBERS, 1, Limits.defaults());
        connections.get(0).send("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":\"hi\"}");
        WriteCall call = turnAll().get(0);
        String frame = connections.get(0).pollAll().get(0);
        assertThat(call.bytes()).hasSize(2 + frame.getBytes(UTF_8).length);
        assertThat(call.run().refCnt()).isZero();
        assertThat(lanes.get(0).heldRuns()).isZero();
    }

    @Test
    void blockedMembers_holdTheSameBytes() {
        roomOf(10, 1, Limits.defaults());
        connections.subList(0, 3).forEach(connection -> connection.takeOnly(1));
        connections.get(9).send("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":\"hi\"}");
        WriteCall call = turnAll().get(0);
        assertThat(call.run().refCnt()).isPositive();
        assertThat(lanes.get(0).heldRuns()).isEqualTo(1);
        connections.forEach(RecordingConnection::takeAll);
        turnAll();
        assertThat(lanes.get(0).heldRuns()).isZero();
        assertThat(connections)
                .extracting(RecordingConnection::pollAll)
                .allSatisfy(texts -> assertThat(texts).hasSize(1));
    }

    @Test
    void slowMember_isClosedBeyondItsOutboxAndDelaysNobody() {
        roomOf(3, 1, Limits.defaults().with(Limit.OUTBOX_BYTES, 4_096));
        RecordingConnection slow = connections.get(2);
        slow.takeOnly(0);
        lanes.get(0).turnUntilIdle();
        int published = 0;
        while (slow.closeCode() == null) {
            assertThat(published).isLessThan(20);
            connections.get(0).send("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":\"" + "x".repeat(450) + "\"}");
            lanes.get(0).turnUntilIdle();
            published++;
            assertThat(connections.get(1).pollAll()).hasSize(1);
        }
        // One frame of more than 450 bytes waits in the socket, at least eight make 4,096 in the outbox.
        assertThat(published).isBetween(8, 10);
        assertThat(slow.closeCode()).isEqualTo(CloseCode.SLOW_CONSUMER);
        clock.advance(java.time.Duration.ofSeconds(6));
        lanes.get(0).turnUntilIdle();
        assertThat(slow.isEnded()).isTrue();
        assertThat(lanes.get(0).heldRuns()).isZero();
    }

    @Test
    void slowMemberThatCatchesUp_getsEverythingInOrderInOneWrite() {
        roomOf(3, 1, Limits.defaults());
        RecordingConnection slow = connections.get(2);
        slow.takeOnly(0);
        for (int i = 0; i < 10; i++) {
            connections.get(0).send("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":" + i + "}");
            lanes.get(0).turnUntilIdle();
        }
        int writesWhileBlocked = slow.writes();
        slow.takeAll();
        lanes.get(0).turnUntilIdle();
        assertThat(slow.writes() - writesWhileBlocked).isEqualTo(1);
        assertThat(slow.pollAll())
                .extracting(text -> text.substring(text.length() - 2))
                .containsExactly("0}", "1}", "2}", "3}", "4}", "5}", "6}", "7}", "8}", "9}");
    }

    @Test
    void publishFromAnotherLane_isOneHopInAndOneTaskOut() {
        Rooms rooms = roomOf(8, 4, Limits.defaults());
        long before = rooms.statistics().crossLanePublishes();
        // Of four lanes one is the room's home, so three of these four publishers are elsewhere.
        for (int i = 0; i < 4; i++) {
            connections.get(i).send("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":" + i + "}");
        }
        // In the first round each lane reads and ships; in the second the home decides, in the third all have it.
        long writes = lanes.stream().mapToLong(ScriptedLane::writeCalls).sum();
        for (int round = 0; round < 3; round++) {
            lanes.forEach(ScriptedLane::turn);
        }
        assertThat(rooms.statistics().crossLanePublishes() - before).isEqualTo(3);
        assertThat(connections)
                .extracting(RecordingConnection::pollAll)
                .allSatisfy(texts -> assertThat(texts).hasSize(4));
        assertThat(lanes.stream().mapToLong(ScriptedLane::writeCalls).sum() - writes)
                .isLessThanOrEqualTo(8);
    }

    /** All have joined without news, and read what came until then. */
    private Rooms roomOf(int members, int laneCount, Limits limits) {
        for (int i = 0; i < laneCount; i++) {
            lanes.add(new ScriptedLane(i, clock));
        }
        Rooms rooms = new Rooms(
                RoomsConfig.defaults().withLimits(limits), lanes, Rooms.memoryBroker(clock, limits), clock, 1);
        for (int i = 0; i < members; i++) {
            ScriptedLane lane = lanes.get(i % laneCount);
            RecordingConnection connection = new RecordingConnection(lane);
            lane.execute(() -> connection.attach(rooms.open(lane, connection, Handshake.none())));
            connection.send("{\"type\":\"join\",\"room\":\"lobby\"}");
            connections.add(connection);
        }
        turnAll();
        clock.advance(java.time.Duration.ofMillis(100));
        turnAll();
        connections.forEach(connection ->
                assertThat(connection.pollAll()).extracting(BulkWriteTest::type).containsExactly("welcome", "joined"));
        return rooms;
    }

    /** Turns all lanes until none has work, and returns the writes. */
    private List<WriteCall> turnAll() {
        List<WriteCall> calls = new ArrayList<>();
        while (lanes.stream().anyMatch(ScriptedLane::hasWork)) {
            for (ScriptedLane lane : lanes) {
                lane.turn();
                calls.addAll(lane.lastTurn());
            }
        }
        return calls;
    }

    private static String type(String text) {
        return text.substring("{\"type\":\"".length(), text.indexOf('"', "{\"type\":\"".length()));
    }
}
