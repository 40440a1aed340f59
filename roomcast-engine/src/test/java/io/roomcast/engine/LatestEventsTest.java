package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of events that a template calls latest, a slow member gets the last of each sender and no more. */
final class LatestEventsTest {
    private static final String UNKEPT = ",\"keep\":false";

    private final List<FakeLane> lanes = FakeLane.lanes(2);
    private final Limits limits = Limits.defaults()
            .with(Limit.OUTBOX_BYTES, 16_384)
            .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
            .with(Limit.BYTES_PER_SECOND, Limit.OFF);
    private final Rooms rooms = rooms();

    private Rooms rooms() {
        RoomTemplate live =
                new RoomTemplate("live*", SlowConsumer.DISCONNECT, limits).withLatestEvents(List.of("cursor*"));
        RoomTemplate ticking = new RoomTemplate("tick", SlowConsumer.DISCONNECT, limits)
                .withTickMillis(20)
                .withTickEvents(List.of("*"))
                .withLatestEvents(List.of("cursor"));
        RoomTemplate dropping = new RoomTemplate("drop", SlowConsumer.DROP_OLDEST, limits)
                .withTickMillis(20)
                .withTickEvents(List.of("*"))
                .withLatestEvents(List.of("cursor"));
        RoomsConfig config = RoomsConfig.defaults()
                .withLimits(limits)
                .withTemplates(List.of(live, ticking, dropping))
                .withNewsInterval(Duration.ofHours(1));
        return new Rooms(config, lanes, Rooms.memoryBroker(Clock.system(), limits), Clock.system(), 1);
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    private FakeClient member(int lane, String... ids) {
        FakeClient client = FakeClient.open(rooms, lanes.get(lane));
        for (String id : ids) {
            say(client, "{\"type\":\"join\",\"room\":\"" + id + "\"}");
        }
        client.news();
        return client;
    }

    private List<String> say(FakeClient client, String... messages) {
        client.news();
        client.say(messages);
        FakeLane.work(lanes);
        return client.news();
    }

    private void tick() {
        lanes.forEach(FakeLane::timersPass);
        FakeLane.work(lanes);
    }

    private List<String> ready(FakeClient client) {
        client.lane.turn(() -> client.session().ready());
        FakeLane.work(lanes);
        return client.news().stream()
                .map(frame -> Pattern.compile("\"(at\":\\d+|from\":\"m[^\"]*\"),")
                        .matcher(frame)
                        .replaceAll(""))
                .toList();
    }

    private static String publish(String room, String event, Object data, String more) {
        return "{\"type\":\"publish\",\"room\":\"" + room + "\",\"event\":\"" + event + "\",\"data\":" + data + more
                + "}";
    }

    private static String cursor(String room, Object data) {
        return publish(room, "cursor", data, UNKEPT);
    }

    private static String filler(String room, int bytes) {
        return publish(room, "say", "\"" + "x".repeat(bytes) + "\"", "");
    }

    private static String text(String room, String event, Object data) {
        return "{\"type\":\"message\",\"room\":\"" + room + "\",\"event\":\"" + event + "\",\"data\":" + data + "}";
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void newerOne_takesThePlaceAtTheEnd_bySenderAndEvent(int lane) {
        FakeClient ana = member(1, "live", "live2");
        FakeClient bob = member(0, "live");
        FakeClient slow = member(lane, "live", "live2");
        slow.block();
        say(ana, cursor("live", 1), publish("live", "cursor.2", 2, UNKEPT));
        say(ana, cursor("live2", 3));
        say(bob, cursor("live", 4));
        say(ana, cursor("live", 5), publish("live", "say", 6, UNKEPT), publish("live", "say", 7, UNKEPT));
        say(ana, filler("live", 5_000), filler("live", 1));
        assertThat(ready(slow))
                .filteredOn(frame -> !frame.contains("xx"))
                .startsWith(
                        text("live", "cursor.2", 2),
                        text("live2", "cursor", 3),
                        text("live", "cursor", 4),
                        text("live", "cursor", 5),
                        text("live", "say", 6),
                        text("live", "say", 7))
                .hasSize(7);
    }

    @Test
    void whatWaited_goesOutWithoutWhatIsOutdated_howeverLittleItIs() {
        FakeClient ana = member(1, "live");
        FakeClient slow = member(0, "live");
        slow.block();
        say(ana, cursor("live", 1), cursor("live", 2));
        assertThat(ready(slow)).containsExactly(text("live", "cursor", 2));
    }

    @Test
    void keptAndPrivateMessages_areNeverLeftOut() {
        FakeClient ana = member(1, "live");
        FakeClient slow = FakeClient.open(rooms, lanes.get(0));
        String joined = say(slow, "{\"type\":\"join\",\"room\":\"live\"}").get(0);
        String id = joined.replaceAll(".*\"memberId\":\"([^\"]*)\".*", "$1");
        slow.block();
        String toOne = UNKEPT + ",\"to\":\"" + id + "\"";
        say(ana, publish("live", "cursor", 1, ""), publish("live", "cursor", 2, toOne), cursor("live", 3));
        say(ana, publish("live", "cursor", 4, ""), publish("live", "cursor", 5, toOne), cursor("live", 6));
        say(ana, filler("live", 5_000), filler("live", 1));
        assertThat(ready(slow))
                .hasSize(7)
                .noneMatch(frame -> frame.endsWith("\"data\":3}"))
                .satisfies(frames -> assertThat(frames.subList(0, 5))
                        .extracting(frame -> frame.replaceAll(".*\"data\":", ""))
                        .containsExactly("1}", "2}", "4}", "5}", "6}"));
    }

    @Test
    void slowMemberOfALoudRoom_isNeitherClosedNorBehind() {
        FakeClient ana = member(1, "live");
        FakeClient slow = member(0, "live");
        slow.block();
        for (int i = 1; i <= 20_000; i++) {
            say(ana, cursor("live", i));
        }
        assertThat(slow.closed).isNull();
        assertThat(ready(slow)).hasSizeLessThan(200).last().isEqualTo(text("live", "cursor", 20_000));
    }

    @Test
    void frameOfATick_isTakenApart() {
        FakeClient ana = member(1, "tick");
        FakeClient bob = member(0, "tick");
        FakeClient slow = member(0, "tick");
        slow.block();
        say(ana, cursor("tick", 1), publish("tick", "say", 2, ""));
        say(bob, cursor("tick", 3));
        tick();
        say(ana, cursor("tick", 4));
        tick();
        say(bob, cursor("tick", 5), publish("tick", "say", 6, UNKEPT));
        tick();
        say(ana, cursor("tick", 7));
        tick();
        say(ana, filler("tick", 5_000));
        tick();
        assertThat(ready(slow).subList(0, 3))
                .containsExactly(
                        "{\"type\":\"message\",\"room\":\"tick\",\"offset\":1,\"event\":\"say\",\"data\":2}",
                        "{\"type\":\"messages\",\"room\":\"tick\",\"messages\":[{\"event\":\"cursor\",\"data\":5},"
                                + "{\"event\":\"say\",\"data\":6}]}",
                        text("tick", "cursor", 7));
    }

    @Test
    void slowMemberOfALoudTick_isNeitherClosedNorBehind() {
        FakeClient ana = member(1, "tick");
        FakeClient bob = member(0, "tick");
        FakeClient slow = member(0, "tick");
        slow.block();
        for (int i = 1; i <= 2_000; i++) {
            say(ana, cursor("tick", i));
            say(bob, publish("tick", "cursor", i, UNKEPT + ",\"echo\":false"));
            say(bob, "{\"type\":\"history\",\"room\":\"tick\",\"limit\":1}"); // lets out what was gathered
        }
        assertThat(slow.closed).isNull();
        assertThat(ready(slow))
                .hasSizeLessThan(200)
                .last()
                .isEqualTo(
                        "{\"type\":\"messages\",\"room\":\"tick\",\"messages\":[{\"event\":\"cursor\",\"data\":2000},"
                                + "{\"event\":\"cursor\",\"data\":2000}]}");
    }

    @Test
    void droppedFrameOfATick_leavesAGapOverAllThatWasKept() {
        FakeClient ana = member(1, "drop");
        FakeClient slow = member(0, "drop");
        slow.block();
        String data = "\"" + "x".repeat(2_000) + "\"";
        for (int i = 1; i <= 8; i++) {
            say(ana, publish("drop", "say", data, ""), cursor("drop", i), publish("drop", "say", data, ""));
            tick();
        }
        List<String> told = ready(slow);
        assertThat(told.get(0)).startsWith("{\"type\":\"gap\",\"room\":\"drop\",\"after\":0,\"before\":");
        int before = Integer.parseInt(told.get(0).replaceAll(".*\"before\":(\\d+)}", "$1"));
        assertThat(before % 2).as("whole frames").isEqualTo(1);
        assertThat(told.get(1))
                .startsWith("{\"type\":\"messages\",\"room\":\"drop\",\"messages\":[{\"offset\":" + before);
        List<String> offsets = new ArrayList<>();
        Pattern.compile("\"offset\":(\\d+)")
                .matcher(String.join("", told))
                .results()
                .forEach(found -> offsets.add(found.group(1)));
        assertThat(offsets).hasSize(17 - before).last().isEqualTo("16");
    }

    @Test
    void changesOfTheState_areMergedAsBefore_withMessagesBetween() {
        FakeClient ana = member(1, "live");
        FakeClient slow = member(0, "live");
        slow.block();
        for (int i = 1; i <= 3; i++) {
            say(
                    ana,
                    "{\"type\":\"update\",\"room\":\"live\",\"set\":{\"a\":" + i + "}}",
                    cursor("live", i),
                    publish("live", "say", i, UNKEPT));
        }
        say(ana, filler("live", 5_000), filler("live", 1));
        assertThat(ready(slow).subList(0, 5))
                .extracting(frame -> frame.replaceAll("\\{\"type\":\"(\\w+)\".*\"(?:a|data)\":(\\d).*", "$1 $2"))
                .containsExactly("message 1", "message 2", "state 3", "message 3", "message 3");
    }
}
