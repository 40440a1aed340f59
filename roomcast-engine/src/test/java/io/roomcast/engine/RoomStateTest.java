package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.StateChange;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A room's state: who changes what, and how everybody comes to have it. */
final class RoomStateTest {
    private static final String JOIN = "{\"type\":\"join\",\"id\":1,\"room\":\"lobby\"";

    private final List<FakeLane> lanes = FakeLane.lanes(2);
    private final Limits limits = Limits.defaults()
            .with(Limit.STATE_KEYS, 200)
            .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
            .with(Limit.BYTES_PER_SECOND, Limit.OFF);
    private final Rooms rooms = rooms(List.of(
            new RoomTemplate("tick", SlowConsumer.DISCONNECT, limits)
                    .withReservedKeys(List.of("sys.*"))
                    .withTickMillis(20),
            new RoomTemplate("chat", SlowConsumer.DISCONNECT, limits).withState(false)));

    private Rooms rooms(List<RoomTemplate> templates) {
        RoomsConfig config = RoomsConfig.defaults()
                .withLimits(limits)
                .withTemplates(templates)
                .withNewsInterval(Duration.ofHours(1));
        return new Rooms(config, lanes, Rooms.memoryBroker(Clock.system(), limits), Clock.system(), 1);
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    private FakeClient client(int lane) {
        return FakeClient.open(rooms, lanes.get(lane));
    }

    private List<String> say(FakeClient client, String... messages) {
        client.news();
        client.say(messages);
        FakeLane.work(lanes);
        return client.news();
    }

    private FakeClient member(int lane) {
        FakeClient client = client(lane);
        assertThat(say(client, JOIN + "}").get(0)).contains("\"type\":\"joined\"");
        return client;
    }

    private static String update(String parts) {
        return "{\"type\":\"update\",\"id\":5,\"room\":\"lobby\"," + parts + "}";
    }

    private static String field(String name, String frame) {
        Matcher found = Pattern.compile("\"" + name + "\":\"?([^\",}\\]]*)").matcher(frame);
        assertThat(found.find()).as(name + " in " + frame).isTrue();
        return found.group(1);
    }

    @Test
    void update_isSeenByAll_andAnsweredBehindIt() {
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        String id = field("memberId", say(ana, JOIN + "}").get(0));
        bob.news();
        String change = "{\"type\":\"state\",\"room\":\"lobby\",\"version\":1,"
                + "\"set\":{\"score\":3,\"hits\":2},\"delete\":[\"x\"],\"from\":\"" + id + "\"}";
        assertThat(say(ana, update("\"set\":{\"score\":3},\"add\":{\"hits\":2},\"delete\":[\"x\"]")))
                .containsExactly(
                        change,
                        "{\"type\":\"updated\",\"room\":\"lobby\",\"id\":5,\"version\":1,\"values\":{\"hits\":2}}");
        assertThat(bob.news()).containsExactly(change);
    }

    @Test
    void join_bringsTheState_andResumeWhatHasChanged() {
        FakeClient ana = member(1);
        say(ana, update("\"set\":{\"a\":1,\"b\":2}"), update("\"set\":{\"a\":3}"), update("\"delete\":[\"b\"]"));
        String joined = say(client(0), JOIN + "}").get(0);
        assertThat(joined).contains("\"version\":3,\"count\":2,\"state\":{\"set\":{\"a\":3},\"versions\":{\"a\":2}}}");
        String resume = JOIN + ",\"resume\":{\"epoch\":\"" + field("epoch", joined) + "\",\"offset\":0,\"version\":2}}";
        assertThat(say(client(0), resume).get(0))
                .contains("\"state\":{\"set\":{},\"delete\":[\"b\"],\"since\":2,\"versions\":{}},\"resumed\":true");
        assertThat(say(client(0), resume.replace("\"version\":2", "\"version\":9"))
                        .get(0))
                .contains("\"state\":{\"set\":{\"a\":3},\"versions\":{\"a\":2}}");
    }

    @Test
    void joinWithoutState_getsNone() {
        FakeClient ana = member(1);
        FakeClient bob = client(0);
        assertThat(say(bob, JOIN + ",\"state\":false}").get(0)).doesNotContain("\"state\"");
        say(ana, update("\"set\":{\"a\":1}"));
        assertThat(bob.news()).isEmpty();
        assertThat(say(bob, JOIN.replace("lobby", "chat") + "}").get(0)).doesNotContain("\"state\"");
        assertThat(say(bob, JOIN.replace("lobby", "chat") + ",\"state\":true}").get(0))
                .contains("\"state\":{\"set\":{},\"versions\":{}}");
    }

    @Test
    void conflict_saysWhatThereIs_andChangesNothing() {
        FakeClient ana = member(1);
        say(ana, update("\"set\":{\"a\":1}"));
        assertThat(say(ana, update("\"set\":{\"b\":1},\"if\":{\"a\":2,\"b\":0,\"c\":7}"))
                        .get(0))
                .contains("\"code\":\"conflict\"")
                .endsWith("\"current\":{\"a\":{\"version\":1,\"value\":1},\"c\":{\"version\":0}}}");
        assertThat(say(ana, update("\"set\":{\"a\":2},\"if\":{\"a\":1,\"b\":0}"))
                        .get(1))
                .contains("\"version\":2");
    }

    @Test
    void ownKeys_areTheirMembersAlone_andGoWithIt() {
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        say(ana, update("\"set\":{\"cursor\":1},\"own\":true"), update("\"set\":{\"shared\":1}"));
        assertThat(say(bob, update("\"set\":{\"cursor\":2}")).get(0)).contains("not_allowed");
        assertThat(say(bob, update("\"delete\":[\"cursor\"]")).get(0)).contains("not_allowed");
        assertThat(say(bob, update("\"set\":{\"shared\":2},\"own\":true")).get(0))
                .contains("not_allowed");
        assertThat(say(ana, update("\"set\":{\"cursor\":3}")).get(1)).contains("\"updated\"");
        FakeClient cleo = member(1);
        say(cleo, update("\"set\":{\"c\":3},\"own\":true"));
        assertThat(say(cleo, "{\"type\":\"leave\",\"room\":\"lobby\"}"))
                .hasSize(1)
                .allMatch(left -> left.contains("left"));
        assertThat(bob.news()).last().asString().contains("\"delete\":[\"c\"]");
        bob.news();
        ana.vanish();
        FakeLane.work(lanes);
        assertThat(bob.news()).hasSize(1).allMatch(frame -> frame.contains("\"delete\":[\"cursor\"]"));
    }

    @Test
    void sums_areExactAndShort() {
        FakeClient ana = member(1);
        assertThat(say(ana, update("\"add\":{\"a\":0.1}"), update("\"add\":{\"a\":0.2}"))
                        .get(3))
                .contains("\"values\":{\"a\":0.3}");
        assertThat(say(ana, update("\"add\":{\"b\":9007199254740992}")).get(1)).contains("9007199254740992");
        assertThat(say(ana, update("\"add\":{\"b\":1}")).get(0)).contains("bad_request");
        assertThat(say(ana, update("\"add\":{\"c\":1e999999}")).get(0)).contains("bad_request");
        assertThat(say(ana, update("\"set\":{\"d\":\"text\"}"), update("\"add\":{\"d\":1}"))
                        .get(2))
                .contains("bad_request");
    }

    /** Each is a few characters, and takes for ever or fails if it is worked out. */
    @Test
    void numbersWithEndlessExponents_areRefused_orAreNothing() {
        FakeClient ana = member(1);
        for (String number : List.of("1e99999999999999999999", "1e-2147483648", "1e999999999", "1e-999999999")) {
            assertThat(say(ana, update("\"add\":{\"n\":" + number + "}")).get(0))
                    .contains("bad_request");
            say(ana, update("\"set\":{\"m\":" + number + "}"));
            assertThat(say(ana, update("\"add\":{\"m\":1}")).get(0)).contains("bad_request");
        }
        say(ana, update("\"set\":{\"n\":0e-999999999}"));
        assertThat(say(ana, update("\"add\":{\"n\":5}")).get(0)).contains("\"set\":{\"n\":5}");
        assertThat(say(ana, update("\"add\":{\"n\":0e-2147483647}")).get(0)).contains("\"set\":{\"n\":5}");
    }

    @Test
    void tooManyKeys_areRefused() {
        FakeClient ana = member(1);
        for (int part = 0; part < 2; part++) {
            String set = IntStream.range(part * 100, part * 100 + 100)
                    .mapToObj(key -> "\"k" + key + "\":1")
                    .collect(Collectors.joining(",", "{", "}"));
            assertThat(say(ana, update("\"set\":" + set)).get(1)).contains("\"updated\"");
        }
        assertThat(say(ana, update("\"set\":{\"more\":1}")).get(0)).contains("too_large");
        assertThat(say(ana, update("\"set\":{\"k1\":2}")).get(1)).contains("\"updated\"");
        assertThat(say(ana, update("\"set\":{\"more\":1},\"delete\":[\"k1\"]")).get(1))
                .contains("\"updated\"");
    }

    @Test
    void largeState_comesInPages_beforeAnythingElse() {
        FakeClient ana = member(1);
        String value = "\"" + "x".repeat(10_000) + "\"";
        for (int i = 0; i < 12; i++) {
            say(ana, update("\"set\":{\"k" + i + "\":" + value + "}"));
        }
        FakeClient bob = client(0);
        List<String> told = say(bob, JOIN + "}");
        assertThat(told).hasSize(3);
        assertThat(told.get(0)).contains("\"type\":\"joined\"").endsWith("\"more\":true}");
        assertThat(told.get(1)).startsWith("{\"type\":\"snapshot\"").endsWith("\"more\":true}");
        assertThat(told.get(2)).startsWith("{\"type\":\"snapshot\"").endsWith("\"more\":false}");
        for (int i = 0; i < 12; i++) {
            assertThat(String.join("", told)).contains("\"k" + i + "\":\"x");
        }
    }

    @Test
    void application_readsAndChangesIt() {
        FakeClient ana = member(1);
        say(ana, update("\"set\":{\"a\":1},\"own\":true"));
        SharedState state = rooms.room("lobby").state();
        CompletableFuture<SharedState.Snapshot> read = state.read();
        CompletableFuture<StateChange> late =
                state.update(new StateEdit().set("a", Json.of("2")).ifVersion("a", 7));
        CompletableFuture<StateChange> written =
                state.update(new StateEdit().set("a", Json.of("2")).add("n", 3).ifVersion("a", 1));
        FakeLane.work(lanes);
        assertThat(read.join().version("a")).isEqualTo(1);
        assertThat(read.join().value("a")).contains(Json.of("1"));
        assertThat(late).isCompletedExceptionally();
        assertThat(written.join().version()).isEqualTo(2);
        assertThat(written.join().sums()).containsEntry("n", Json.of("3"));
        assertThat(ana.news())
                .containsExactly("{\"type\":\"state\",\"room\":\"lobby\",\"version\":2,\"set\":{\"a\":2,\"n\":3}}");
    }

    @Test
    void tick_gathersChanges() {
        FakeClient ana = client(1);
        FakeClient bob = client(0);
        for (FakeClient each : List.of(ana, bob)) {
            say(each, JOIN.replace("lobby", "tick") + "}");
        }
        String set = update("\"set\":{\"a\":1}").replace("lobby", "tick");
        say(ana, set, set.replace("\"a\":1", "\"b\":2"), set.replace("\"a\":1", "\"a\":3"));
        assertThat(bob.news()).isEmpty();
        lanes.forEach(FakeLane::timersPass);
        FakeLane.work(lanes);
        assertThat(bob.news())
                .containsExactly("{\"type\":\"state\",\"room\":\"tick\",\"version\":3,\"since\":0,"
                        + "\"set\":{\"b\":2,\"a\":3},\"versions\":{\"b\":2,\"a\":3}}");
        assertThat(say(ana, set.replace("\"a\":1", "\"sys.x\":1")).get(0)).contains("not_allowed");
    }

    @Test
    void slowMember_getsTheStateMerged() {
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        bob.block();
        String value = "\"" + "x".repeat(1_000) + "\"";
        for (int i = 1; i <= 3_000; i++) {
            say(ana, update("\"set\":{\"k" + (i % 5) + "\":" + value + ",\"n\":" + i + "}"));
        }
        assertThat(bob.closed).isNull();
        lanes.get(0).turn(() -> bob.session().ready());
        List<String> told = bob.news();
        assertThat(told.size()).isLessThan(500);
        long have = 0;
        for (String state : told) {
            long since = state.contains("\"since\"") ? Long.parseLong(field("since", state)) : have;
            assertThat(since).isEqualTo(have);
            have = Long.parseLong(field("version", state));
        }
        assertThat(told.get(told.size() - 1)).contains("\"n\":3000");
    }

    @Test
    void slowMember_withLittleWaiting_getsItMergedToo() {
        FakeClient ana = member(1);
        FakeClient bob = member(0);
        bob.block();
        for (int i = 1; i <= 37; i++) {
            say(ana, update("\"set\":{\"x\":" + i + "}"));
        }
        assertThat(bob.news()).isEmpty();
        bob.ready();
        assertThat(bob.news())
                .containsExactly("{\"type\":\"state\",\"room\":\"lobby\",\"version\":37,\"since\":0,\"set\":{\"x\":37},"
                        + "\"versions\":{\"x\":37}}");
    }
}
