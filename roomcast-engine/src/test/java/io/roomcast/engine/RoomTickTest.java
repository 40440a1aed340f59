package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that a room gathers for its tick, and what else lets them out. */
final class RoomTickTest {
    private final Limits limits = Limits.defaults()
            .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
            .with(Limit.JOINS_PER_SECOND, Limit.OFF)
            .with(Limit.BYTES_PER_SECOND, Limit.OFF);
    private final List<Rooms> started = new ArrayList<>();
    private List<FakeLane> lanes = List.of();
    private Rooms rooms = rooms(1);

    private Rooms rooms(int count) {
        return rooms(count, Rooms.memoryBroker(Clock.system(), limits));
    }

    private Rooms rooms(int count, Broker broker) {
        lanes = FakeLane.lanes(count);
        RoomTemplate game = new RoomTemplate("game", SlowConsumer.DISCONNECT, limits)
                .withTickMillis(20)
                .withTickEvents(List.of("move*"))
                .withLatestEvents(List.of("move-latest"));
        RoomsConfig config = RoomsConfig.defaults()
                .withLimits(limits)
                .withTemplates(List.of(game))
                .withNewsInterval(Duration.ofHours(1))
                .withGrace(Duration.ofHours(1));
        Rooms fresh = new Rooms(config, lanes, broker, Clock.system(), 1);
        started.add(fresh);
        return fresh;
    }

    @AfterEach
    void stop() {
        started.forEach(Rooms::close);
    }

    private FakeClient client(int lane) {
        return FakeClient.open(rooms, lanes.get(lane % lanes.size()));
    }

    private FakeClient member(int lane) {
        FakeClient client = client(lane);
        say(client, join(""));
        return client;
    }

    private List<String> say(FakeClient client, String... messages) {
        client.news();
        client.say(messages);
        FakeLane.work(lanes);
        return heard(client);
    }

    private void tick() {
        lanes.forEach(FakeLane::timersPass);
        FakeLane.work(lanes);
    }

    private static String join(String more) {
        return "{\"type\":\"join\",\"room\":\"game\",\"state\":false" + more + "}";
    }

    private static String publish(String event, Object data, String more) {
        return "{\"type\":\"publish\",\"room\":\"game\",\"event\":\"" + event + "\",\"data\":" + data + more + "}";
    }

    private static String move(Object data) {
        return publish("move", data, "");
    }

    /** What it was told since the last call, without what differs from run to run. */
    private static List<String> heard(FakeClient client) {
        return client.news().stream().map(RoomTickTest::plain).toList();
    }

    private static String plain(String frame) {
        return Pattern.compile(",\"room\":\"game\"|\"at\":\\d+,\"from\":\"m[^\"]*\",|\"at\":\\d+,")
                .matcher(frame)
                .replaceAll("");
    }

    private static String entry(long offset, String event, Object data) {
        return (offset == 0 ? "{" : "{\"offset\":" + offset + ",") + "\"event\":\"" + event + "\",\"data\":" + data
                + "}";
    }

    private static String alone(long offset, String event, Object data) {
        return "{\"type\":\"message\"," + entry(offset, event, data).substring(1);
    }

    private static String together(String... entries) {
        return "{\"type\":\"messages\",\"messages\":[" + String.join(",", entries) + "]}";
    }

