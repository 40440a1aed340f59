package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a check of a room is asked, when, and what comes of its answers. */
final class RoomCheckTest {
    private static final String JOIN = "{\"type\":\"join\",\"id\":1,\"room\":\"typed\",\"member\":1}";

    private final List<FakeLane> lanes = FakeLane.lanes(2);
    private final Words check = new Words();
    private Rooms rooms = start(Listeners.none());

    /** Takes numbers and nothing else; in rooms named {@code typed}. */
    private static final class Words implements RoomCheck {
        final List<String> asked = new CopyOnWriteArrayList<>();
        final List<Thread> threads = new CopyOnWriteArrayList<>();

        @Override
        public boolean holdsIn(String room) {
            return room.startsWith("typed");
        }

        @Override
        public Optional<String> checkMessage(@Nullable String event, Json data) {
            return answer("message " + event, data);
        }

        @Override
        public Optional<String> checkUpdate(Map<String, Json> set, List<String> delete, Map<String, Json> add) {
            return answer("update " + delete + add, set.getOrDefault("a", Json.of("0")));
        }

        @Override
        public Optional<String> checkMember(@Nullable Json member) {
            return answer("member", member == null ? Json.of("\"none\"") : member);
        }

        private Optional<String> answer(String what, Json json) {
            threads.add(Thread.currentThread());
            asked.add(what + " " + json);
            if (json.toString().equals("null")) {
                throw new IllegalStateException("on purpose");
            }
            return json.isNumber() ? Optional.empty() : Optional.of(json + " is no number");
        }
    }

