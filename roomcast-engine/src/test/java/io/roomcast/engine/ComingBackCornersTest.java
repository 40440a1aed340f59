package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong only in the corners of coming back: between two steps, behind a slow broker or a slow socket. */
final class ComingBackCornersTest {
    private static final String SESSION = "{\"type\":\"session\",\"id\":7}";

    private final List<FakeLane> lanes = FakeLane.lanes(2);
    private final HeldBroker broker = new HeldBroker();
    private long nanos = 1_000_000_000;
    private Limits limits = Limits.defaults();
    private Rooms rooms = rooms();

    private Rooms rooms(RoomTemplate... templates) {
        RoomsConfig config = RoomsConfig.defaults().withLimits(limits).withTemplates(List.of(templates));
        rooms = new Rooms(config, lanes, broker, new TestClock(), 1);
        return rooms;
    }

    private final class TestClock implements Clock {
        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return nanos / 1_000_000;
        }
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    private FakeClient client(int lane) {
        return FakeClient.open(rooms, lanes.get(lane));
    }

    private void work() {
        FakeLane.work(lanes);
    }

    private void passes(Duration time) {
        nanos += time.toNanos();
        for (int i = 0; i < 2; i++) {
            lanes.forEach(FakeLane::timersPass);
            work();
        }
    }

    /** What this client is told when it has said this and all work is done. */
    private List<String> say(FakeClient client, String... messages) {
        client.news();
        client.say(messages);
        work();
        return client.news();
    }

    private void vanish(FakeClient client) {
        client.vanish();
        work();
    }

    private static String join(String room, String fields) {
        return "{\"type\":\"join\",\"id\":1,\"room\":\"" + room + "\"" + fields + "}";
    }

    private static String join(String room) {
        return join(room, "");
    }

    private static String leave(String room) {
        return "{\"type\":\"leave\",\"id\":2,\"room\":\"" + room + "\"}";
    }

    private static String publish(String room, int data) {
        return "{\"type\":\"publish\",\"id\":3,\"room\":\"" + room + "\",\"data\":" + data + "}";
    }

    private static String field(String name, String frame) {
        return frame.replaceAll(".*\"" + name + "\":\"([^\"]*)\".*", "$1");
    }

    /** Brings this client's session back on a new connection. */
    private static String back(String secret) {
        return "{\"type\":\"session\",\"id\":7,\"session\":\"" + secret + "\"}";
    }

    private void publishes(String room, int count) {
        for (int i = 0; i < count; i++) {
            rooms.room(room).publish(Json.of("" + i));
            work();
        }
    }

    // ---- On the wire

    @Test
    void replyInTwoPieces_toASlowMember_isNotTornByAGap() {
        limits = limits.with(Limit.OUTBOX_BYTES, 1_024);
        rooms(new RoomTemplate("busy", SlowConsumer.DROP_OLDEST, limits));
        say(client(1), join("lobby"));
        publishes("lobby", 1);
        FakeClient slow = client(0);
        say(slow, join("busy"));
        slow.block();
        publishes("busy", 5);
        String about = "\"" + "x".repeat(700) + "\"";
        say(slow, join("lobby", ",\"members\":true,\"history\":1,\"member\":" + about));
        slow.ready();
        work();
        List<String> told = slow.news();
        assertThat(told).allMatch(frame -> frame.startsWith("{\"type\":") && frame.endsWith("}"));
        assertThat(told).anyMatch(frame -> frame.startsWith("{\"type\":\"gap\""));
        assertThat(told)
                .anyMatch(frame -> frame.startsWith("{\"type\":\"joined\"")
                        && frame.endsWith("\"messages\":[{\"offset\":1,\"at\":0,\"data\":0}]}"));
    }

    @Test
    void replay_thatIsLongerThanAnOutboxMayBe_reachesASlowMember() {
        limits = limits.with(Limit.OUTBOX_BYTES, 1_024);
        rooms();
        FakeClient slow = client(0);
        say(slow, join("lobby"));
        publishes("lobby", 50);
        slow.block();
        say(slow, "{\"type\":\"history\",\"id\":4,\"room\":\"lobby\"}");
        assertThat(slow.closed).isNull();
        publishes("lobby", 5);
        assertThat(slow.closed).isNull();
        publishes("lobby", 20);
        assertThat(slow.closed).isEqualTo(CloseCode.SLOW_CONSUMER);
    }

    @Test
    void requestBehindAReplay_isTakenThoughTheRoomGoesOn() {
        FakeClient slow = client(0);
        say(slow, join("lobby"));
        publishes("lobby", 1);
        slow.blocksWhenWritten = true;
        say(slow, join("lobby", ",\"history\":1"), "{\"type\":\"ping\",\"id\":5}");
        for (int i = 0; i < 3; i++) {
            publishes("lobby", 1);
            slow.ready();
            work();
        }
        assertThat(slow.news()).contains("{\"type\":\"pong\",\"id\":5}");
    }

    @Test
    void requestBehindAReplay_isNotOvertaken() {
        FakeClient ana = client(0);
        ana.say(join("lobby", ",\"history\":1"), publish("lobby", 1));
        ana.say(publish("lobby", 2));
        work();
        assertThat(ana.news().stream().filter(frame -> frame.startsWith("{\"type\":\"message\"")))
                .satisfiesExactly(
                        first -> assertThat(first).endsWith("\"data\":1}"),
                        second -> assertThat(second).endsWith("\"data\":2}"));
    }

    // ---- A slow broker

