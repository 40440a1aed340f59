package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.Statistics;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every limit over a real socket: at it, one above it and a hundred times above it; and without it, where it may be off.
 * The bounds that are no settings are with the attacks, in the same three steps: the sizes of a request head (row 2),
 * pending handshakes (row 10), fragments (row 20), digits and keys (row 25).
 */
final class LimitTableTest {
    /** What is done so many times or in such a size, and what comes of it. */
    private interface Attempt {
        String of(Peers peers, int amount);
    }

    /**
     * @param value what the limit is set to
     * @param amount how much that lets through: the value, or what a rate lets through at once
     */
    private record Row(
            Limit limit, int value, int amount, Attempt attempt, String at, String oneAbove, String hundredTimes) {
        @Override
        public String toString() {
            return limit.key() + " " + value;
        }
    }

    private static final int BURST = Limit.BURST_SECONDS;
    private static final int BYTES_EACH = 256;

    /** As many refusals for a rate are answered at once; the next is the last. */
    private static final int REFUSALS = 200;

    private static final List<Row> TABLE = List.of(
            size(Limit.FRAME_BYTES, 1_000, LimitTableTest::frame, "pong", "close 1009"),
            size(Limit.DATA_BYTES, 100, LimitTableTest::data, "message", "too_large"),
            size(Limit.MEMBER_BYTES, 50, LimitTableTest::memberOfJoin, "joined", "too_large"),
            size(Limit.MEMBER_BYTES, 50, LimitTableTest::member, "ok", "too_large"),
            size(Limit.DEPTH, 4, LimitTableTest::depth, "message", "bad_request"),
            size(Limit.ROOM_ID_LENGTH, 5, LimitTableTest::roomId, "joined", "bad_room"),
            size(Limit.STATE_KEY_BYTES, 8, LimitTableTest::stateKey, "state", "too_large"),
            size(Limit.STATE_VALUE_BYTES, 50, LimitTableTest::stateValue, "state", "too_large"),
            size(Limit.STATE_BYTES, 100, LimitTableTest::state, "state", "too_large"),
            count(Limit.STATE_KEYS, 3, LimitTableTest::stateKeys, "state", "too_large"),
            count(Limit.ROOMS_PER_CONNECTION, 3, LimitTableTest::roomsOfOneConnection, "joined", "too_many_rooms"),
            count(Limit.ROOMS, 3, LimitTableTest::roomsOfAll, "joined", "unavailable"),
            count(Limit.MEMBERS_PER_ROOM, 3, LimitTableTest::membersOfOneRoom, "joined", "room_full"),
            size(Limit.MEMBERS_LISTED, 3, LimitTableTest::listForTheLastOfSoMany, "a list", "the count"),
            count(Limit.CONNECTIONS_PER_ADDRESS, 3, LimitTableTest::connections, "HTTP 101", "HTTP 429"),
            rate(Limit.PUBLISHES_PER_SECOND, 1, LimitTableTest::publishes, BURST, BURST, "message"),
            rate(Limit.JOINS_PER_SECOND, 1, LimitTableTest::joinsAndLeaves, BURST, BURST, "joined or left"),
            rate(
                    Limit.BYTES_PER_SECOND,
                    1_024,
                    LimitTableTest::bytes,
                    BURST * 1_024 / BYTES_EACH,
                    BURST * 1_024 / BYTES_EACH - 1,
                    "pong"));

    /**
     * These are tried in tests of their own: what they let through is not for the client alone to say. Those of what a
     * room keeps are in {@link ResumeAttacksTest}.
     */
    private static final Set<Limit> NOT_IN_THE_TABLE = EnumSet.of(
            Limit.OUTBOX_BYTES,
            Limit.HISTORY_MESSAGES,
            Limit.HISTORY_BYTES,
            Limit.HISTORY_AGE_MS,
            Limit.RESUME_MESSAGES,
            Limit.ROOM_BYTES);

    /** One thing of that size is taken or refused. */
    private static Row size(Limit limit, int value, Attempt attempt, String taken, String refused) {
        return new Row(limit, value, value, attempt, taken, refused, refused);
    }

    /** So many are taken and the rest refused. */
    private static Row count(Limit limit, int value, Attempt attempt, String taken, String refused) {
        String at = value + " " + taken;
        return new Row(limit, value, value, attempt, at, at + ", 1 " + refused, at + ", " + 99 * value + " " + refused);
    }