    private Rooms start(Listeners listeners) {
        Clock clock = Clock.system();
        rooms = new Rooms(
                RoomsConfig.defaults(),
                lanes,
                Rooms.memoryBroker(clock, Limits.defaults()),
                clock,
                1,
                listeners.withChecks(List.of(check)));
        return rooms;
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    /** What the client is told when all of this is answered, by ids. */
    private List<String> say(FakeClient client, int answers, String... requests) {
        client.say(requests);
        List<String> told = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (told.stream().filter(frame -> frame.contains("\"id\":")).count() < answers) {
            assertThat(System.nanoTime()).as("time; so far " + told).isLessThan(deadline);
            FakeLane.work(lanes);
            told.addAll(client.news());
            Thread.onSpinWait();
        }
        return told;
    }

    private FakeClient client() {
        FakeClient client = FakeClient.open(rooms, lanes.get(1));
        client.news();
        return client;
    }

    private static String publish(int id, String data) {
        return "{\"type\":\"publish\",\"id\":" + id + ",\"room\":\"typed\",\"event\":\"e\",\"data\":" + data + "}";
    }

    private static String refused(int id, String request, String what) {
        return "{\"type\":\"error\",\"id\":" + id + ",\"request\":\"" + request
                + "\",\"room\":\"typed\",\"code\":\"bad_request\",\"message\":\"" + what + " is no number\"}";
    }

    @Test
    void everythingAMemberSays_isChecked_andRefusalsKeepTheOrder() {
        FakeClient ana = client();
        assertThat(say(ana, 1, JOIN)).singleElement().asString().contains("\"type\":\"joined\"");
        List<String> told = say(
                ana,
                6,
                publish(2, "true"),
                publish(3, "7"),
                "{\"type\":\"update\",\"id\":4,\"room\":\"typed\",\"set\":{\"a\":true}}",
                "{\"type\":\"update\",\"id\":5,\"room\":\"typed\",\"set\":{\"a\":1},\"delete\":[\"b\"],\"add\":{\"c\":1}}",
                "{\"type\":\"member\",\"id\":6,\"room\":\"typed\",\"member\":true}",
                "{\"type\":\"member\",\"id\":7,\"room\":\"typed\",\"member\":2}");
        assertThat(told).hasSize(8);
        assertThat(told.get(0)).isEqualTo(refused(2, "publish", "true"));
        assertThat(told.get(1)).contains("\"type\":\"message\"", "\"data\":7");
        assertThat(told.get(2)).contains("\"type\":\"published\"");
        assertThat(told.get(3)).isEqualTo(refused(4, "update", "true"));
        assertThat(told.get(4)).contains("\"type\":\"state\"", "\"a\":1");
        assertThat(told.get(5)).contains("\"type\":\"updated\"");
        assertThat(told.get(6)).isEqualTo(refused(6, "member", "true"));
        assertThat(told.get(7)).contains("\"type\":\"ok\"");
        assertThat(check.asked)
                .containsExactly(
                        "member 1",
                        "message e true",
                        "message e 7",
                        "update []{} true",
                        "update [b]{c=1} 1",
                        "member true",
                        "member 2");
        assertThat(check.threads).doesNotContain(Thread.currentThread());
    }

    @Test
    void wrongMember_doesNotJoin() {
        FakeClient ana = client();
        assertThat(say(ana, 1, JOIN.replace("\"member\":1", "\"member\":true")))
                .containsExactly(refused(1, "join", "true"));
        assertThat(say(ana, 1, JOIN.replace(",\"member\":1", ""))).containsExactly(refused(1, "join", "\\\"none\\\""));
        assertThat(say(ana, 1, publish(2, "7"))).singleElement().asString().contains("not_member");
        assertThat(rooms.statistics().rooms()).isZero();
    }

    @Test
    void resync_isNotCheckedBecauseItsMemberIsIgnored() {
        FakeClient ana = client();
        say(ana, 1, JOIN);
        assertThat(say(ana, 1, JOIN.replace("\"member\":1", "\"member\":true")))
                .singleElement()
                .asString()
                .contains("\"type\":\"joined\"");
        assertThat(check.asked).containsExactly("member 1");
    }

    @Test
    void roomWithoutAType_asksNothing_andAnswersInTheSameTurns() {
        FakeClient ana = client();
        ana.say(
                JOIN.replace("typed", "free").replace("\"member\":1", "\"member\":true"),
                publish(2, "true").replace("typed", "free"));
        FakeLane.work(lanes);
        assertThat(ana.news()).hasSize(3);
        assertThat(check.asked).isEmpty();
    }

    @Test
    void whoIsNoMember_isRefusedWithoutACheck() {
        FakeClient ana = client();
        ana.say(publish(2, "true"), "{\"type\":\"member\",\"id\":3,\"room\":\"typed\",\"member\":true}");
        FakeLane.work(lanes);
        assertThat(ana.news()).hasSize(2).allMatch(frame -> frame.contains("not_member"));
        assertThat(check.asked).isEmpty();
    }

    @Test
    void listener_hearsOnlyOfWhatIsRight() {
        List<String> heard = new CopyOnWriteArrayList<>();
        start(Listeners.none()
                .withMessage(message -> heard.add(message.data().toString()))
                .withUpdate(update -> heard.add(update.set().toString()))
                .withJoin(join -> heard.add("join")));
        FakeClient ana = client();
        say(ana, 1, JOIN.replace("\"member\":1", "\"member\":true"));
        say(ana, 1, JOIN);
        say(
                ana,
                3,
                publish(2, "true"),
                publish(3, "7"),
                "{\"type\":\"update\",\"id\":4,\"room\":\"typed\",\"set\":{\"a\":true}}");
        assertThat(heard).containsExactly("join", "7");
        assertThat(check.asked)
                .containsExactly("member true", "member 1", "message e true", "message e 7", "update []{} true");
    }

    @Test
    void whatAListenerPutsInItsPlace_isCheckedToo_andIsNotTheClientsFault() {
        start(Listeners.none()
                .withMessage(message ->
                        message.data(Json.of(message.data().toString().equals("1") ? "10" : "true")))
                .withUpdate(update -> update.set(Map.of("a", Json.of("true")))));
        FakeClient ana = client();
        say(ana, 1, JOIN);
        List<String> told = say(
                ana,
                3,
                publish(2, "1"),
                publish(3, "2"),
                "{\"type\":\"update\",\"id\":4,\"room\":\"typed\",\"set\":{\"a\":1}}");
        assertThat(told.get(0)).contains("\"data\":10");
        assertThat(told.get(2)).contains("\"id\":3", "\"unavailable\"").doesNotContain("number");
        assertThat(told.get(3)).contains("\"id\":4", "\"unavailable\"").doesNotContain("number");
        assertThat(told).hasSize(4);
    }

    @Test
    void listenersRefusal_isTheAnswer_whateverItPutInItsPlace() {
        start(Listeners.none().withMessage(message -> {
            message.data(Json.of("true"));
            message.refuse(ErrorCode.NOT_ALLOWED, "Not now.");
        }));
        FakeClient ana = client();
        say(ana, 1, JOIN);
        assertThat(say(ana, 1, publish(2, "1"))).singleElement().asString().contains("not_allowed", "Not now.");
    }

    @Test
    void joinListener_addsTheMemberThatIsMissing() {
        start(Listeners.none().withJoin(join -> {
            if (join.room().equals("typed")) {
                join.member(Json.of("3"));
            }
        }));
        FakeClient ana = client();
        assertThat(say(ana, 1, JOIN.replace(",\"member\":1", ",\"members\":true")))
                .singleElement()
                .asString()
                .contains("\"member\":3");
        FakeClient bob = client();
        assertThat(say(bob, 1, JOIN.replace("\"room\":\"typed\",\"member\":1", "\"room\":\"typed2\"")))
                .singleElement()
                .asString()
                .contains("bad_request", "none");
    }

    @Test
    void checkThatThrows_isAFaultOfTheApplication() {
        FakeClient ana = client();
        say(ana, 1, JOIN);
        assertThat(say(ana, 2, publish(2, "null"), publish(3, "1")))
                .hasSize(3)
                .element(0)
                .asString()
                .contains("\"id\":2", "unavailable");
    }
}
