package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.Handshake;
import io.roomcast.engine.Rooms;
import io.roomcast.engine.RoomsConfig;
import io.roomcast.engine.spi.Broker;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lists, news and pages of rooms with few members and with many, on some lanes, with a broker that answers at once or late. */
class MembersAtScaleTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration NEWS_INTERVAL = Duration.ofMillis(50);

    static Stream<Arguments> settings() {
        return Stream.of(1, 2, 4).flatMap(lanes -> Stream.of(false, true).map(delayed -> Arguments.of(lanes, delayed)));
    }

    @ParameterizedTest(name = "{0} lanes, delayed {1}")
    @MethodSource("settings")
    void list_upToMembersListed_isGiven_andEndsWithOneMore(int lanes, boolean delayed) {
        Scene scene = new Scene(4, lanes, delayed);
        List<Client> four = scene.join(4, "\"members\":true");
        scene.intervalPasses();
        four.forEach(client -> assertThat(client.kinds().get(0)).isEqualTo("joined with list"));
        four.forEach(client -> assertThat(client.reader.ids()).hasSize(4));

        Client fifth = scene.join(1, "\"members\":true").get(0);
        assertThat(fifth.kinds()).containsExactly("joined");
        assertThat(fifth.reader.count()).isEqualTo(5);
        four.forEach(client -> assertThat(client.frames())
                .as("the end of the list, at once")
                .containsExactly("{\"type\":\"members\",\"room\":\"lobby\",\"count\":5}"));

        fifth.send("{\"type\":\"member\",\"room\":\"lobby\",\"member\":1}");
        scene.intervalPasses();
        four.forEach(client -> assertThat(client.kinds()).isEmpty());
        Client sixth = scene.join(1, "\"members\":\"count\"").get(0);
        scene.intervalPasses();
        assertThat(sixth.kinds()).as("its own join is no news").containsExactly("joined");
        Stream.concat(four.stream(), Stream.of(fifth)).forEach(client -> {
            assertThat(client.kinds()).containsExactly("count");
            assertThat(client.reader.count()).isEqualTo(6);
            assertThat(client.reader.hasList()).isFalse();
        });
        scene.end();
    }

    @ParameterizedTest(name = "{0} lanes, delayed {1}")
    @MethodSource("settings")
    void news_thatNobodyTakes_isNotGathered(int lanes, boolean delayed) {
        Scene scene = new Scene(4, lanes, delayed);
        List<Client> two = scene.join(2, "");
        Client third = scene.client();
        scene.intervalPasses();
        int waiting = scene.delayedTasks();
        scene.joinAgain(third, "\"history\":0");
        scene.leave(two.get(0));
        assertThat(scene.delayedTasks()).as("no interval runs").isEqualTo(waiting);

        assertThat(scene.joinAgain(third, "\"members\":true")).containsExactly("joined with list");
        assertThat(third.reader.ids()).hasSize(2);
        scene.leave(two.get(1));
        scene.intervalPasses();
        assertThat(third.kinds()).containsExactly("names");
        assertThat(third.reader.ids()).hasSize(1);
        scene.end();
    }

    @ParameterizedTest(name = "{0} lanes, delayed {1}")
    @MethodSource("settings")
    void list_isGivenAgain_fromHalfOfMembersListedOn_toWhoJoinsAgain(int lanes, boolean delayed) {
        Scene scene = new Scene(4, lanes, delayed);
        List<Client> clients = scene.join(5, "\"members\":true");
        scene.intervalPasses();
        clients.forEach(Client::kinds);

        scene.leave(clients.get(4));
        scene.leave(clients.get(3));
        assertThat(scene.joinAgain(clients.get(0), "\"members\":true"))
                .as("three are more than half")
                .containsExactly("joined");
        scene.leave(clients.get(2));
        scene.intervalPasses();
        assertThat(clients.get(1).kinds()).isNotEmpty().containsOnly("count");
        clients.get(0).kinds();

        assertThat(scene.joinAgain(clients.get(0), "\"members\":true")).containsExactly("joined with list");
        Client fresh = scene.join(1, "").get(0);
        scene.intervalPasses();
        assertThat(clients.get(0).kinds()).containsExactly("names");
        assertThat(clients.get(0).reader.ids()).hasSize(3);
        assertThat(clients.get(1).kinds()).as("who has not joined again").containsExactly("count");
        assertThat(fresh.kinds()).containsExactly("joined");
        scene.end();
    }

    @ParameterizedTest(name = "{0} lanes, delayed {1}")
    @MethodSource("settings")
    void newsOnTheirWay_areOverWithTheList_andTheirCountIsNot(int lanes, boolean delayed) {
        Scene scene = new Scene(4, lanes, delayed);
        List<Client> clients = scene.join(2, "\"members\":true");
        Client counting = scene.join(1, "\"members\":\"count\"").get(0);
        scene.intervalPasses();
        clients.forEach(Client::kinds);
        counting.kinds();

        scene.join(3, "\"members\":true"); // the fourth ends nothing, the fifth does, the sixth is only counted
        scene.intervalPasses();
        for (Client client : List.of(clients.get(0), clients.get(1), counting)) {
            assertThat(client.kinds()).containsExactly("count", "count");
            assertThat(client.reader.count()).isEqualTo(6);
        }
        scene.end();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void list_ofRoomsThatListNobodyOrOne(int listed) {
        Scene scene = new Scene(listed, 2, false);
        Client first = scene.join(1, "\"members\":true").get(0);
        assertThat(first.kinds()).containsExactly(listed == 0 ? "joined" : "joined with list");
        Client second = scene.join(1, "\"members\":true").get(0);
        scene.intervalPasses();
        assertThat(second.kinds()).containsExactly("joined");
        assertThat(first.kinds()).containsExactly("count");
        scene.leave(second);
        scene.intervalPasses();
        assertThat(first.kinds()).containsExactly("count");
        scene.leave(first);
        Client again = scene.join(1, "\"members\":true").get(0);
        assertThat(again.kinds())
                .as("the room has been empty")
                .containsExactly(listed == 0 ? "joined" : "joined with list");
        scene.end();
    }

    // ---- Pages

    @ParameterizedTest(name = "{0} lanes, delayed {1}")
    @MethodSource("settings")
    void largeListAndState_comeInPages_beforeAnythingElse(int lanes, boolean delayed) {
        Scene scene = new Scene(10_000, lanes, delayed);
        List<Client> crowd = scene.join(1_010, "\"state\":false");
        String value = "\"" + "x".repeat(16_000) + "\"";
        for (int i = 0; i < 5; i++) {
            crowd.get(0).send("{\"type\":\"update\",\"room\":\"lobby\",\"set\":{\"k" + i + "\":" + value + "}}");
        }
        scene.work();

        Client late = scene.client();
        late.send("{\"type\":\"join\",\"room\":\"lobby\",\"members\":true,\"history\":1}");
        crowd.get(1).send("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":1}");
        scene.work();
        crowd.get(2).send("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":2}");
        scene.work();
        List<String> frames = late.frames();
        int pages = (int)
                frames.stream().filter(text -> text.contains("\"more\":true")).count();
        assertThat(late.take(frames))
                .filteredOn(kind -> !kind.equals("message"))
                .containsExactly("joined with list", "page of members", "page of state");
        assertThat(pages).as("frames that say that more comes").isEqualTo(2);
        assertThat(frames.get(0)).contains("\"state\":{\"set\":{\"k0\"");
        assertThat(JSON.readTree(frames.get(0)).path("members")).hasSize(1_000);
        assertThat(late.reader.ids()).hasSize(1_011);
        assertThat(frames.get(frames.size() - 1)).contains("\"data\":2");
        scene.end();
    }

    @ParameterizedTest(name = "{0} lanes, delayed {1}")
    @MethodSource("settings")
    void pages_areBoundedInBytes(int lanes, boolean delayed) {
        Scene scene = new Scene(1_000, lanes, delayed);
        scene.join(60, "\"member\":\"" + "x".repeat(2_000) + "\"");
        Client late = scene.client();
        late.send("{\"type\":\"join\",\"room\":\"lobby\",\"members\":true}");
        late.send("{\"type\":\"members\",\"id\":1,\"room\":\"lobby\"}");
        scene.work();
        List<String> frames = late.frames();
        assertThat(frames).allSatisfy(text -> assertThat(text.length()).isLessThan(50_000));
        assertThat(late.take(frames))
                .containsExactly("joined with list", "page of members", "page of members", "reply");
        assertThat(late.reader.ids()).hasSize(61);
        JsonNode reply = JSON.readTree(frames.get(3));
        assertThat(reply.path("more").asBoolean()).isTrue();
        assertThat(reply.path("members").size()).isBetween(20, 30);
        scene.end();
    }

    @ParameterizedTest(name = "{0} lanes, delayed {1}")
    @MethodSource("settings")
    void paging_whilePeopleComeAndGo_hasOnceWhoIsThereTheWholeTime(int lanes, boolean delayed) {
        Scene scene = new Scene(10, lanes, delayed);
        List<Client> crowd = scene.join(60, "\"members\":\"count\"");
        List<String> stay = IntStream.range(0, 60)
                .filter(i -> i % 3 != 0)
                .mapToObj(i -> crowd.get(i).memberId())
                .toList();
        Client reader = crowd.get(1);
        reader.frames();
        List<String> seen = new ArrayList<>();
        String after = "";
        for (int goes = 0; ; goes += 3) {
            reader.send("{\"type\":\"members\",\"room\":\"lobby\",\"limit\":7" + after + "}");
            scene.work();
            JsonNode page = JSON.readTree(reader.frames().stream()
                    .filter(text -> text.contains("\"members\":["))
                    .findFirst()
                    .orElseThrow());
            page.path("members").forEach(entry -> seen.add(entry.path("id").asString()));
            if (!page.path("more").asBoolean()) {
                break;
            }
            after = ",\"after\":\"" + seen.get(seen.size() - 1) + "\"";
            if (goes < 60) {
                scene.leave(crowd.get(57 - goes));
                scene.leave(crowd.get(goes));
                scene.join(1, "");
            }
        }
        assertThat(seen).doesNotHaveDuplicates().containsAll(stay);
        scene.end();
    }

    // ---- News

    @ParameterizedTest(name = "{0} lanes, delayed {1}")
    @MethodSource("settings")
    void leavesOfVeryMany_areToldAtOnce_butNobodyHearsOfItsOwn(int lanes, boolean delayed) {
        Scene scene = new Scene(1_000, lanes, delayed);
        Client stays = scene.join(1, "\"members\":true").get(0);
        List<Client> all = new ArrayList<>(scene.join(240, ""));
        List<Client> go = scene.join(20, "\"members\":true"); // among them the one with which it is enough to tell
        all.addAll(go);
        scene.intervalPasses();
        stays.kinds();
        go.forEach(Client::kinds);
        all.forEach(client -> client.send("{\"type\":\"leave\",\"room\":\"lobby\"}"));
        scene.work();
        assertThat(stays.kinds()).as("within the interval").containsExactly("names");
        scene.intervalPasses();
        assertThat(stays.kinds()).containsExactly("names");
        assertThat(stays.reader.ids()).containsExactly(stays.memberId());
        for (Client client : go) {
            String id = client.memberId();
            List<String> frames = client.frames();
            assertThat(frames.get(frames.size() - 1)).contains("\"type\":\"left\"");
            assertThat(frames).noneMatch(text -> text.contains("\"" + id + "\""));
        }
        scene.end();
    }

    @ParameterizedTest(name = "{0} lanes, delayed {1}")
    @MethodSource("settings")
    void thousandJoins_costAFewFramesEach_andEverybodyCountsAll(int lanes, boolean delayed) {
        Scene scene = new Scene(100, lanes, delayed);
        List<Client> crowd = scene.join(1_000, "\"members\":true");
        scene.intervalPasses();
        long frames = 0;
        for (Client client : crowd) {
            List<String> got = client.frames();
            frames += got.size();
            client.take(got);
            assertThat(client.reader.count()).isEqualTo(1_000);
        }
        assertThat(frames).isLessThan(1_000 * 1_000 / 100);
        scene.end();
    }

    @Test
    void newsOfALargeRoom_keepsItsPaceForAWhile_thenComesLessOften() {
        Scene scene = new Scene(100, 2, false);
        Client reader = scene.join(1, "\"members\":\"count\"").get(0);
        List<Client> crowd = scene.join(2_999, ""); // each news is the work of three intervals
        scene.intervalPasses();
        reader.kinds();
        int[] news = new int[3];
        int second = 1_000 / (int) NEWS_INTERVAL.toMillis();
        for (int i = 0; i < news.length * second; i++) {
            scene.leave(crowd.get(i));
            scene.intervalPasses();
            news[i / second] += reader.kinds().size();
        }
        assertThat(news[0]).as("in the first second").isEqualTo(second);
        assertThat(news[2]).as("in the third second").isBetween(second / 3 - 1, second / 3 + 1);
        for (int i = 0; i < 4; i++) {
            scene.intervalPasses();
        }
        reader.kinds();
        assertThat(reader.reader.count()).isEqualTo(3_000 - news.length * second);
        scene.end();
    }

    // ---- Who is there

    private static final class Scene {
        private final ManualClock clock = new ManualClock();
        private final List<ScriptedLane> lanes;
        private final @Nullable DelayedBroker delayed;
        private final Rooms rooms;
        private int opened;

        Scene(int listed, int lanes, boolean isDelayed) {
            this.lanes = IntStream.range(0, lanes)
                    .mapToObj(index -> new ScriptedLane(index, clock))
                    .toList();
            Limits limits = Limits.defaults().with(Limit.MEMBERS_LISTED, listed);
            Broker memory = Rooms.memoryBroker(clock, limits);
            this.delayed = isDelayed ? new DelayedBroker(memory, 1) : null;
            this.rooms = new Rooms(
                    RoomsConfig.defaults().withLimits(limits).withNewsInterval(NEWS_INTERVAL),
                    List.copyOf(this.lanes),
                    delayed == null ? memory : delayed,
                    clock,
                    1);
        }

        Client client() {
            ScriptedLane lane = lanes.get(opened++ % lanes.size());
            Client client = new Client(new RecordingConnection(lane));
            lane.execute(() -> client.connection.attach(rooms.open(lane, client.connection, Handshake.none())));
            work();
            client.connection.pollAll(); // welcome
            return client;
        }

        /** So many, one after the other in each lane, but all at one time. */
        List<Client> join(int count, String fields) {
            List<Client> clients =
                    IntStream.range(0, count).mapToObj(i -> client()).toList();
            clients.forEach(client -> client.send(
                    "{\"type\":\"join\",\"room\":\"lobby\"" + (fields.isEmpty() ? "" : ",") + fields + "}"));
            work();
            return clients;
        }

        int delayedTasks() {
            return lanes.stream().mapToInt(ScriptedLane::delayedTasks).sum();
        }

        List<String> joinAgain(Client client, String fields) {
            client.kinds();
            client.send("{\"type\":\"join\",\"room\":\"lobby\"," + fields + "}");
            work();
            return client.kinds();
        }

        void leave(Client client) {
            client.send("{\"type\":\"leave\",\"room\":\"lobby\"}");
            work();
        }

        void intervalPasses() {
            clock.advance(NEWS_INTERVAL);
            work();
        }

        void work() {
            do {
                if (delayed != null) {
                    delayed.releaseAll();
                }
                lanes.forEach(ScriptedLane::turnUntilIdle);
            } while (lanes.stream().anyMatch(ScriptedLane::hasWork) || (delayed != null && delayed.held() > 0));
        }

        void end() {
            assertThat(lanes.stream().flatMap(lane -> lane.complaints().stream()))
                    .isEmpty();
        }
    }

    private static final class Client {
        final RecordingConnection connection;
        final ListReader reader = new ListReader();
        private String memberId = "";

        Client(RecordingConnection connection) {
            this.connection = connection;
        }

        void send(String text) {
            connection.send(text);
        }

        /** What has come since the last time, not yet taken. */
        List<String> frames() {
            List<String> frames = connection.pollAll();
            frames.forEach(this::noteId);
            return frames;
        }

        /** What has come since the last time, taken by the reader. */
        List<String> kinds() {
            return take(frames());
        }

        List<String> take(List<String> frames) {
            return reader.take(frames);
        }

        private void noteId(String text) {
            if (text.startsWith("{\"type\":\"joined\"")) {
                memberId = JSON.readTree(text).path("memberId").asString();
            }
        }

        String memberId() {
            if (memberId.isEmpty()) {
                kinds();
            }
            return memberId;
        }
    }
}