    /**
     * So many are taken at once, the rest is refused, and then there is an end.
     *
     * @param atIt how many are taken when all are within the rate
     * @param oneAbove how many when it is exceeded by one
     */
    private static Row rate(Limit limit, int value, Attempt attempt, int atIt, int oneAbove, String taken) {
        String refused = " " + taken + ", 1 rate_limited";
        String end = " " + taken + ", " + (REFUSALS + 1) + " rate_limited, 1 close 4429";
        return new Row(limit, value, BURST * value, attempt, atIt + " " + taken, oneAbove + refused, atIt + end);
    }

    static Stream<Arguments> steps() {
        return TABLE.stream()
                .flatMap(row -> Stream.of(
                        Arguments.of(row, "at it", row.amount(), row.at()),
                        Arguments.of(row, "one above it", row.amount() + 1, row.oneAbove()),
                        Arguments.of(row, "a hundred times above it", 100 * row.amount(), row.hundredTimes())));
    }

    static Stream<Row> thoseThatMayBeOff() {
        return TABLE.stream().filter(row -> row.limit().mayBeOff());
    }

    @ParameterizedTest(name = "{0}, {1}: {3}")
    @MethodSource("steps")
    void limit(Row row, String step, int amount, String outcome) {
        try (Peers peers = Peers.of(Scene.limits().with(row.limit(), row.value()))) {
            assertThat(row.attempt().of(peers, amount)).isEqualTo(outcome);
            peers.areStillServed();
        }
    }

    @ParameterizedTest
    @MethodSource("thoseThatMayBeOff")
    void off_liftsTheLimit(Row row) {
        try (Peers peers = Peers.of(Scene.limits().with(row.limit(), Limit.OFF))) {
            assertThat(row.attempt().of(peers, 100 * row.amount())).isEqualTo(hundredTimes(row.at()));
            peers.areStillServed();
        }
    }

    @Test
    void table_holdsEveryLimit() {
        Set<Limit> tried =
                TABLE.stream().map(Row::limit).collect(Collectors.toCollection(() -> EnumSet.noneOf(Limit.class)));
        tried.addAll(NOT_IN_THE_TABLE);
        assertThat(tried).containsExactlyInAnyOrder(Limit.values());
    }

    private static String hundredTimes(String outcome) {
        int space = outcome.indexOf(' ');
        return 100 * Integer.parseInt(outcome.substring(0, space)) + outcome.substring(space);
    }

    // ---- Sizes

    private static String frame(Peers peers, int bytes) {
        String ping = "{\"type\":\"ping\"}";
        return peers.one().says(ping + " ".repeat(bytes - ping.length()));
    }

    private static String data(Peers peers, int bytes) {
        return peers.member().says(publish("room", "\"" + "x".repeat(bytes - 2) + "\""));
    }

    private static String memberOfJoin(Peers peers, int bytes) {
        return peers.one().says("{\"type\":\"join\",\"room\":\"room\",\"member\":\"" + "x".repeat(bytes - 2) + "\"}");
    }

    private static String member(Peers peers, int bytes) {
        return peers.member()
                .says("{\"type\":\"member\",\"id\":1,\"room\":\"room\",\"member\":\"" + "x".repeat(bytes - 2) + "\"}");
    }

    private static String depth(Peers peers, int depth) {
        return peers.member().says(publish("room", "[".repeat(depth - 1) + "]".repeat(depth - 1)));
    }

    /** Of code points that are two characters and four bytes each. */
    private static String roomId(Peers peers, int length) {
        return peers.one().says(join("\ud83c\udf32".repeat(length)));
    }

    /** Of code points that are two characters and four bytes each. */
    private static String stateKey(Peers peers, int bytes) {
        String key = "\ud83c\udf32".repeat(bytes / 4) + "x".repeat(bytes % 4);
        return peers.member().says(update("\"" + key + "\":1"));
    }

    private static String stateValue(Peers peers, int bytes) {
        return peers.member().says(update("\"k\":\"" + "x".repeat(bytes - 2) + "\""));
    }

    /** One key of one byte, and its value. */
    private static String state(Peers peers, int bytes) {
        return stateValue(peers, bytes - 1);
    }

    // ---- Counts

    private static String stateKeys(Peers peers, int count) {
        Peer member = peers.member();
        return Outcomes.of(count, i -> member.says(update("\"k" + i + "\":1")));
    }

    private static String roomsOfOneConnection(Peers peers, int count) {
        Peer one = peers.one();
        return Outcomes.of(count, i -> one.says(join("room" + i)));
    }