    private static String published(int id, long offset) {
        return "{\"type\":\"published\",\"id\":" + id + (offset == 0 ? "" : ",\"offset\":" + offset) + "}";
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void messagesOfTheTick_comeAsOneFrame_inTheirOrder_keptOrNot(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(2);
        assertThat(say(ana, move(1), publish("move.x", 2, ",\"keep\":false"))).isEmpty();
        assertThat(say(bob, move(3))).isEmpty();
        tick();
        String all = together(entry(1, "move", 1), entry(0, "move.x", 2), entry(2, "move", 3));
        assertThat(heard(ana)).containsExactly(all);
        assertThat(heard(bob)).containsExactly(all);
        tick();
        assertThat(heard(bob)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oneAlone_isAPlainMessage(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        say(ana, publish("move", 1, ",\"id\":7"));
        assertThat(heard(bob)).isEmpty();
        tick();
        assertThat(heard(ana)).containsExactly(alone(1, "move", 1), published(7, 1));
        assertThat(heard(bob)).containsExactly(alone(1, "move", 1));
        say(ana, publish("move", 2, ",\"echo\":false"));
        tick();
        assertThat(heard(ana)).containsExactly("{\"type\":\"published\",\"offset\":2}");
        assertThat(heard(bob)).containsExactly(alone(2, "move", 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void whatIsNotGathered_letsOutWhatWas(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(2);
        say(ana, move(1), move(2), publish("say", 3, ""));
        String two = together(entry(1, "move", 1), entry(2, "move", 2));
        assertThat(heard(bob)).containsExactly(two, alone(3, "say", 3));
        assertThat(say(ana, "{\"type\":\"publish\",\"room\":\"game\",\"data\":4}"))
                .containsExactly("{\"type\":\"message\",\"offset\":4,\"data\":4}");
        rooms.room("game").publishUnkept("move", Json.of("5"));
        FakeLane.work(lanes);
        heard(bob);
        rooms.room("game").sendToUser("nobody", Json.of("6"));
        FakeLane.work(lanes);
        assertThat(heard(bob)).containsExactly(alone(0, "move", 5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void privateMessage_standsBehindWhatWasGathered(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = client(0);
        bob.news();
        bob.say(join(""));
        FakeLane.work(lanes);
        String id = bob.news().get(0).replaceAll(".*\"memberId\":\"([^\"]*)\".*", "$1");
        say(ana, move(1), publish("move", 2, ",\"to\":\"" + id + "\""));
        assertThat(heard(bob))
                .containsExactly(
                        alone(1, "move", 1),
                        "{\"type\":\"message\",\"event\":\"move\",\"to\":\"" + id + "\",\"data\":2}");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void whoPublishedWithoutEcho_getsAFrameOfItsOwn_andRepliesBehindIt(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(2);
        FakeClient cleo = member(3);
        say(ana, publish("move", 1, ",\"echo\":false,\"id\":1"));
        say(bob, publish("move", 2, ",\"echo\":false,\"keep\":false"));
        say(ana, publish("move", 3, ",\"id\":2"), publish("move", 4, ",\"echo\":false"));
        tick();
        assertThat(heard(cleo))
                .containsExactly(
                        together(entry(1, "move", 1), entry(0, "move", 2), entry(2, "move", 3), entry(3, "move", 4)));
        assertThat(heard(ana))
                .containsExactly(
                        together(entry(0, "move", 2), entry(2, "move", 3)),
                        published(1, 1),
                        published(2, 2),
                        "{\"type\":\"published\",\"offset\":3}");
        assertThat(heard(bob))
                .containsExactly(
                        together(entry(1, "move", 1), entry(2, "move", 3), entry(3, "move", 4)),
                        "{\"type\":\"published\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void joinInMidTick_isACleanCut(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(2);
        say(ana, move(1), move(2));
        FakeClient cleo = client(3);
        List<String> told = say(cleo, join(",\"history\":9"));
        assertThat(told.get(told.size() - 1))
                .contains("\"offset\":2,", entry(1, "move", 1) + "," + entry(2, "move", 2));
        assertThat(heard(bob)).containsExactly(together(entry(1, "move", 1), entry(2, "move", 2)));
        say(ana, move(3));
        tick();
        assertThat(heard(cleo)).containsExactly(alone(3, "move", 3));
        assertThat(heard(bob)).containsExactly(alone(3, "move", 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void resyncAndHistory_comeBehindWhatTheySpeakOf(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        say(ana, move(1));
        assertThat(say(bob, "{\"type\":\"history\",\"room\":\"game\"}")).first().isEqualTo(alone(1, "move", 1));
        say(ana, move(2));
        List<String> told = say(bob, join(""));
        assertThat(told.get(0)).isEqualTo(alone(2, "move", 2));
        assertThat(told.get(1)).contains("\"type\":\"joined\"", "\"offset\":2,");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void replies_keepTheOrderOfTheRequests(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        assertThat(say(
                        ana,
                        publish("move", 1, ",\"id\":1"),
                        "{\"type\":\"members\",\"id\":2,\"room\":\"game\",\"limit\":0}",
                        publish("move", 2, ",\"id\":3"),
                        "{\"type\":\"member\",\"id\":4,\"room\":\"game\",\"member\":1}"))
                .satisfiesExactly(
                        message -> assertThat(message).isEqualTo(alone(1, "move", 1)),
                        reply -> assertThat(reply).isEqualTo(published(1, 1)),
                        reply -> assertThat(reply).contains("\"error\"", "\"id\":2"),
                        message -> assertThat(message).isEqualTo(alone(2, "move", 2)),
                        reply -> assertThat(reply).isEqualTo(published(3, 2)),
                        reply -> assertThat(reply).contains("\"ok\"", "\"id\":4"));
        heard(bob);
        say(ana, move(3), "{\"type\":\"member\",\"id\":4,\"room\":\"game\",\"member\":1}");
        assertThat(heard(bob))
                .as("who is owed no reply does not hurry the room")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void repeatOfAGatheredMessage_isAnsweredBehindIt(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        String keyed = publish("move", 1, ",\"key\":\"k\"");
        assertThat(say(ana, keyed, keyed.replace("}", ",\"id\":2}")))
                .containsExactly(alone(1, "move", 1), published(2, 1));
        tick();
        assertThat(heard(bob)).containsExactly(alone(1, "move", 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void memberThatLeaves_hasAllBeforeLeft_andSoHaveTheOthersWhatItSaid(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(2);
        say(bob, move(1));
        assertThat(say(ana, publish("move", 2, ",\"id\":1"), "{\"type\":\"leave\",\"room\":\"game\"}"))
                .containsExactly(
                        together(entry(1, "move", 1), entry(2, "move", 2)), published(1, 2), "{\"type\":\"left\"}");
        assertThat(heard(bob)).containsExactly(together(entry(1, "move", 1), entry(2, "move", 2)));
        tick();
        assertThat(heard(ana)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void memberWhoseConnectionEnds_isHeardOutAndOwedNothing(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        say(ana, publish("move", 1, ",\"id\":1,\"echo\":false"));
        ana.vanish();
        FakeLane.work(lanes);
        assertThat(heard(bob)).containsExactly(alone(1, "move", 1));
        say(bob, move(2));
        bob.vanish();
        FakeLane.work(lanes);
        assertThat(rooms.statistics().rooms()).isZero();
        tick();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void absentMember_resumesBehindWhatWasGathered(int count) {
        rooms = rooms(count);
        FakeClient ana = client(1);
        ana.say("{\"type\":\"session\",\"id\":1}", join(""));
        FakeLane.work(lanes);
        String secret = ana.told.get(1).replaceAll(".*\"session\":\"([^\"]*)\".*", "$1");
        String joined = ana.told.get(2);
        String epoch = joined.replaceAll(".*\"epoch\":\"([^\"]*)\".*", "$1");
        FakeClient bob = member(0);
        say(ana, publish("move", 1, ",\"echo\":false"));
        ana.vanish();
        FakeLane.work(lanes);
        say(bob, move(2));
        FakeClient back = client(1);
        List<String> told = say(
                back,
                "{\"type\":\"session\",\"id\":1,\"session\":\"" + secret + "\"}",
                join(",\"resume\":{\"epoch\":\"" + epoch + "\",\"offset\":0}"));
        assertThat(told.get(told.size() - 1))
                .contains("\"resumed\":true", entry(1, "move", 1) + "," + entry(2, "move", 2));
        assertThat(heard(bob)).containsExactly(together(entry(1, "move", 1), entry(2, "move", 2)));
        tick();
        assertThat(heard(back)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void serverThatGoesDown_letsOutWhatWasGathered(int count) {
        rooms = rooms(count);
        List<FakeClient> all = List.of(member(0), member(1), member(2), member(3));
        FakeClient ana = all.get(1);
        say(ana, move(1), publish("move", 2, ",\"id\":1"));
        rooms.drain(1);
        FakeLane.work(lanes);
        for (FakeClient each : all) {
            assertThat(heard(each))
                    .hasSize(each == ana ? 3 : 2)
                    .contains(together(entry(1, "move", 1), entry(2, "move", 2)))
                    .anyMatch(frame -> frame.startsWith("{\"type\":\"closing\""));
            assertThat(each.closed).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatFillsAFrame_goesOutBeforeItsTime(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        say(ana, IntStream.rangeClosed(1, 300).mapToObj(RoomTickTest::move).toArray(String[]::new));
        assertThat(heard(bob)).hasSize(1).allMatch(frame -> frame.endsWith(entry(256, "move", 256) + "]}"));
        tick();
        heard(bob);
        String large = "\"" + "x".repeat(20_000) + "\"";
        say(ana, move(large), move(large), move(large));
        List<String> told = heard(bob);
        assertThat(told).hasSize(1);
        assertThat(told.get(0).length()).isBetween(40_000, 49_152);
        tick();
        assertThat(heard(bob)).containsExactly(alone(303, "move", large));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void roomThatIsHurried_hasOneTimerAllTheSame(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        int timers = lanes.stream().mapToInt(FakeLane::timers).sum();
        for (int i = 1; i <= 50; i++) {
            say(
                    ana,
                    move(i),
                    "{\"type\":\"update\",\"room\":\"game\",\"set\":{\"a\":" + i + "}}",
                    publish("say", i, ""));
        }
        assertThat(lanes.stream().mapToInt(FakeLane::timers).sum()).isEqualTo(timers + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void changesAndMessagesOfATick_comeTogether_theMessagesFirst(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = client(0);
        say(bob, join("").replace("false", "true"));
        say(ana, "{\"type\":\"update\",\"room\":\"game\",\"set\":{\"a\":1}}", move(1), move(2));
        assertThat(heard(bob)).isEmpty();
        tick();
        assertThat(heard(bob))
                .satisfiesExactly(
                        messages -> assertThat(messages).isEqualTo(together(entry(1, "move", 1), entry(2, "move", 2))),
                        state -> assertThat(state).contains("\"type\":\"state\""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void latestOfATick_outdatesTheOneBefore_andEachIsAnswered(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        String unkept = ",\"keep\":false";
        say(ana, publish("move-latest", 1, unkept + ",\"id\":1"), move(2));
        say(bob, publish("move-latest", 3, unkept));
        say(ana, publish("move-latest", 4, unkept + ",\"id\":2"), publish("move-latest", 5, ",\"id\":3"));
        tick();
        String all = together(
                entry(1, "move", 2),
                entry(0, "move-latest", 3),
                entry(0, "move-latest", 4),
                entry(2, "move-latest", 5));
        assertThat(heard(ana)).containsExactly(all, published(1, 0), published(2, 0), published(3, 2));
        assertThat(heard(bob)).containsExactly(all);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void latestWithoutEcho_doesNotOutdateOneThatItsPublisherIsToGet(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        String unkept = ",\"keep\":false";
        say(ana, publish("move-latest", 1, unkept), publish("move-latest", 2, unkept + ",\"echo\":false"));
        tick();
        assertThat(heard(ana)).containsExactly(alone(0, "move-latest", 1), "{\"type\":\"published\"}");
        assertThat(heard(bob)).containsExactly(together(entry(0, "move-latest", 1), entry(0, "move-latest", 2)));
        say(ana, publish("move-latest", 3, unkept + ",\"echo\":false"), publish("move-latest", 4, unkept));
        tick();
        assertThat(heard(bob)).containsExactly(alone(0, "move-latest", 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void floodOfLatest_isBoundedByItsReplies(int count) {
        rooms = rooms(count);
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        for (int i = 1; i <= 1_000; i++) {
            say(ana, publish("move-latest", i, ",\"keep\":false"));
        }
        assertThat(heard(bob)).isEmpty();
        tick();
        assertThat(heard(bob)).containsExactly(alone(0, "move-latest", 1_000));
        for (int i = 1; i <= 256; i++) {
            say(ana, publish("move-latest", i, ",\"keep\":false,\"echo\":false"));
        }
        assertThat(heard(bob)).containsExactly(alone(0, "move-latest", 256));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void lateBroker_keepsOffsetOrder_andServerIsToldAtOnce(int count) {
        HeldBroker broker = new HeldBroker();
        rooms = rooms(count, broker);
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        broker.holdsAnswers = true;
        say(ana, publish("move", 1, ",\"id\":1"), publish("move", 2, ",\"id\":2"));
        say(bob, move(3));
        CompletableFuture<Long> done = rooms.room("game").publish("move", Json.of("4"));
        FakeLane.work(lanes);
        while (!broker.answers.isEmpty()) {
            broker.answers.remove().run();
            FakeLane.work(lanes);
        }
        assertThat(done).isCompleted();
        assertThat(heard(bob)).isEmpty();
        tick();
        String all = together(entry(1, "move", 1), entry(2, "move", 3), entry(3, "move", 4), entry(4, "move", 2));
        assertThat(heard(bob)).containsExactly(all);
        assertThat(heard(ana)).containsExactly(all, published(1, 1), published(2, 4));
    }
}
