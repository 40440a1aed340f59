package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.roomcast.engine.Statistics;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Attacks with the amount of state: row 34 of the table of attacks, where it meets the limits of time and memory. */
final class StateFloodTest {
    private static final String ROOM = "board";
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(20);
    private static final int KEYS = 64;
    private static final int VALUE_BYTES = 15_000;
    /** What {@link #large} makes: many pages, and more than the kernel takes for somebody who does not read. */
    private static final int STATE_BYTES = KEYS * VALUE_BYTES;

    private static final int OWN_KEYS = 100_000;
    private static final int KEYS_PER_UPDATE = 250;
    /** So many are answered at once before it is enough. */
    private static final int REFUSALS = 200;

    private static final String TAKEN = "{\"type\":\"updated\"";

    private final Logger log = (Logger) LoggerFactory.getLogger("io.roomcast.connections");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.list = new CopyOnWriteArrayList<>();
        logged.start();
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        log.addAppender(logged);
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(logged);
        log.setAdditive(true);
        log.setLevel(null);
    }

    // ---- Who asks for the state, or its changes, and does not read them

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"resume\":{\"epoch\":\"EPOCH\",\"offset\":0,\"version\":1}"})
    void row34_stateAskedForAgainAndAgainWithoutReading_isBoundedAndCut(String resume) {
        isBoundedAndCut("{\"type\":\"join\",\"room\":\"" + ROOM + "\"" + resume + "}");
    }

    @Test
    void row34_conflictsAskedForAgainAndAgainWithoutReading_areBoundedAndCut() {
        isBoundedAndCut(conflict());
    }

    /** Nobody has written to such a room since it came back, but what it had before is there. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void row34_roomThatCameBack_isAsLargeAsItWas(int connectionsBefore) {
        try (RoomServer server = server(roomy(), new ClockAtRest())) {
            try (RawClient owner = RawClient.open(server.port())) {
                large(owner);
            }
            await(server, "the room is over", () -> server.statistics().rooms() == 0);
            List<RawClient> others = new ArrayList<>(); // so that the attacker lives on this lane, or on that
            try (RawClient first = RawClient.open(server.port()).join(ROOM)) {
                for (int i = 0; i < connectionsBefore; i++) {
                    others.add(RawClient.open(server.port()));
                }
                try (RawClient attacker = RawClient.tcp(server.port(), 4_096).upgrade()) {
                    attacker.text("{\"type\":\"join\",\"room\":\"" + ROOM + "\",\"state\":false}");
                    attacker.readUntil("\"joined\"");
                    long sentBefore = server.statistics().sentBytes();
                    attacker.sendRegardless(frames(conflict(), 200));
                    await(
                            server,
                            "the first is refused",
                            () -> server.statistics().refusals().getOrDefault(ErrorCode.CONFLICT, 0L) > 0);
                    others.add(first);
                    for (RawClient other : others) {
                        answers(other, 50);
                    }
                    assertThat(server.statistics().sentBytes() - sentBefore).isBetween(1L, 3L * STATE_BYTES);
                }
            } finally {
                others.forEach(RawClient::close);
            }
        }
    }

    /** Pongs are short, but what each of them takes is not only its bytes. */
    @Test
    void pingsWithoutReading_areAnsweredAsFarAsIsTakenAndThenCut() {
        try (Scene scene = Scene.with(settings -> settings);
                RawClient attacker = RawClient.tcp(scene.port(), 4_096).upgrade()) {
            String ping = "{\"type\":\"ping\",\"id\":\"" + "x".repeat(64) + "\"}";
            attacker.sendRegardless(frames(ping, 50_000));
            String end = end(scene);
            assertThat(end).contains("slow_consumer (4008)");
            assertThat(waiting(end)).isBetween(1L, 3L * 65_536);
        }
    }

    /** Of requests to a room on another lane some have replies and others have none, and it is seen all the same. */
    @Test
    void requestsToAnotherLaneWithoutReading_areAnsweredAsFarAsIsTakenAndThenCut() {
        String member = "{\"type\":\"member\",\"room\":\"" + ROOM + "\",\"member\":1}";
        String answered = member.replace("{", "{\"id\":\"" + "x".repeat(64) + "\",");
        try (Scene scene = Scene.with(settings -> settings);
                RawClient first = RawClient.open(scene.port()).join(ROOM);
                RawClient attacker =
                        RawClient.tcp(scene.port(), 4_096).upgrade().join(ROOM)) {
            byte[] group = frames(answered, 62);
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                wire.writeBytes(group);
                wire.writeBytes(frames(member, 2)); // one of 64 is waited for, and it may be one without
            }
            attacker.sendRegardless(wire.toByteArray());
            String end = end(scene);
            assertThat(end).contains("slow_consumer (4008)");
            assertThat(waiting(end)).isBetween(1L, 3L * 65_536);
            stillHere(first);
        }
    }

    /** An update of a line that is refused with all the values whose versions it names. */
    private static String conflict() {
        String versions =
                IntStream.range(0, KEYS).mapToObj(i -> "\"k" + i + "\":9").collect(Collectors.joining(","));
        return update("\"if\":{" + versions + "},\"set\":{\"n\":1}");
    }

    private static byte[] frames(String json, int count) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            wire.writeBytes(frame(json));
        }
        return wire.toByteArray();
    }

    private static void answers(RawClient client, int times) {
        for (int i = 1; i <= times; i++) {
            client.text("{\"type\":\"ping\",\"id\":" + i + "}");
            client.readUntil("\"pong\",\"id\":" + i + "}");
        }
    }

    /** Of a member that asks for this 200 times and reads nothing. */
    private void isBoundedAndCut(String request) {
        try (Scene scene = Scene.with(settings -> settings.limits(roomy()));
                RawClient owner = RawClient.open(scene.port());
                RawClient attacker = RawClient.tcp(scene.port(), 4_096).upgrade()) {
            String toSend = request.replace("EPOCH", large(owner));
            attacker.text("{\"type\":\"join\",\"room\":\"" + ROOM + "\",\"state\":false}");
            attacker.readUntil("\"joined\"");
            long sentBefore = scene.server().statistics().sentBytes();
            attacker.sendRegardless(frames(toSend, 200));
            String end = end(scene);
            assertThat(end).contains("slow_consumer (4008)");
            assertThat(waiting(end)).isBetween(1L, 2L * STATE_BYTES);
            // One reply of the 200 that were asked for; the rest is the bystanders' talk.
            assertThat(scene.server().statistics().sentBytes() - sentBefore).isBetween(1L, 3L * STATE_BYTES);
            stillHere(owner);
        }
    }

    /** What has no reply is not waited for, on whatever lane the room lives. */
    @Test
    void updatesThatNameVersions_withoutIds_letTheNextThrough() {
        try (Scene scene = Scene.with(settings -> settings.limits(roomy()));
                RawClient one = RawClient.open(scene.port());
                RawClient other = RawClient.open(scene.port())) { // on another lane than the first
            large(one);
            other.text("{\"type\":\"join\",\"room\":\"" + ROOM + "\",\"state\":false}");
            other.readUntil("\"joined\"");
            int version = KEYS;
            for (RawClient writer : List.of(one, other)) {
                ByteArrayOutputStream wire = new ByteArrayOutputStream();
                for (int i = 0; i < 20; i++) {
                    int before = version == KEYS ? 0 : version;
                    String next = "\"if\":{\"n\":" + before + "},\"set\":{\"n\":" + ++version + "}";
                    wire.writeBytes(frame(update(next).replace("\"id\":7,", "")));
                }
                wire.writeBytes(frame(update("\"if\":{\"n\":" + version + "},\"set\":{\"n\":0}")));
                writer.send(wire.toByteArray());
                assertThat(writer.readUntil("\"id\":7")).contains("\"version\":" + ++version);
            }
        }
    }

    /** Each of a crowd asks for all pages and reads none: what that takes is what one state takes, for each. */
    @Test
    void row34_crowdThatNeverReadsItsPages_isCutAndTheOthersAreUnharmed() {
        int crowd = 30;
        List<RawClient> attackers = new ArrayList<>();
        try (Scene scene = Scene.with(settings -> settings.limits(roomy()));
                RawClient owner = RawClient.open(scene.port())) {
            large(owner);
            try {
                for (int i = 0; i < crowd; i++) {
                    RawClient attacker = RawClient.tcp(scene.port(), 4_096).upgrade();
                    attackers.add(attacker);
                    attacker.text("{\"type\":\"join\",\"room\":\"" + ROOM + "\"}");
                }
                long deadline = System.nanoTime() + DEADLINE;
                for (int i = 1; cut(scene) < crowd; i++) {
                    assertThat(System.nanoTime() - deadline)
                            .as("%d of %d cut in time", cut(scene), crowd)
                            .isNegative();
                    owner.text(update("\"set\":{\"n\":" + i + "}"));
                    assertThat(owner.readUntil("\"updated\"")).contains("\"version\":" + (KEYS + i));
                    scene.bystandersChatOn();
                }
            } finally {
                attackers.forEach(RawClient::close);
            }
            // The log has the first few of many that end together.
            List<String> ends = logged.list.stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .filter(line -> line.contains("slow_consumer (4008)"))
                    .toList();
            assertThat(ends).isNotEmpty();
            assertThat(ends).allSatisfy(end -> assertThat(waiting(end)).isBetween(1L, 2L * STATE_BYTES));
        }
    }

    /** Twenty times as much as may wait changes, and what waits is as much as there is. */
    @Test
    void row34_changesThatAreNeverRead_areMergedAndBounded() {
        int updates = 3_000;
        try (Scene scene = Scene.with(settings -> settings);
                RawClient owner = RawClient.open(scene.port()).join(ROOM)) {
            RawClient attacker = RawClient.tcp(scene.port(), 4_096).upgrade().join(ROOM);
            String value = "\"" + "x".repeat(7_000) + "\"";
            for (int i = 1; i <= updates; i++) {
                owner.text(update("\"set\":{\"k" + i % 4 + "\":" + value + "}"));
                owner.readUntil("\"version\":" + i);
            }
            assertThat(logged.list)
                    .as("nobody is cut for changes, which are merged")
                    .isEmpty();
            scene.bystandersChatOn();
            attacker.close();
            // A quarter of an outbox may wait before anything is merged, and as much as the state and what is under way
            // after.
            assertThat(waiting(end(scene))).isBetween(1L, 1_048_576L * 3 / 4);
            stillHere(owner);
        }
    }

    // ---- Floods

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500})
    void row34_updatesOverTheRate_areRefusedAndChangeNothing(int tooMany) {
        Limits limits = Scene.limits().with(Limit.PUBLISHES_PER_SECOND, 1).with(Limit.HISTORY_AGE_MS, 1_000);
        ClockAtRest clock = new ClockAtRest();
        try (RoomServer server = server(limits, clock);
                RawClient flood = RawClient.open(server.port()).join(ROOM);
                RawClient observer = RawClient.open(server.port()).join(ROOM)) {
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (int i = 0; i < Limit.BURST_SECONDS + tooMany; i++) {
                wire.writeBytes(frame(update("\"add\":{\"n\":1}")));
            }
            flood.sendRegardless(wire.toByteArray());
            for (int i = 1; i <= Limit.BURST_SECONDS; i++) {
                assertThat(observer.readText()).contains("\"type\":\"state\"", "\"version\":" + i + ",");
            }
            if (tooMany > REFUSALS) {
                // Replies that are still on their way then need not arrive.
                assertThat(flood.readClose()).isEqualTo(4429);
            } else {
                for (int i = 1; i <= Limit.BURST_SECONDS; i++) {
                    assertThat(flood.readUntil("\"updated\"")).endsWith("\"values\":{\"n\":" + i + "}}");
                }
                for (int i = 0; i < tooMany; i++) {
                    assertThat(flood.readText())
                            .startsWith("{\"type\":\"error\",\"id\":7,\"request\":\"update\"")
                            .contains("\"code\":\"rate_limited\"")
                            .containsPattern("\"retryAfterMs\":[1-9]");
                }
            }
            // Its own first one has its place right behind those that were taken.
            observer.text(update("\"add\":{\"n\":1}"));
            assertThat(observer.readUntil("\"updated\""))
                    .contains("\"values\":{\"n\":" + (Limit.BURST_SECONDS + 1) + "}");
        }
    }

    @Test
    void row34_aHundredThousandOwnKeysAtOnce_asManyAsFitAreTakenAndAllGoInOneUpdate() {
        try (Scene scene = Scene.with(settings -> settings);
                RawClient observer = RawClient.open(scene.port()).join(ROOM)) {
            RawClient attacker = RawClient.open(scene.port()).join(ROOM);
            int taken = 0;
            for (int from = 0; from < OWN_KEYS; from += KEYS_PER_UPDATE) {
                attacker.text(update(ownKeys(from)));
                String reply = attacker.readText();
                if (reply.startsWith("{\"type\":\"state\"")) {
                    reply = attacker.readText();
                    assertThat(reply).startsWith(TAKEN);
                    assertThat(observer.readText()).contains("\"k" + from + "\":1");
                    taken += KEYS_PER_UPDATE;
                } else {
                    assertThat(reply).contains("\"code\":\"too_large\"");
                }
            }
            assertThat(taken).isEqualTo(1_000);
            attacker.close();
            String gone = observer.readText();
            assertThat(gone)
                    .startsWith("{\"type\":\"state\",\"room\":\"" + ROOM + "\",\"version\":5,\"delete\":[\"k0\",")
                    .contains("\"from\":");
            assertThat(gone.split("\"k\\d+\"", -1)).hasSize(taken + 1);
            RawClient late = RawClient.open(scene.port());
            late.text("{\"type\":\"join\",\"room\":\"" + ROOM + "\"}");
            assertThat(late.readText()).endsWith("\"state\":{\"set\":{},\"versions\":{}}}");
            late.close();
        }
    }

    /** One after the other, each time with a new membership: what is deleted is remembered within a bound. */
    @Test
    void row34_aHundredThousandOwnKeysOneAfterTheOther_takeBoundedMemory() {
        try (Scene scene = Scene.with(settings -> settings);
                RawClient observer = RawClient.open(scene.port());
                RawClient attacker = RawClient.open(scene.port())) {
            observer.text("{\"type\":\"join\",\"room\":\"" + ROOM + "\",\"state\":false}");
            observer.readText();
            long most = 0;
            for (int round = 0; round < OWN_KEYS / 1_000; round++) {
                attacker.text("{\"type\":\"join\",\"room\":\"" + ROOM + "\",\"state\":false}");
                assertThat(attacker.readText()).contains("\"type\":\"joined\"", "\"version\":" + 5 * round + ",");
                for (int from = 0; from < 1_000; from += KEYS_PER_UPDATE) {
                    attacker.text(update(ownKeys(round * 1_000 + from)));
                    assertThat(attacker.readText()).startsWith(TAKEN);
                }
                attacker.text("{\"type\":\"leave\",\"room\":\"" + ROOM + "\"}");
                assertThat(attacker.readText()).contains("\"left\"");
                most = Math.max(most, scene.server().statistics().keptBytes());
            }
            // Twice 1,024 keys, there and deleted, and what the bystanders have said in a second.
            assertThat(most).isBetween(1L, 2 * 1_024 * 400L + 1_000_000);
        }
    }

    // ---- When all is over

    /** Rooms with state, own keys, deleted keys, histories: left in every way, and when their time is over nothing is there. */
    @Test
    void row34_afterAllHaveLeftAndTheAgeIsOver_nothingIsKept() {
        ClockAtRest clock = new ClockAtRest();
        try (RoomServer server = server(Limits.defaults(), clock)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String room = ROOM + i;
                RawClient client = RawClient.open(server.port()).join(room);
                clients.add(client);
                for (String request : List.of(
                        update("\"set\":{\"a\":\"" + "x".repeat(10_000) + "\",\"b\":1}"),
                        update("\"set\":{\"mine\":1},\"own\":true"),
                        update("\"delete\":[\"b\"],\"add\":{\"n\":1}"),
                        "{\"type\":\"publish\",\"id\":8,\"room\":\"" + ROOM + "\",\"key\":\"k\",\"data\":1}")) {
                    client.text(request.replace("\"room\":\"" + ROOM + "\"", "\"room\":\"" + room + "\""));
                    client.readUntil(request.contains("publish") ? "\"published\"" : "\"updated\"");
                }
            }
            Statistics full = server.statistics();
            assertThat(full.keptBytes()).isGreaterThan(40 * 10_000);
            assertThat(full.rooms()).isEqualTo(40);
            clients.forEach(RawClient::close);
            await(server, "members are gone", () -> server.statistics().members() == 0);
            assertThat(server.statistics().keptBytes())
                    .as("kept for who comes back")
                    .isGreaterThan(40 * 10_000);
            await(server, "nothing is kept", () -> {
                // Again and again, for the age of a room counts from a moment after its last member is seen to be gone.
                clock.jump(Duration.ofMillis(Limit.HISTORY_AGE_MS.defaultValue()));
                Statistics now = server.statistics();
                return now.keptBytes() == 0 && now.rooms() == 0 && now.connections() == 0;
            });
            try (RawClient client = RawClient.open(server.port())) {
                client.text("{\"type\":\"join\",\"room\":\"" + ROOM + "0\"}");
                assertThat(client.readText())
                        .contains("\"offset\":0,\"version\":0,")
                        .endsWith("\"state\":{\"set\":{},\"versions\":{}}}");
            }
        }
    }

    private static void await(RoomServer server, String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("time over before %s; %s", what, server.statistics())
                    .isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    // ---- Helpers

    private static Limits roomy() {
        return Scene.limits().with(Limit.STATE_BYTES, 2 * STATE_BYTES);
    }

    /** Fills the room with a state of several pages; its epoch. */
    private static String large(RawClient owner) {
        owner.text("{\"type\":\"join\",\"room\":\"" + ROOM + "\"}");
        String epoch = owner.readText().replaceFirst(".*\"epoch\":\"([^\"]+)\".*", "$1");
        for (int i = 0; i < KEYS; i++) {
            owner.text(update("\"set\":{\"k" + i + "\":\"" + "x".repeat(VALUE_BYTES - 2) + "\"}"));
            owner.readUntil("\"updated\"");
        }
        return epoch;
    }

    /** The log's line of the first connection that ended. */
    private String end(Scene scene) {
        long deadline = System.nanoTime() + DEADLINE;
        while (logged.list.isEmpty()) {
            assertThat(System.nanoTime() - deadline).as("not ended in time").isNegative();
            scene.bystandersChatOn();
        }
        return logged.list.get(0).getFormattedMessage();
    }

    private static long cut(Scene scene) {
        return scene.server().statistics().endings().getOrDefault(CloseCode.SLOW_CONSUMER.wireName(), 0L);
    }

    private static long waiting(String end) {
        Matcher waiting = Pattern.compile("bytes waiting: (\\d+)").matcher(end);
        assertThat(waiting.find()).as(end).isTrue();
        return Long.parseLong(waiting.group(1));
    }

    private static RoomServer server(Limits limits, ClockAtRest clock) {
        return RoomServer.builder()
                .port(0)
                .lanes(2)
                .limits(limits)
                .clock(clock)
                .heartbeat(Duration.ofHours(1))
                .shutdownSpread(Duration.ofMillis(1))
                .build()
                .start();
    }

    private static String ownKeys(int from) {
        return "\"own\":true,\"set\":{"
                + IntStream.range(from, from + KEYS_PER_UPDATE)
                        .mapToObj(i -> "\"k" + i + "\":1")
                        .collect(Collectors.joining(","))
                + "}";
    }

    private static String update(String parts) {
        return "{\"type\":\"update\",\"id\":7,\"room\":\"" + ROOM + "\"," + parts + "}";
    }

    private static byte[] frame(String json) {
        return RawClient.frame(RawClient.TEXT, json.getBytes(UTF_8));
    }

    private static void stillHere(RawClient client) {
        client.text("{\"type\":\"ping\",\"id\":\"still here\"}");
        client.readUntil("{\"type\":\"pong\",\"id\":\"still here\"}");
    }
}