    private static String roomsOfAll(Peers peers, int count) {
        List<Peer> three = List.of(peers.one(), peers.one(), peers.one());
        return Outcomes.of(count, i -> three.get(i % 3).says(join("room" + i)));
    }

    private static String membersOfOneRoom(Peers peers, int count) {
        return Outcomes.of(count, i -> peers.one().says(join("room")));
    }

    private static String listForTheLastOfSoMany(Peers peers, int count) {
        membersOfOneRoom(peers, count - 1);
        RawClient last = peers.one().client;
        last.text("{\"type\":\"join\",\"room\":\"room\",\"members\":true}");
        String joined = last.readText();
        assertThat(joined).contains("\"count\":" + count);
        return joined.contains("\"members\":[") ? "a list" : "the count";
    }

    private static String connections(Peers peers, int count) {
        return Outcomes.of(count, i -> peers.answerToAnUpgrade());
    }

    // ---- Rates

    private static String publishes(Peers peers, int count) {
        Peer member = peers.member();
        return Outcomes.of(count, i -> member.says(publish("room", "1")));
    }

    private static String joinsAndLeaves(Peers peers, int count) {
        Peer one = peers.one();
        return Outcomes.of(count, i -> {
            String outcome = one.says(i % 2 == 0 ? join("room") : "{\"type\":\"leave\",\"room\":\"room\"}");
            return outcome.equals("joined") || outcome.equals("left") ? "joined or left" : outcome;
        });
    }

    /** So many in all; the last message is longer where that is needed. */
    private static String bytes(Peers peers, int bytes) {
        Peer one = peers.one();
        String ping = "{\"type\":\"ping\"}";
        int count = bytes / BYTES_EACH;
        return Outcomes.of(count, i -> {
            int size = i < count - 1 ? BYTES_EACH : bytes - i * BYTES_EACH;
            return one.says(ping + " ".repeat(size - ping.length()));
        });
    }

    private static String join(String room) {
        return "{\"type\":\"join\",\"room\":\"" + room + "\"}";
    }

    private static String update(String set) {
        return "{\"type\":\"update\",\"room\":\"room\",\"set\":{" + set + "}}";
    }

    private static String publish(String room, String data) {
        return "{\"type\":\"publish\",\"room\":\"" + room + "\",\"data\":" + data + "}";
    }

    // ---- What waits for one that does not read

    /** All frames have 1,024 bytes, so the last that fits and the first that does not are known exactly. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void outboxBytes_exactlyFullStays_oneMoreEnds(int difference) {
        int frames = 64;
        try (Peers peers = Peers.of(Scene.limits().with(Limit.OUTBOX_BYTES, frames * Flood.FRAME + difference))) {
            Flood flood = new Flood(peers);
            flood.untilCut();
            // Those that waited when it was cut, the last of them one too many.
            assertThat(flood.published - flood.messagesThatReachedTheSlowOne()).isEqualTo(frames + 1 + difference);
        }
    }

    @Test
    void outboxBytes_aHundredTimesAbove_isCutAtTheLimit() {
        int limit = 64 * 1_024;
        try (Peers peers = Peers.of(Scene.limits().with(Limit.OUTBOX_BYTES, limit))) {
            Flood flood = new Flood(peers);
            flood.publish(100 * limit / Flood.FRAME);
            assertThat(flood.isCut()).isTrue();
            assertThat(flood.messagesThatReachedTheSlowOne()).isLessThan(20 * limit / Flood.FRAME);
        }
    }

    /** A member that does not read, and one that publishes and reads what comes back before it publishes on. */
    private static final class Flood {
        /** Of a message with its header. */
        static final int FRAME = 1_024;

        private static final int HEADER = 4;

        private final Peers peers;
        private final RawClient slow;
        private final RawClient writer;
        private final String message;
        private int published;

        Flood(Peers peers) {
            this.peers = peers;
            // On one lane, so that a message is in the slow one's outbox before it is back at the writer.
            slow = peers.keep(RawClient.tcp(peers.server.port(), 4_096).upgrade());
            writer = peers.one().client;
            slow.join("room");
            writer.join("room");
            // Without an offset, so that its digits do not make frames longer.
            String empty = "{\"type\":\"publish\",\"room\":\"room\",\"keep\":false,\"data\":\"\"}";
            writer.text(empty);
            int rest = FRAME - HEADER - writer.readText().length();
            assertThat(slow.readText()).contains("\"type\":\"message\"");
            message = empty.replace("\"\"}", "\"" + "x".repeat(rest) + "\"}");
        }

