package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks with messages, by their rows in the table of attacks. The attacker is in the bystanders' room. A refusal is an
 * {@code error} and leaves the connection open.
 */
final class MessageAttacksTest {
    private static final String GOOD = "{\"type\":\"ping\",\"id\":\"still here\"}";
    private static final List<String> SHAPES =
            List.of("open arrays", "arrays", "digits", "top keys", "inner keys", "escapes", "strings", "spaces");
    private static final int REPEATS = 200;
    private static final int TRIES = 3;
    private static final int PAIRS = 9;
    private static final String STILL_HERE = "{\"type\":\"pong\",\"id\":\"still here\"}";

    @RegisterExtension
    static final Scene SCENE = Scene.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "null",
                "true",
                "1",
                "\"ping\"",
                "[]",
                "[{\"type\":\"ping\"}]",
                "{",
                "{}",
                "{\"type\":\"ping\"",
                "{\"type\":\"ping\"}}",
                "{\"type\":\"ping\"} x",
                "{\"type\":\"ping\"}{\"type\":\"ping\"}",
                "{\"type\":\"ping\"}\0",
                "\uFEFF{\"type\":\"ping\"}",
                "{\"type\":\"ping\",}",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "{\"type\":\"ping\",\"x\":1,\"x\":2}",
                "{\"type\":\"ping\",\"x\":1,\"\\u0078\":2}",
                "{\"type\":\"ping\",\"x\":NaN}",
                "{\"type\":\"ping\",\"x\":Infinity}",
                "{\"type\":\"ping\",\"x\":-}",
                "{\"type\":\"ping\",\"x\":01}",
                "{\"type\":\"ping\",\"x\":.5}",
                "{\"type\":\"ping\",\"x\":1.}",
                "{\"type\":\"ping\",\"x\":1e}",
                "{\"type\":\"ping\",\"x\":\"\\ud800\"}",
                "{\"type\":\"ping\",\"x\":\"\\udc00\\ud800\"}",
                "{\"type\":\"ping\",\"\\ud800\":1}",
                "{\"type\":\"ping\",\"x\":\"\\u12G4\"}",
                "{\"type\":\"ping\",\"x\":\"\\x\"}",
                "{\"type\":\"ping\",\"x\":\"\t\"}",
                "{'type':'ping'}",
                "{type:\"ping\"}",
                "{\"type\":\"ping\"/**/}",
                "{\"type\":7}",
                "{\"type\":null}",
                "{\"type\":\"ping\",\"id\":0}",
                "{\"type\":\"ping\",\"id\":1.0}",
                "{\"type\":\"ping\",\"id\":-1}",
                "{\"type\":\"ping\",\"id\":9007199254740992}",
                "{\"type\":\"ping\",\"id\":\"\"}",
                "{\"type\":\"ping\",\"id\":[]}",
                "{\"type\":\"ping\",\"id\":null}"
            })
    void row24_noJsonObject_badRequest(String text) {
        try (RawClient client = SCENE.member()) {
            client.text(text);
            assertThat(client.readReply()).startsWith("{\"type\":\"error\"").contains("\"code\":\"bad_request\"");
            stillHere(client);
        }
    }

    @Test
    void row24_tenWithNoGoodOneBetween_theTenthIsAnsweredThen4429() {
        try (RawClient client = SCENE.member()) {
            for (int i = 1; i <= 9; i++) {
                bad(client);
            }
            stillHere(client);
            for (int i = 1; i <= 10; i++) {
                bad(client);
            }
            assertThat(client.readClose()).isEqualTo(4429);
            client.send(RawClient.frame(RawClient.CLOSE, new byte[] {0x11, 0x4D}));
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void row24_aThousandAtOnce_tenAnswersThen4429() {
        try (RawClient client = SCENE.member()) {
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (int i = 0; i < 1_000; i++) {
                wire.writeBytes(RawClient.frame(RawClient.TEXT, new byte[] {'x'}));
            }
            client.send(wire.toByteArray());
            for (int i = 1; i <= 10; i++) {
                assertThat(client.readReply()).contains("\"code\":\"bad_request\"");
            }
            assertThat(client.readClose()).isEqualTo(4429);
            client.send(RawClient.frame(RawClient.CLOSE, new byte[] {0x11, 0x4D}));
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "depth, 32, true", "depth, 33, false", "depth, 3200, false",
        "digits, 32, true", "digits, 33, false", "digits, 3200, false",
        "keys, 256, true", "keys, 257, false", "keys, 5000, false",
        "inner keys, 256, true", "inner keys, 257, false", "inner keys, 5000, false"
    })
    void row25_jsonLimits(String what, int count, boolean taken) {
        String text = switch (what) {
            case "depth" -> frameWith("[".repeat(count - 1) + "]".repeat(count - 1));
            case "digits" -> frameWith("9".repeat(count));
            case "keys" -> {
                String inner = keys(count - 2);
                yield "{\"type\":\"ping\",\"id\":1," + inner + "}";
            }
            default -> frameWith("{" + keys(count) + "}");
        };
        try (RawClient client = SCENE.member()) {
            client.text(text);
            String reply = client.readReply();
            if (taken) {
                assertThat(reply).isEqualTo("{\"type\":\"pong\",\"id\":1}");
            } else {
                assertThat(reply).contains("\"type\":\"error\"", "\"id\":1", "\"code\":\"bad_request\"");
            }
            stillHere(client);
        }
    }

    @Test
    void row25_longInput_takesLinearTime() {
        int small = 100_000;
        int times = 8;
        Limits limits = Scene.limits().with(Limit.FRAME_BYTES, 2_000_000).with(Limit.DATA_BYTES, 2_000_000);
        try (Scene scene = Scene.with(settings -> settings.limits(limits));
                RawClient client = RawClient.open(scene.port())) {
            for (String shape : SHAPES) {
                byte[] shortFrame = RawClient.frame(
                        RawClient.TEXT, frameWith(value(shape, small)).getBytes(UTF_8));
                byte[] longFrame = RawClient.frame(
                        RawClient.TEXT, frameWith(value(shape, small * times)).getBytes(UTF_8));
                // Square time would be 64 times as much.
                assertAtMost(3 * times, shape, () -> answered(client, longFrame), () -> answered(client, shortFrame));
            }
        }
    }

    private static String value(String shape, int bytes) {
        return switch (shape) {
            case "open arrays" -> "[".repeat(bytes);
            case "arrays" -> "[" + "[],".repeat(bytes / 3) + "0]";
            case "digits" -> "9".repeat(bytes);
            case "top keys" -> "0," + keys(bytes / 12);
            case "inner keys" -> "{" + keys(bytes / 12) + "}";
            case "escapes" -> "\"" + "\\u0061".repeat(bytes / 6) + "\"";
            case "strings" -> "[" + "\"\",".repeat(bytes / 3) + "0]";
            case "spaces" -> " ".repeat(bytes) + "0";
            default -> throw new AssertionError(shape);
        };
    }

    @Test
    void row26_roomIdsThatCollide_takeAtMostTwiceTheTime() {
        int count = 1_024;
        Limits limits = Scene.limits().with(Limit.ROOMS_PER_CONNECTION, count);
        try (Scene scene = Scene.with(settings -> settings.limits(limits));
                RawClient client = RawClient.open(scene.port())) {
            List<String> colliding = colliding(count);
            List<String> others = random(count, colliding.get(0).length());
            assertAtMost(2, "joins", () -> joinAndLeave(client, colliding), () -> joinAndLeave(client, others));
        }
    }

    @Test
    void row26_keysThatCollide_takeAtMostTwiceTheTime() {
        byte[] colliding = manyFrames(colliding(250));
        byte[] others = manyFrames(random(250, colliding(250).get(0).length()));
        try (RawClient client = SCENE.member()) {
            assertAtMost(2, "frames", () -> answered(client, colliding), () -> answered(client, others));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__proto__",
                "constructor",
                "prototype",
                "toString",
                "hasOwnProperty",
                "__defineGetter__",
                "valueOf",
                "then",
                "length",
                "type",
                "null",
                "undefined"
            })
    void row27_namesWithAMeaningElsewhere_arePlainData(String name) {
        like(name, name, "{\"" + name + "\":{\"" + name + "\":1}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "{x}",
                "a:b",
                ":",
                "\\\"",
                "'",
                "\\\\",
                "/",
                "/ws",
                "..",
                "a b",
                " ",
                "$",
                "#",
                "%00",
                "%s",
                "${jndi:x}",
                "\u00e9",
                "e\u0301",
                "\ud83d\ude00",
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
                "\u202eabc\u202c",
                "\u200f",
                "\u2066x\u2069",
                "\u2028",
                "\u00ad",
                "\ufeff",
                "\uffff",
                "\u05e9\u05dc\u05d5\u05dd",
                "<script>"
            })
    void row28_roomOfAnyCharacters_isARoomLikeAnyOther(String room) {
        like(room, "event", "1");
    }

    @Test
    void row28_roomOf128CodePoints_isARoomLikeAnyOther() {
        like("x".repeat(128), "event", "1");
        like("\ud83d\ude00".repeat(128), "event", "1");
    }

    @ParameterizedTest
    @MethodSource("badRooms")
    void row28_badRoom_isRefusedInEveryRequest(String room) {
        String field = "\"room\":\"" + room + "\"";
        try (RawClient client = SCENE.member()) {
            for (String request : List.of(
                    "{\"type\":\"join\",\"id\":1," + field + "}",
                    "{\"type\":\"leave\",\"id\":1," + field + "}",
                    "{\"type\":\"members\",\"id\":1," + field + "}",
                    "{\"type\":\"member\",\"id\":1,\"member\":1," + field + "}",
                    "{\"type\":\"publish\",\"id\":1,\"data\":1," + field + "}")) {
                client.text(request);
                assertThat(client.readReply())
                        .startsWith("{\"type\":\"error\"")
                        .contains("\"id\":1", "\"code\":\"bad_room\"");
            }
            stillHere(client);
        }
    }

    static List<String> badRooms() {
        List<String> rooms = new ArrayList<>(List.of("", "x".repeat(129), "x".repeat(12_800)));
        rooms.add("\ud83d\ude00".repeat(129));
        for (int control = 0; control < 0xA0; control++) {
            if (control < 0x20 || control >= 0x7F) {
                rooms.add(String.format("a\\u%04x", control));
            }
        }
        rooms.add("a\u007f");
        rooms.add("a\u0085");
        return rooms;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"publish\",\"id\":1,\"room\":\"ROOM\",\"data\":1}",
                "{\"type\":\"publish\",\"id\":1,\"room\":\"ROOM\",\"data\":1,\"keep\":false,\"echo\":false}",
                "{\"type\":\"publish\",\"id\":1,\"room\":\"ROOM\",\"data\":1,\"to\":\"m1\"}",
                "{\"type\":\"members\",\"id\":1,\"room\":\"ROOM\"}",
                "{\"type\":\"member\",\"id\":1,\"room\":\"ROOM\",\"member\":1}"
            })
    void row30_requestToARoomIAmNotIn_sameWordsAndTimeWhetherItExists(String request) {
        byte[] existing = frames(request.replace("ROOM", "lobby"));
        byte[] absent = frames(request.replace("ROOM", "ybbol"));
        try (RawClient client = RawClient.open(SCENE.port())) {
            String[] words = new String[2];
            LongSupplier there = () -> timed(client, existing, words, 0);
            LongSupplier notThere = () -> timed(client, absent, words, 1);
            assertAtMost(1.5, "if it exists", there, notThere);
            assertAtMost(1.5, "if it does not", notThere, there);
            assertThat(words[0]).contains("\"code\":\"not_member\"").isEqualTo(words[1].replace("ybbol", "lobby"));
        }
    }

    // ---- How an attack is made

    /** A room, an event and data that come back as they were sent, also to others, and are gone afterwards. */
    private static void like(String room, String event, String data) {
        try (RawClient ana = SCENE.member();
                RawClient bob = SCENE.member()) {
            ana.join(room);
            bob.join(room);
            ana.text("{\"type\":\"publish\",\"id\":1,\"room\":\"" + room + "\",\"event\":\"" + event + "\",\"data\":"
                    + data + "}");
            assertThat(ana.readReply())
                    .isEqualTo("{\"type\":\"published\",\"room\":\"" + room + "\",\"id\":1,\"offset\":1}");
            String heard = bob.readUntil("\"room\":\"" + room + "\"");
            assertThat(heard)
                    .startsWith("{\"type\":\"message\",")
                    .contains("\"event\":\"" + event + "\"")
                    .endsWith("\"data\":" + data + "}");
            ana.text("{\"type\":\"member\",\"id\":2,\"room\":\"" + room + "\",\"member\":" + data + "}");
            assertThat(ana.readReply()).contains("\"type\":\"ok\"");
            ana.text("{\"type\":\"members\",\"id\":3,\"room\":\"" + room + "\"}");
            assertThat(ana.readReply()).contains("\"count\":2", "\"member\":" + data);
            ana.text("{\"type\":\"leave\",\"id\":4,\"room\":\"" + room + "\"}");
            assertThat(ana.readReply()).isEqualTo("{\"type\":\"left\",\"room\":\"" + room + "\",\"id\":4}");
        }
    }

    /**
     * Holds the time of the first to this many times that of the second. What is really slower is so each time; what the
     * machine did meanwhile is not, so one good try of three will do.
     */
    static void assertAtMost(double times, String what, LongSupplier first, LongSupplier second) {
        double ratio = Double.MAX_VALUE;
        for (int i = 0; i < TRIES && ratio > times; i++) {
            ratio = ratio(PAIRS, first, second);
        }
        assertThat(ratio).as(what).isLessThanOrEqualTo(times);
    }

    /** How much longer the first takes: the median of the ratios of pairs that ran next to each other. */
    private static double ratio(int pairs, LongSupplier first, LongSupplier second) {
        double[] ratios = new double[pairs];
        for (int i = -pairs / 2; i < pairs; i++) {
            // Takes turns at going first, so that what drifts hits both.
            long a = i % 2 == 0 ? first.getAsLong() : 0;
            long b = second.getAsLong();
            a = i % 2 == 0 ? a : first.getAsLong();
            if (i >= 0) { // what came before was for warming up
                ratios[i] = (double) a / b;
            }
        }
        Arrays.sort(ratios);
        return ratios[pairs / 2];
    }

    /** The time until the ping behind this is answered. */
    private static long answered(RawClient client, byte[] frames) {
        long start = System.nanoTime();
        client.send(frames);
        client.text(GOOD);
        client.readUntil("still here");
        return System.nanoTime() - start;
    }

    /** The same request many times. */
    private static byte[] frames(String request) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        byte[] frame = RawClient.frame(RawClient.TEXT, request.getBytes(UTF_8));
        for (int i = 0; i < REPEATS; i++) {
            wire.writeBytes(frame);
        }
        return wire.toByteArray();
    }

    private static long timed(RawClient client, byte[] frames, String[] words, int word) {
        long start = System.nanoTime();
        client.send(frames);
        for (int i = 0; i < REPEATS; i++) {
            words[word] = client.readText();
        }
        return System.nanoTime() - start;
    }

    /** Messages with these as their keys. */
    private static byte[] manyFrames(List<String> keys) {
        String all = keys.stream().map(key -> "\"" + key + "\":0").collect(Collectors.joining(","));
        byte[] frame = RawClient.frame(RawClient.TEXT, ("{\"type\":\"ping\"," + all + "}").getBytes(UTF_8));
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 0; i < 50; i++) {
            wire.writeBytes(frame);
        }
        return wire.toByteArray();
    }

    private static long joinAndLeave(RawClient client, List<String> rooms) {
        long start = System.nanoTime();
        for (String type : List.of("join", "leave")) {
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (String room : rooms) {
                String request = "{\"type\":\"" + type + "\",\"room\":\"" + room + "\"}";
                wire.writeBytes(RawClient.frame(RawClient.TEXT, request.getBytes(UTF_8)));
            }
            client.send(wire.toByteArray());
            for (int i = 0; i < rooms.size(); i++) {
                assertThat(client.readText()).contains("\"room\":");
            }
        }
        return System.nanoTime() - start;
    }

    /** Strings of one length and one hash code: in Java "Aa" and "BB" have the same. */
    private static List<String> colliding(int count) {
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder string = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                string.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            strings.add(string.toString());
        }
        assertThat(strings.stream().map(String::hashCode).distinct()).hasSize(1);
        return strings;
    }

    private static List<String> random(int count, int length) {
        Random random = new Random(26);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(length, 'a', 'z' + 1)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()))
                .toList();
    }

    private static void stillHere(RawClient client) {
        client.text(GOOD);
        assertThat(client.readReply()).isEqualTo(STILL_HERE);
    }

    private static void bad(RawClient client) {
        client.text("x");
        assertThat(client.readReply()).contains("\"code\":\"bad_request\"");
    }

    private static String frameWith(String value) {
        return "{\"type\":\"ping\",\"id\":1,\"x\":" + value + "}";
    }

    /** Many keys, all different. */
    private static String keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format("\"k%07d\":0", i))
                .collect(Collectors.joining(","));
    }
}
