package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A publish of which no message is made comes to the same as any other, and takes their way where it must. */
final class PlainPublishTest {
    private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+),\"at\":\\d+,");
    private static final Limits LIMITS = Limits.defaults().with(Limit.PUBLISHES_PER_SECOND, 5);

    /** Rates do not recover meanwhile. */
    private static final Clock STANDING = new Clock() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long wallMillis() {
            return 1_700_000_000_000L;
        }
    };

    private final List<Rooms> started = new ArrayList<>();
    private List<FakeLane> lanes = FakeLane.lanes(1);
    private Rooms rooms = start(1, Listeners.none());

    private Rooms start(int count, Listeners listeners) {
        lanes = FakeLane.lanes(count);
        RoomTemplate off = new RoomTemplate("off*", SlowConsumer.DISCONNECT, LIMITS.with(Limit.HISTORY_MESSAGES, 0));
        RoomTemplate small = new RoomTemplate("small*", SlowConsumer.DISCONNECT, LIMITS.with(Limit.DATA_BYTES, 4));
        RoomsConfig config = RoomsConfig.defaults().withLimits(LIMITS).withTemplates(List.of(off, small));
        rooms = new Rooms(config, lanes, Rooms.memoryBroker(STANDING, LIMITS), STANDING, 1, listeners);
        started.add(rooms);
        return rooms;
    }

    @AfterEach
    void stop() {
        started.forEach(Rooms::close);
    }

    private FakeClient member(int lane, String room) {
        FakeClient client = FakeClient.open(rooms, lanes.get(lane % lanes.size()));
        client.say("{\"type\":\"join\",\"room\":\"" + room + "\"}");
        await(client, "\"type\":\"joined\"");
        return client;
    }

    private static String publish(String room, String fields) {
        return "{\"type\":\"publish\",\"room\":\"" + room + "\"," + fields + "}";
    }

    @ParameterizedTest
    @CsvSource({"1,a", "1,off", "2,a", "2,b", "2,off", "2,off-2"})
    void plainOnes_haveTheirPlacesAmongTheOthers(int count, String room) {
        start(count, Listeners.none());
        FakeClient ana = member(0, room);
        FakeClient ben = member(1, room);
        String said = "\"event\":\"e\",\"data\":{ \"x\":[1.0,\"\\\\u00e4\"]}";
        ana.say(
                publish(room, said),
                publish(room, said + ",\"echo\":false"),
                publish(room, said),
                publish(room, said + ",\"key\":\"k\""));
        FakeLane.work(lanes);
        List<String> heard = ben.news();
        assertThat(heard.stream().map(PlainPublishTest::offset)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(heard.stream()
                        .map(frame -> OFFSET.matcher(frame).replaceFirst(""))
                        .distinct())
                .hasSize(1)
                .first()
                .asString()
                .endsWith("\"event\":\"e\",\"data\":{ \"x\":[1.0,\"\\\\u00e4\"]}}");
        assertThat(ana.news().stream().filter(frame -> frame.contains("\"type\":\"message\"")))
                .hasSize(3);
        assertThat(rooms.statistics().publishes()).isEqualTo(4);
        ben.say("{\"type\":\"history\",\"id\":1,\"room\":\"" + room + "\"}");
        FakeLane.work(lanes);
        int kept = room.startsWith("off") ? 0 : 4;
        assertThat(ben.news().get(0).split("\"data\":\\{ \"x\"", -1)).hasSize(kept + 1);
    }

    private static long offset(String frame) {
        Matcher matcher = OFFSET.matcher(frame);
        assertThat(matcher.find()).as(frame).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void unkept_hasNoOffset() {
        FakeClient ana = member(0, "a");
        ana.say(publish("a", "\"data\":1,\"keep\":false"), publish("a", "\"data\":2"));
        assertThat(ana.news().get(0)).doesNotContain("offset");
        ana.say("{\"type\":\"history\",\"id\":1,\"room\":\"a\"}");
        FakeLane.work(lanes);
        assertThat(ana.news().get(0)).contains("[{\"offset\":1,").contains("\"data\":2}]");
    }

    @Test
    void whoIsNoMember_isRefused() {
        FakeClient ana = member(0, "a");
        ana.say("{\"type\":\"leave\",\"room\":\"a\"}", publish("a", "\"data\":1"), publish("b", "\"data\":1"));
        FakeLane.work(lanes);
        assertThat(ana.news().subList(1, 3)).allMatch(frame -> frame.contains("\"code\":\"not_member\""));
    }

    @Test
    void moreThanTheRoomTakes_isRefused() {
        FakeClient ana = member(0, "small");
        ana.say(publish("small", "\"data\":12345"));
        FakeLane.work(lanes);
        assertThat(ana.news()).singleElement().asString().contains("\"code\":\"too_large\"");
    }

    @Test
    void moreThanTheRateAllows_isRefused() {
        FakeClient ana = member(0, "a");
        int burst = Limit.BURST_SECONDS * (int) LIMITS.get(Limit.PUBLISHES_PER_SECOND);
        for (int i = 0; i <= 2 * burst; i++) {
            ana.say(publish("a", "\"data\":" + i));
        }
        FakeLane.work(lanes);
        List<String> heard = ana.news();
        assertThat(heard).hasSize(2 * burst + 1);
        assertThat(heard.get(burst - 1)).contains("\"type\":\"message\"");
        assertThat(heard.get(2 * burst)).contains("\"request\":\"publish\"", "\"code\":\"rate_limited\"");
    }

    @Test
    void checkAndListener_areAskedAboutIt() {
        start(1, Listeners.none().withChecks(List.of(new NumbersOnly())));
        FakeClient ana = member(0, "numbers");
        ana.say(publish("numbers", "\"data\":\"x\""));
        await(ana, "no number");
        start(1, Listeners.none().withMessage(event -> event.data(Json.of("\"of the listener\""))));
        FakeClient ben = member(0, "a");
        ben.say(publish("a", "\"data\":1"));
        await(ben, "of the listener");
    }

    /** The client is told this, and nothing before it; user code, if it is asked, has a thread of its own. */
    private void await(FakeClient client, String text) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        FakeLane.work(lanes);
        client.told.removeIf(frame -> frame.contains("\"type\":\"welcome\""));
        while (client.told.isEmpty()) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            FakeLane.work(lanes);
            Thread.onSpinWait();
        }
        assertThat(client.news()).singleElement().asString().contains(text);
    }

    private static final class NumbersOnly implements RoomCheck {
        @Override
        public boolean holdsIn(String room) {
            return room.equals("numbers");
        }

        @Override
        public Optional<String> checkMessage(@Nullable String event, Json data) {
            return data.isNumber() ? Optional.empty() : Optional.of("no number");
        }

        @Override
        public Optional<String> checkUpdate(Map<String, Json> set, List<String> delete, Map<String, Json> add) {
            return Optional.empty();
        }

        @Override
        public Optional<String> checkMember(@Nullable Json member) {
            return Optional.empty();
        }
    }
}