    @Test
    void resume_thatHasBecomeTooLongMeanwhile_saysSo() {
        limits = limits.with(Limit.RESUME_MESSAGES, 3);
        rooms();
        say(client(0), join("lobby"));
        publishes("lobby", 3);
        FakeClient ana = client(1);
        broker.holdsReads = true;
        say(ana, join("lobby", ",\"resume\":{\"epoch\":\"e\",\"offset\":0}"));
        publishes("lobby", 1);
        lanes.get(0).turn(broker.answers.remove());
        work();
        assertThat(ana.news()).singleElement().asString().endsWith("\"resumed\":false,\"reason\":\"too_many\"}");
    }

    @Test
    void removal_thatWaitsForTheBroker_isNotForgottenWithTheConnection() {
        FakeClient ana = client(1);
        List<String> told = say(ana, SESSION, join("lobby"));
        broker.holdsAnswers = true;
        say(ana, publish("lobby", 1));
        CompletableFuture<Boolean> removed = rooms.room("lobby").remove(field("memberId", told.get(1)), "kicked");
        work();
        vanish(ana);
        assertThat(removed).isCompletedWithValue(true);
        assertThat(rooms.statistics().members()).isZero();
        assertThat(rooms.statistics().absentMembers()).isZero();
        assertThat(say(client(0), back(field("session", told.get(0)))).get(0)).contains("\"rooms\":[]");
    }

    @Test
    void repeatToNobody_ofAMessageOnItsWay_isAnsweredBehindIt() {
        String keyed = "{\"type\":\"publish\",\"id\":3,\"room\":\"lobby\",\"data\":1,\"key\":\"k\"";
        FakeClient ana = client(1);
        String secret = field("session", say(ana, SESSION, join("lobby")).get(0));
        broker.holdsAnswers = true;
        say(ana, keyed + "}");
        vanish(ana);
        FakeClient again = client(1);
        say(again, back(secret), join("lobby"));
        assertThat(say(again, keyed + ",\"to\":\"m99\"}")).isEmpty();
        lanes.get(0).turn(broker.answers.remove());
        work();
        assertThat(again.news())
                .satisfiesExactly(
                        message -> assertThat(message).contains("\"type\":\"message\"", "\"offset\":1"),
                        reply -> assertThat(reply).contains("\"type\":\"published\"", "\"offset\":1"));
    }

    @Test
    void leave_thatWaitsForTheBroker_isNotForgottenWithTheConnection() {
        FakeClient ana = client(1);
        String secret = field("session", say(ana, SESSION, join("lobby")).get(0));
        broker.holdsAnswers = true;
        say(ana, publish("lobby", 1), leave("lobby"));
        vanish(ana);
        assertThat(rooms.statistics().members()).isZero();
        assertThat(say(client(0), back(secret)).get(0)).contains("\"rooms\":[]");
    }

    // ---- From one connection to the next

    @Test
    void leaveBehindARefusedJoin_endsWhatThereStillWas() {
        limits = limits.with(Limit.MEMBER_BYTES, 10);
        RoomTemplate strict = new RoomTemplate("*", SlowConsumer.DISCONNECT, limits);
        limits = Limits.defaults();
        rooms(strict);
        FakeClient ana = client(1);
        String secret = field("session", say(ana, SESSION, join("lobby")).get(0));
        vanish(ana);
        FakeClient again = client(1);
        List<String> told = say(again, back(secret), join("lobby", ",\"member\":\"longer than ten\""), leave("lobby"));
        assertThat(told.get(told.size() - 2)).contains("\"code\":\"too_large\"");
        assertThat(told.get(told.size() - 1)).startsWith("{\"type\":\"left\"");
        assertThat(rooms.statistics().members()).isZero();
    }

    @Test
    void roomThatWasNotJoinedAgain_isNotNamedToTheNextConnection() {
        FakeClient ana = client(1);
        String secret = field("session", say(ana, SESSION, join("lobby")).get(0));
        vanish(ana);
        FakeClient second = client(0);
        assertThat(say(second, back(secret)).get(0)).contains("\"rooms\":[\"lobby\"]");
        passes(Duration.ofSeconds(16));
        assertThat(rooms.statistics().members()).isZero();
        vanish(second);
        assertThat(say(client(1), back(secret)).get(0)).contains("\"restored\":true,\"rooms\":[]");
    }

    @Test
    void roomItIsRemovedFromWhileItsSessionIsHandedOver_isNotNamed() {
        say(client(1), join("lobby"));
        FakeClient ana = client(0);
        List<String> told = say(ana, SESSION, join("lobby"));
        vanish(ana);
        FakeClient again = client(1);
        work();
        again.news();
        again.say(back(field("session", told.get(0))));
        rooms.room("lobby").remove(field("memberId", told.get(1)), "kicked");
        work();
        assertThat(again.news().get(0)).contains("\"restored\":true,\"rooms\":[]");
    }

    @Test
    void sessionBroughtBackAgainAndAgain_gathersNoMoreRoomsThanAConnectionMayBeIn() {
        limits = limits.with(Limit.ROOMS_PER_CONNECTION, 2);
        rooms();
        FakeClient ana = client(1);
        String secret = field("session", say(ana, SESSION).get(0));
        for (int i = 0; i < 10; i++) {
            say(ana, join("a" + i), join("b" + i));
            vanish(ana);
            ana = client(i % 2);
            assertThat(say(ana, back(secret)).get(0)).endsWith("\"rooms\":[\"a" + i + "\",\"b" + i + "\"]}");
            assertThat(rooms.statistics().members()).isEqualTo(2);
        }
    }
}