        void untilCut() {
            while (!isCut()) {
                publish(1);
            }
        }

        void publish(int times) {
            for (int i = 0; i < times; i++) {
                writer.text(message);
                assertThat(writer.readText()).hasSize(FRAME - HEADER);
                published++;
            }
        }

        boolean isCut() {
            return peers.server.statistics().endings().getOrDefault(CloseCode.SLOW_CONSUMER.wireName(), 0L) > 0;
        }

        int messagesThatReachedTheSlowOne() {
            int messages = 0;
            RawClient.Frame frame = slow.readFrame();
            while (frame.first() == RawClient.TEXT) {
                messages++;
                frame = slow.readFrame();
            }
            assertThat(frame.closeCode()).isEqualTo(CloseCode.SLOW_CONSUMER.number());
            return messages;
        }
    }

    // ---- Those who try

    /** A server whose clock stands still, so that no rate refills by itself, and clients. */
    private static final class Peers implements AutoCloseable {
        private static final long DEADLINE = TimeUnit.SECONDS.toNanos(10);

        private final ClockAtRest clock = new ClockAtRest();
        private final RoomServer server;
        private final List<Peer> peers = new ArrayList<>();
        private final List<RawClient> clients = new ArrayList<>();

        private Peers(Limits limits) {
            server = RoomServer.builder()
                    .port(0)
                    .lanes(1)
                    .clock(clock)
                    .limits(limits)
                    .shutdownSpread(Duration.ofMillis(1))
                    .build()
                    .start();
        }

        static Peers of(Limits limits) {
            return new Peers(limits);
        }

        RawClient keep(RawClient client) {
            clients.add(client);
            return client;
        }

        Peer one() {
            Peer peer = new Peer(keep(RawClient.open(server.port())));
            peers.add(peer);
            return peer;
        }

        Peer member() {
            Peer peer = one();
            assertThat(peer.says(join("room"))).isEqualTo("joined");
            return peer;
        }

        String answerToAnUpgrade() {
            RawClient client = keep(RawClient.tcp(server.port()));
            client.send(RawClient.UPGRADE);
            return client.readHead().replaceFirst("(?s)HTTP/1.1 (\\d+) .*", "HTTP $1");
        }

        /** Whoever was not closed can go on, when its rate has refilled; and nothing is left of any when they go. */
        void areStillServed() {
            clock.jump(Duration.ofSeconds(BURST));
            for (Peer peer : peers) {
                assertThat(peer.closed || peer.says("{\"type\":\"ping\"}").equals("pong"))
                        .isTrue();
            }
            clients.forEach(RawClient::close);
            long deadline = System.nanoTime() + DEADLINE;
            Statistics now = server.statistics();
            while (now.connections() + now.members() + now.rooms() > 0) {
                assertThat(System.nanoTime() - deadline)
                        .as("time over; %s", now)
                        .isNegative();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                now = server.statistics();
            }
        }

        @Override
        public void close() {
            clients.forEach(RawClient::close);
            server.close();
        }
    }

    private static final class Peer {
        private final RawClient client;
        private boolean closed;

        Peer(RawClient client) {
            this.client = client;
        }

        /** The type of what comes back, the code if that is an error or a close. */
        String says(String json) {
            client.text(json);
            RawClient.Frame frame = client.readFrame();
            if (frame.first() == RawClient.CLOSE) {
                closed = true;
                return "close " + frame.closeCode();
            }
            String key = frame.payload().startsWith("{\"type\":\"error\"") ? "code" : "type";
            return frame.payload().replaceFirst(".*?\"" + key + "\":\"(\\w+)\".*", "$1");
        }
    }

    /** How often which outcome there was, in the order in which they first came. */
    private static final class Outcomes {
        private Outcomes() {}

        /** Does it so often, or until the connection is closed. */
        static String of(int times, IntFunction<String> attempt) {
            Map<String, Integer> counts = new LinkedHashMap<>();
            String last = "";
            for (int i = 0; i < times && !last.startsWith("close"); i++) {
                last = attempt.apply(i);
                counts.merge(last, 1, Integer::sum);
            }
            return counts.entrySet().stream()
                    .map(each -> each.getValue() + " " + each.getKey())
                    .collect(Collectors.joining(", "));
        }
    }
}
