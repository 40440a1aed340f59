package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Attacks with what brings back the past: positions, pages of history, keys. By their rows in the table of attacks. */
final class ResumeAttacksTest {
    private static final String ROOM = "past";
    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]+)\"");
    private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+)");
    private static final int BATCH = 1_000;

    @RegisterExtension
    static final Scene SCENE = Scene.shared();

    // ---- Row 32

    @ParameterizedTest
    @CsvSource({
        "'', 3, epoch",
        "nothing, 3, epoch",
        "nothing, 9007199254740991, epoch",
        "OTHER, 0, epoch",
        "OTHER, 3, epoch",
        "' EPOCH', 3, epoch",
        "EPOCH\\u0000, 3, epoch",
        "EPOCH, 9007199254740990, future",
        "EPOCH, 9007199254740991, future"
    })
    void row32_positionThatIsNotOfThisRoom_isNotResumed(String epoch, String offset, String reason) {
        try (RawClient client = SCENE.member();
                RawClient other = RawClient.open(SCENE.port()).join("other")) {
            String given = epoch.replace("OTHER", epoch(other, "other")).replace("EPOCH", epoch(client, "lobby"));
            client.text(join("lobby", position("\"" + given + "\"", offset) + ",\"history\":2"));
            String reply = client.readReply();
            assertThat(reply)
                    .startsWith("{\"type\":\"joined\",\"room\":\"lobby\",\"id\":1,")
                    .contains("\"resumed\":false,\"reason\":\"" + reason + "\",\"messages\":[{\"offset\":");
            Matcher cut = OFFSET.matcher(reply);
            assertThat(cut.find()).isTrue();
            long last = Long.parseLong(cut.group(1));
            assertThat(offsets(reply)).containsExactly(last - 1, last);
        }
    }

    @Test
    void row32_hugeGap_isNotResumedAndCostsWhatAJoinWithHistoryCosts() {
        Limits limits = lasting().with(Limit.RESUME_MESSAGES, 1_000).with(Limit.HISTORY_MESSAGES, 100);
        try (Past past = new Past(limits);
                RawClient owner = past.ownerOf(ROOM, 5_000, "1")) {
            String epoch = "\"" + epoch(owner, ROOM) + "\"";
            owner.text(join(ROOM, position(epoch, "0")));
            assertThat(owner.readReply()).contains("\"resumed\":false,\"reason\":\"too_many\"");
            owner.text(join(ROOM, position(epoch, "4001")));
            assertThat(owner.readReply()).contains("\"resumed\":false,\"reason\":\"trimmed\"");
            byte[] gap = joins(position(epoch, "0"));
            byte[] plain = joins("\"history\":1,\"x\":\"" + "x".repeat(40) + "\"");
            MessageAttacksTest.assertAtMost(3, "a gap", () -> answered(owner, gap), () -> answered(owner, plain));
        }
    }

    @Test
    void row32_positionOfThisRoom_isResumedAndOneBeyondIsNot() {
        try (Past past = new Past(lasting());
                RawClient owner = past.ownerOf(ROOM, 20, "1")) {
            String epoch = "\"" + epoch(owner, ROOM) + "\"";
            for (int offset : List.of(0, 19, 20)) {
                owner.text(join(ROOM, position(epoch, Integer.toString(offset))));
                assertThat(offsets(owner.readReply()))
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(offset + 1, 20).boxed().toList());
            }
            owner.text(join(ROOM, position(epoch, "21")));
            assertThat(owner.readReply()).contains("\"resumed\":false,\"reason\":\"future\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":-1}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":-9007199254740991}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":1.5}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":1.0}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":1e1}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":9007199254740992}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":9223372036854775808}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":99999999999999999999999999999999}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":\"3\"}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":null}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":[3]}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":3,\"offset\":3}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"epoch\":\"EPOCH\",\"offset\":3}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":3,\"version\":-1}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":3,\"version\":0.5}",
                "\"resume\":{\"epoch\":\"EPOCH\",\"offset\":3,\"version\":9007199254740992}",
                "\"resume\":{\"epoch\":\"EPOCH\"}",
                "\"resume\":{\"offset\":3}",
                "\"resume\":{\"epoch\":7,\"offset\":3}",
                "\"resume\":{\"epoch\":null,\"offset\":3}",
                "\"resume\":{}",
                "\"resume\":null",
                "\"resume\":3",
                "\"resume\":true",
                "\"resume\":\"EPOCH\"",
                "\"resume\":[\"EPOCH\",3]",
                "\"history\":-1",
                "\"history\":0.5",
                "\"history\":9007199254740992",
                "\"history\":\"5\"",
                "\"history\":null",
                "\"history\":true"
            })
    void row32_positionThatIsNone_isABadRequestAndNoJoin(String field) {
        try (RawClient member = SCENE.member();
                RawClient client = RawClient.open(SCENE.port())) {
            client.text(join("lobby", field.replace("EPOCH", epoch(member, "lobby"))));
            assertThat(client.readText())
                    .startsWith(
                            "{\"type\":\"error\",\"id\":1,\"request\":\"join\",\"room\":\"lobby\",\"code\":\"bad_request\"");
            client.text("{\"type\":\"history\",\"id\":2,\"room\":\"lobby\"}");
            assertThat(client.readText()).contains("\"id\":2,", "\"code\":\"not_member\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"after\":-1",
                "\"before\":-1",
                "\"after\":1.5",
                "\"before\":9007199254740992",
                "\"after\":\"3\"",
                "\"after\":null",
                "\"limit\":0",
                "\"limit\":-1",
                "\"limit\":0.5",
                "\"limit\":\"all\"",
                "\"limit\":null"
            })
    void row32_pageThatIsNone_isABadRequest(String field) {
        try (RawClient client = SCENE.member()) {
            client.text("{\"type\":\"history\",\"id\":1,\"room\":\"lobby\"," + field + "}");
            assertThat(client.readReply()).contains("\"id\":1,\"request\":\"history\"", "\"code\":\"bad_request\"");
            stillHere(client);
        }
    }

    @Test
    void row32_pagesAtTheEdges_areWhatIsThere() {
        try (Past past = new Past(lasting());
                RawClient client = past.ownerOf(ROOM, 20, "1")) {
            page(client, "\"after\":20", 0, false);
            page(client, "\"after\":9007199254740991", 0, false);
            page(client, "\"before\":0", 0, false);
            page(client, "\"before\":1", 0, false);
            page(client, "\"before\":9007199254740991,\"limit\":1", 1, true);
            page(client, "\"after\":15,\"before\":5", 0, false);
            page(client, "\"after\":5,\"before\":6", 0, false);
            page(client, "\"after\":5,\"before\":7", 1, false);
            page(client, "\"after\":0,\"limit\":20", 20, false);
            page(client, "\"after\":0,\"limit\":9007199254740991", 20, false);
        }
    }

    private static void page(RawClient client, String bounds, int count, boolean more) {
        client.text("{\"type\":\"history\",\"id\":1,\"room\":\"past\"," + bounds + "}");
        String reply = client.readReply();
        assertThat(offsets(reply)).as(bounds).hasSize(count);
        assertThat(reply).as(bounds).endsWith("\"more\":" + more + "}");
    }

    @Test
    void row32_positionsThatAreNotResumed_costNoMoreThanAJoinWithHistory() {
        try (RawClient client = SCENE.member()) {
            String epoch = "\"" + epoch(client, "lobby") + "\"";
            for (String position : List.of(
                    position("\"nothing\"", "0"),
                    position("\"" + "x".repeat(2_000) + "\"", "0"),
                    position(epoch, "9007199254740991"))) {
                byte[] attack = joins("lobby", position);
                byte[] plain = joins("lobby", "\"history\":1,\"x\":\"" + "x".repeat(position.length()) + "\"");
                MessageAttacksTest.assertAtMost(
                        3, position, () -> answered(client, attack), () -> answered(client, plain));
            }
        }
    }

    // ---- The limits, each at, plus one, times 100

    @Test
    void historyMessages_beyondThemTheOldestGo() {
        try (Past past = new Past(lasting().with(Limit.HISTORY_MESSAGES, 10))) {
            for (int published : List.of(10, 11, 1_000)) {
                String room = "room" + published;
                int before = published - 10;
                try (RawClient owner = past.ownerOf(room, published, "1");
                        RawClient client = RawClient.open(past.scene.port())) {
                    for (String limit : List.of("10", "11", "1000")) {
                        owner.text("{\"type\":\"history\",\"room\":\"" + room + "\",\"limit\":" + limit + "}");
                        assertThat(offsets(owner.readReply())).hasSize(10).startsWith(before + 1L);
                        client.text(join(room, "\"history\":" + limit));
                        assertThat(offsets(client.readReply())).hasSize(10).startsWith(before + 1L);
                    }
                    String epoch = "\"" + epoch(owner, room) + "\"";
                    client.text(join(room, position(epoch, Integer.toString(before))));
                    assertThat(client.readReply()).contains("\"resumed\":true");
                    if (before > 0) {
                        client.text(join(room, position(epoch, Integer.toString(before - 1))));
                        assertThat(client.readReply()).contains("\"resumed\":false,\"reason\":\"trimmed\"");
                    }
                }
            }
        }
    }

    @Test
    void historyMessages_ofNone_keepNothing() {
        try (Past past = new Past(lasting().with(Limit.HISTORY_MESSAGES, 0));
                RawClient owner = past.ownerOf(ROOM, 3, "1")) {
            owner.text("{\"type\":\"history\",\"room\":\"past\"}");
            assertThat(owner.readReply()).endsWith("\"messages\":[],\"more\":false}");
            owner.text(join(ROOM, "\"history\":5"));
            assertThat(offsets(owner.readReply())).isEmpty();
            String epoch = "\"" + epoch(owner, ROOM) + "\"";
            owner.text(join(ROOM, position(epoch, "2")));
            assertThat(owner.readReply()).contains("\"resumed\":false,\"reason\":\"trimmed\"");
            owner.text(join(ROOM, position(epoch, "3")));
            assertThat(owner.readReply()).contains("\"resumed\":true");
            assertThat(past.scene.server().statistics().keptBytes()).isLessThan(100_000);
        }
    }

    @Test
    void historyBytes_beyondThemTheOldestGo() {
        try (Past past = new Past(lasting().with(Limit.HISTORY_BYTES, 1_024))) {
            past.keeps(4, 256, 4);
            past.keeps(4, 257, 3);
            past.keeps(5, 256, 4);
            past.keeps(400, 256, 4);
            past.keeps(1, 1_024, 1);
            past.keeps(1, 1_025, 0);
            past.keeps(1, 30_000, 0);
        }
    }

    @Test
    void resumeMessages_beyondThemNothingIsResumed() {
        Limits limits = lasting().with(Limit.RESUME_MESSAGES, 10).with(Limit.HISTORY_MESSAGES, 2_000);
        try (Past past = new Past(limits)) {
            for (int missed : List.of(10, 11, 1_000)) {
                try (RawClient owner = past.ownerOf("room" + missed, missed, "1")) {
                    owner.text(join("room" + missed, position("\"" + epoch(owner, "room" + missed) + "\"", "0")));
                    String reply = owner.readReply();
                    if (missed == 10) {
                        assertThat(reply).contains("\"resumed\":true");
                        assertThat(offsets(reply)).hasSize(missed);
                    } else {
                        assertThat(reply)
                                .contains("\"resumed\":false,\"reason\":\"too_many\"")
                                .doesNotContain("\"messages\"");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"300000, 3", "300001, 0", "30000000, 0"})
    void historyAgeMs_beyondItTheyGo(long ageMillis, int kept) {
        try (Past past = new Past(lasting());
                RawClient owner = RawClient.open(past.scene.port()).join(ROOM)) {
            String epoch = "\"" + epoch(owner, ROOM) + "\"";
            past.clock.stop();
            publish(owner, ROOM, 3, "1");
            past.clock.jump(ageMillis);
            owner.text("{\"type\":\"history\",\"room\":\"past\"}");
            assertThat(offsets(owner.readReply())).hasSize(kept);
            owner.text(join(ROOM, position(epoch, "0")));
            assertThat(owner.readReply())
                    .contains(kept > 0 ? "\"resumed\":true" : "\"resumed\":false,\"reason\":\"trimmed\"");
            past.clock.goOn();
        }
    }

    @Test
    void roomBytes_beyondThemTheRoomThatWasUsedLeastRecentlyGivesUpWhatItKeeps() {
        long budget = 65_536;
        String data = "\"" + "x".repeat(1_022) + "\"";
        try (Past past = new Past(lasting().with(Limit.ROOM_BYTES, budget));
                RawClient client = RawClient.open(past.scene.port())) {
            for (int room = 0; room < 100; room++) {
                client.join("room" + room);
                publish(client, "room" + room, 66, data);
                assertThat(past.scene.server().statistics().keptBytes()).isLessThanOrEqualTo(budget + 4_096);
                client.text("{\"type\":\"leave\",\"id\":1,\"room\":\"room" + room + "\"}");
                assertThat(client.readReply()).contains("left");
            }
            assertThat(past.scene.server().statistics().roomsGivenUp()).isPositive();
        }
    }

    @Test
    void roomBytes_ofARoomThatGaveUp_resumeSaysSo() {
        String data = "\"" + "x".repeat(1_022) + "\"";
        try (Past past = new Past(lasting().with(Limit.ROOM_BYTES, 65_536));
                RawClient quiet = past.ownerOf(ROOM, 5, "1");
                RawClient loud = past.ownerOf("loud", 200, data)) {
            String epoch = "\"" + epoch(quiet, ROOM) + "\"";
            quiet.text(join(ROOM, position(epoch, "2")));
            assertThat(quiet.readReply()).contains("\"resumed\":false,\"reason\":\"trimmed\"", "\"offset\":5,");
            quiet.text(join(ROOM, position(epoch, "5")));
            assertThat(quiet.readReply()).contains("\"resumed\":true,\"messages\":[]");
            publish(quiet, ROOM, 1, "1");
            quiet.text(join(ROOM, position(epoch, "5")));
            assertThat(quiet.readReply()).contains("\"resumed\":true,\"messages\":[{\"offset\":6,");
            stillHere(loud);
        }
    }

    // ---- Keys

    @Test
    void aHundredThousandKeys_takeBoundedMemoryAndTheNewestAreKnown() {
        int keys = 100_000;
        int known = 10_000;
        try (Past past = new Past(lasting().with(Limit.HISTORY_MESSAGES, 1));
                RawClient client = RawClient.open(past.scene.port()).join(ROOM)) {
            for (int from = 0; from < keys; from += BATCH) {
                ByteArrayOutputStream wire = new ByteArrayOutputStream();
                for (int i = from; i < from + BATCH; i++) {
                    wire.writeBytes(frame(keyed(i)));
                }
                client.send(wire.toByteArray());
                for (int i = from; i < from + BATCH; i++) {
                    assertThat(client.readText()).endsWith("\"offset\":" + (i + 1) + "}");
                }
            }
            // The owner of the keys is this connection, by its id, which is short.
            assertThat(past.scene.server().statistics().keptBytes())
                    .isLessThanOrEqualTo(known * (2 * 128L + 300) + 100_000);
            for (int old : List.of(keys - 1, keys - known)) {
                client.text(keyed(old));
                assertThat(client.readText()).as("key %s", old).endsWith("\"offset\":" + (old + 1) + "}");
            }
            client.text(keyed(keys - known - 1));
            assertThat(client.readText()).endsWith("\"offset\":" + (keys + 1) + "}");
        }
    }

    @Test
    void key_thatIsTooLongOrNoString_isABadRequest() {
        try (Past past = new Past(lasting());
                RawClient client = past.ownerOf(ROOM, 0, "1")) {
            for (int length : List.of(1, 128)) {
                client.text(publishWithKey("\"" + "\ud83d\ude00".repeat(length) + "\""));
                assertThat(client.readReply()).contains("\"type\":\"published\"");
            }
            for (String key : List.of(
                    "\"\"",
                    "\"" + "\ud83d\ude00".repeat(129) + "\"",
                    "\"" + "x".repeat(12_800) + "\"",
                    "1",
                    "null",
                    "true",
                    "[]",
                    "{}")) {
                client.text(publishWithKey(key));
                assertThat(client.readReply()).contains("\"request\":\"publish\"", "\"code\":\"bad_request\"");
            }
        }
    }

    private static String publishWithKey(String key) {
        return "{\"type\":\"publish\",\"id\":1,\"room\":\"past\",\"key\":" + key + ",\"echo\":false,\"data\":1}";
    }

    // ---- Who asks for the past and does not read it

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"history\",\"room\":\"past\"}",
                "{\"type\":\"members\",\"room\":\"past\"}",
                "{\"type\":\"join\",\"room\":\"past\",\"history\":100}",
                "{\"type\":\"join\",\"room\":\"past\",\"resume\":{\"epoch\":\"EPOCH\",\"offset\":0}}"
            })
    void pastAskedForAgainAndAgainWithoutReading_isBoundedAndCut(String request) {
        Logger log = (Logger) LoggerFactory.getLogger("io.roomcast.connections");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.list = new CopyOnWriteArrayList<>();
        logged.start();
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        log.addAppender(logged);
        int pastBytes = 100 * 8_000;
        List<RawClient> members = new ArrayList<>();
        try (Past past = new Past(lasting());
                RawClient owner = past.ownerOf(ROOM, 100, "\"" + "x".repeat(7_998) + "\"");
                RawClient attacker =
                        RawClient.tcp(past.scene.port(), 4_096).upgrade().join(ROOM)) {
            for (int i = 0; i < 24; i++) { // a page of the list, or so
                String member = "\"" + "x".repeat(2_000) + "\"";
                members.add(RawClient.open(past.scene.port()));
                members.get(i).text("{\"type\":\"join\",\"room\":\"past\",\"member\":" + member + "}");
                assertThat(members.get(i).readReply()).startsWith("{\"type\":\"joined\"");
            }
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            byte[] frame = frame(request.replace("EPOCH", epoch(owner, ROOM)));
            for (int i = 0; i < 200; i++) {
                wire.writeBytes(frame);
            }
            long sentBefore = past.scene.server().statistics().sentBytes();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            attacker.sendRegardless(wire.toByteArray());
            while (logged.list.isEmpty()) {
                assertThat(System.nanoTime() - deadline).as("not cut in time").isNegative();
                past.scene.bystandersChatOn();
            }
            String end = logged.list.get(0).getFormattedMessage();
            assertThat(end).contains("slow_consumer (4008)");
            Matcher waiting = Pattern.compile("bytes waiting: (\\d+)").matcher(end);
            assertThat(waiting.find()).as(end).isTrue();
            assertThat(Long.parseLong(waiting.group(1))).isBetween(1L, 2L * pastBytes);
            // One reply of the 200 that were asked for; the rest is the bystanders' talk.
            assertThat(past.scene.server().statistics().sentBytes() - sentBefore)
                    .isBetween(1L, 3L * pastBytes);
            stillHere(owner);
            members.forEach(RawClient::close); // before the scene ends
        } finally {
            members.forEach(RawClient::close);
            log.detachAppender(logged);
            log.setAdditive(true);
            log.setLevel(null);
        }
    }

    // ---- Helpers

    /** A scene whose rooms remember, until it is over: then the clock jumps, and all is forgotten. */
    private static final class Past implements AutoCloseable {
        final JumpingClock clock = new JumpingClock();
        final Scene scene;
        private int rooms;

        Past(Limits limits) {
            scene = Scene.with(settings -> settings.limits(limits).clock(clock).heartbeat(Duration.ofHours(100)));
        }

        /** Somebody who is alone in a room in which so much has been said. */
        RawClient ownerOf(String room, int published, String data) {
            RawClient owner = RawClient.open(scene.port()).join(room);
            publish(owner, room, published, data);
            return owner;
        }

        void keeps(int published, int dataBytes, int kept) {
            String room = "room" + rooms++;
            try (RawClient owner = ownerOf(room, published, "\"" + "x".repeat(dataBytes - 2) + "\"")) {
                owner.text("{\"type\":\"history\",\"room\":\"" + room + "\"}");
                assertThat(offsets(owner.readReply()))
                        .as("%d of %d bytes", published, dataBytes)
                        .hasSize(kept);
            }
        }

        @Override
        public void close() {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (scene.server().statistics().rooms() > 1 && System.nanoTime() - deadline < 0) {
                scene.bystandersChatOn();
            }
            scene.bystandersChatOn(); // on each lane: behind the task that ended the last room, with what it left
            // behind
            clock.jump(TimeUnit.HOURS.toMillis(1));
            scene.close();
        }
    }

    private static final class JumpingClock implements Clock {
        private final AtomicLong jumped = new AtomicLong();
        private final AtomicLong stopped = new AtomicLong();

        void jump(long millis) {
            jumped.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        }

        /** Stands still, so that an edge can be looked at. */
        void stop() {
            stopped.set(System.nanoTime());
        }

        void goOn() {
            stopped.set(0);
        }

        @Override
        public long nanoTime() {
            long now = stopped.get();
            return (now == 0 ? System.nanoTime() : now) + jumped.get();
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }
    }

    private static Limits lasting() {
        return Scene.limits().with(Limit.HISTORY_AGE_MS, Limit.HISTORY_AGE_MS.defaultValue());
    }

    private static void publish(RawClient client, String room, int count, String data) {
        byte[] frame =
                frame("{\"type\":\"publish\",\"id\":7,\"room\":\"" + room + "\",\"echo\":false,\"data\":" + data + "}");
        for (int done = 0; done < count; done += BATCH) {
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            int batch = Math.min(BATCH, count - done);
            for (int i = 0; i < batch; i++) {
                wire.writeBytes(frame);
            }
            client.send(wire.toByteArray());
            for (int i = 0; i < batch; i++) {
                assertThat(client.readText()).startsWith("{\"type\":\"published\",\"room\":\"" + room + "\",\"id\":7,");
            }
        }
    }

    private static String epoch(RawClient member, String room) {
        member.text("{\"type\":\"history\",\"id\":1,\"room\":\"" + room + "\",\"limit\":1}");
        Matcher epoch = EPOCH.matcher(member.readReply());
        assertThat(epoch.find()).isTrue();
        return epoch.group(1);
    }

    /** The offsets in {@code messages}. */
    private static List<Long> offsets(String reply) {
        assertThat(reply).contains("\"messages\":[");
        return OFFSET.matcher(reply.substring(reply.indexOf("\"messages\":[")))
                .results()
                .map(result -> Long.parseLong(result.group(1)))
                .toList();
    }

    private static String join(String room, String fields) {
        return "{\"type\":\"join\",\"id\":1,\"room\":\"" + room + "\"," + fields + "}";
    }

    private static String position(String epoch, String offset) {
        return "\"resume\":{\"epoch\":" + epoch + ",\"offset\":" + offset + "}";
    }

    private static String keyed(int number) {
        return String.format(
                "{\"type\":\"publish\",\"room\":\"past\",\"key\":\"%0128d\",\"echo\":false,\"data\":1}", number);
    }

    private static byte[] joins(String fields) {
        return joins(ROOM, fields);
    }

    private static byte[] joins(String room, String fields) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            wire.writeBytes(frame(join(room, fields)));
        }
        return wire.toByteArray();
    }

    private static long answered(RawClient client, byte[] joins) {
        long start = System.nanoTime();
        client.send(joins);
        for (int i = 0; i < 200; i++) {
            assertThat(client.readReply()).startsWith("{\"type\":\"joined\"");
        }
        return System.nanoTime() - start;
    }

    private static byte[] frame(String json) {
        return RawClient.frame(RawClient.TEXT, json.getBytes(UTF_8));
    }

    private static void stillHere(RawClient client) {
        client.text("{\"type\":\"ping\",\"id\":\"still here\"}");
        assertThat(client.readReply()).isEqualTo("{\"type\":\"pong\",\"id\":\"still here\"}");
    }
}
