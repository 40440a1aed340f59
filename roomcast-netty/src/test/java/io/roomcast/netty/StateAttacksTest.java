package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks with updates of the state: row 34 of the table of attacks. What is refused has changed nothing: those in the room
 * hear nothing of it, and who joins then finds what was there. Attacks with the amount of it are in {@link
 * StateFloodTest}.
 */
final class StateAttacksTest {
    private static final Pattern STATE = Pattern.compile("\"version\":(\\d+),.*\"state\":(\\{.*\\})\\}");
    private static final AtomicInteger ROOMS = new AtomicInteger();
    private static final String FENCE = "\"fence\"";

    @RegisterExtension
    static final Scene SCENE = Scene.shared();

    // ---- Sizes

    @ParameterizedTest
    @CsvSource({
        "stateKeyBytes, 16",
        "stateValueBytes, 100",
        "stateKeys, 2",
        "stateBytes, 500",
        "stateBytes of several, 500"
    })
    void row34_tooLarge_changesNothing(String what, int value) {
        IntFunction<String> set = amount -> switch (what) {
            case "stateKeyBytes" -> "\"x\":1,\"" + "k".repeat(amount) + "\":1";
            case "stateValueBytes" -> "\"x\":1,\"k\":\"" + "v".repeat(amount - 2) + "\"";
            case "stateKeys" -> numbered(amount);
            case "stateBytes" -> "\"k\":\"" + "v".repeat(amount - 3) + "\"";
            default ->
                "\"k\":\"" + "v".repeat(amount / 2 - 3) + "\",\"l\":\"" + "v".repeat(amount - amount / 2 - 3) + "\"";
        };
        Limit limit = Arrays.stream(Limit.values())
                .filter(each -> each.key().equals(what.replaceFirst(" .*", "")))
                .findFirst()
                .orElseThrow();
        Limits limits = Scene.limits().with(Limit.STATE_VALUE_BYTES, 60_000).with(limit, value);
        try (Scene scene = Scene.with(settings -> settings.limits(limits));
                Board board = new Board(scene)) {
            board.refuses("too_large", "\"set\":{" + set.apply(value + 1) + "}");
            board.refuses("too_large", "\"set\":{" + set.apply(100 * value) + "}");
            board.takes("\"set\":{" + set.apply(value) + "}");
            if (what.equals("stateKeys")) {
                board.refuses("too_large", "\"add\":{\"another\":1}");
                board.refuses("too_large", "\"set\":{\"another\":1},\"delete\":[\"none\"]");
                board.takes("\"set\":{\"another\":1},\"delete\":[\"k0\"]");
            } else if (what.startsWith("stateBytes")) {
                board.refuses("too_large", "\"set\":{\"another\":1}");
                board.takes("\"set\":{\"another\":1},\"delete\":[\"k\"]");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 257, 5_000})
    void row34_manyKeysInOneUpdate(int keys) {
        String set = "\"set\":{" + numbered(keys) + "}";
        try (Board board = new Board(SCENE)) {
            if (keys <= 256) {
                board.takes(set);
            } else {
                board.refuses("bad_request", set);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2_048, 2_049, 50_000})
    void row34_memberOverItsLimit_changesNothing(int bytes) {
        String room = "board" + ROOMS.incrementAndGet();
        String member = "\"member\":\"" + "x".repeat(bytes - 2) + "\"";
        try (RawClient observer = RawClient.open(SCENE.port());
                RawClient attacker = RawClient.open(SCENE.port())) {
            observer.text("{\"type\":\"join\",\"room\":\"" + room + "\",\"members\":true}");
            assertThat(observer.readText()).contains("\"count\":1");
            attacker.text("{\"type\":\"join\",\"id\":1,\"room\":\"" + room + "\"," + member + "}");
            if (bytes > 2_048) {
                assertThat(attacker.readText()).contains("\"request\":\"join\"", "\"code\":\"too_large\"");
                attacker.join(room);
            } else {
                assertThat(attacker.readText()).contains("\"type\":\"joined\"");
            }
            assertThat(observer.readText()).contains("\"joined\":[{\"id\":", "\"count\":2}");
            attacker.text("{\"type\":\"member\",\"id\":2,\"room\":\"" + room + "\"," + member + "}");
            assertThat(attacker.readText()).contains(bytes > 2_048 ? "\"code\":\"too_large\"" : "\"type\":\"ok\"");
            attacker.text("{\"type\":\"member\",\"room\":\"" + room + "\",\"member\":\"last\"}");
            assertThat(observer.readUntil("\"member\":\"last\""))
                    .endsWith("\"count\":2}")
                    .doesNotContain("xxx");
        }
    }

    // ---- Versions

    @Test
    void row34_ifOnAKeyThatMoved_conflictWithWhatThereIs() {
        try (Board board = new Board(SCENE)) {
            board.takes("\"set\":{\"a\":1,\"b\":\"old\"}");
            board.takes("\"set\":{\"b\":{\"x\":[ 1.0 , null]}}");
            assertThat(board.refuses("conflict", "\"set\":{\"c\":1},\"if\":{\"a\":1,\"b\":1}"))
                    .endsWith("\"current\":{\"b\":{\"version\":2,\"value\":{\"x\":[ 1.0 , null]}}}}");
            assertThat(board.refuses("conflict", "\"delete\":[\"a\"],\"if\":{\"a\":0,\"b\":9007199254740991}"))
                    .endsWith("\"current\":{\"a\":{\"version\":1,\"value\":1},"
                            + "\"b\":{\"version\":2,\"value\":{\"x\":[ 1.0 , null]}}}}");
            assertThat(board.refuses("conflict", "\"add\":{\"a\":1},\"if\":{\"a\":2}"))
                    .endsWith("\"current\":{\"a\":{\"version\":1,\"value\":1}}}");
            board.takes("\"delete\":[\"b\"],\"if\":{\"b\":2}");
            assertThat(board.refuses("conflict", "\"set\":{\"b\":1},\"if\":{\"b\":2}"))
                    .endsWith("\"current\":{\"b\":{\"version\":0}}}");
            board.takes("\"set\":{\"b\":1},\"if\":{\"b\":0}");
        }
    }

    @Test
    void row34_ifOnMissingKeys() {
        try (Board board = new Board(SCENE)) {
            assertThat(board.refuses("conflict", "\"set\":{\"a\":1},\"if\":{\"none\":1,\"a\":0,\"__proto__\":3}"))
                    .endsWith("\"current\":{\"none\":{\"version\":0},\"__proto__\":{\"version\":0}}}");
            board.takes("\"set\":{\"a\":1},\"if\":{\"none\":0,\"a\":0,\"__proto__\":0}");
            assertThat(board.refuses("conflict", "\"set\":{\"a\":2},\"if\":{" + numbered(255) + "}"))
                    .contains("\"current\":{\"k0\":{\"version\":0},");
        }
    }

    @Test
    void row34_ifThatIsNone_isABadRequest() {
        for (String versions : List.of(
                "{\"a\":-1}",
                "{\"a\":0.5}",
                "{\"a\":1.0}",
                "{\"a\":1e0}",
                "{\"a\":9007199254740992}",
                "{\"a\":9223372036854775808}",
                "{\"a\":\"1\"}",
                "{\"a\":null}",
                "{\"a\":{}}",
                "{\"\":1}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"\\u0061\":1}",
                "[\"a\"]",
                "1",
                "null")) {
            try (Board board = new Board(SCENE)) {
                board.takes("\"set\":{\"a\":1}");
                board.refuses("bad_request", "\"set\":{\"a\":2},\"if\":" + versions);
            }
        }
    }

    // ---- Sums

    @Test
    void row34_addToWhatIsNoNumber_isABadRequest() {
        for (String value : List.of("\"1\"", "null", "true", "[]", "[1]", "{}", "{\"n\":1}", "\"\"")) {
            try (Board board = new Board(SCENE)) {
                board.takes("\"set\":{\"a\":" + value + "}");
                board.refuses("bad_request", "\"set\":{\"x\":1},\"add\":{\"a\":1}");
                board.refuses("bad_request", "\"add\":{\"x\":1,\"a\":0}");
                board.refuses("bad_request", "\"add\":{\"b\":" + value + "}");
            }
        }
    }

    @Test
    void row34_sumsOutOfBounds_areABadRequest() {
        for (String row : List.of(
                "9007199254740992, 1",
                "9007199254740992, 0.00000000000000000000000000000001",
                "-9007199254740992, -1",
                "0, 9007199254740993",
                "0, 1e16",
                "0, 1e400",
                "0, 1e999999999",
                "0, -1E+999999999",
                "0, 1e-999999999",
                "0, 1e-33",
                "0, 1e99999999999999999999",
                "0, 1e-99999999999999999999",
                "0, 1e2147483648",
                "0, 1e-2147483648",
                "0, 0e99999999999999999999",
                "1e99999999999999999999, 1",
                "1e-2147483648, 1",
                "1e999999999, 1",
                "1e-999999999, 1",
                "1e999999999, 0",
                "1e-33, 1")) {
            String[] cells = row.split(", ", -1);
            try (Board board = new Board(SCENE)) {
                board.takes("\"set\":{\"a\":" + cells[0] + "}");
                board.refuses("bad_request", "\"set\":{\"x\":1},\"add\":{\"a\":" + cells[1] + "}");
            }
        }
    }

    @Test
    void row34_sumsAtTheBounds_areExact() {
        for (String row : List.of(
                "9007199254740991, 1, 9007199254740992",
                "-9007199254740991, -1, -9007199254740992",
                "9007199254740992, -9007199254740992, 0",
                "0.1, 0.2, 0.3",
                "-0, -0.0, 0",
                "1e-32, 0, 0.00000000000000000000000000000001",
                "1e2, 1E+1, 110",
                "0e999999999, 5, 5",
                "0e-999999999, 5, 5",
                "5, 0e-999999999, 5",
                "5, -0E-2147483647, 5")) {
            String[] cells = row.split(", ", -1);
            try (Board board = new Board(SCENE)) {
                board.takes("\"set\":{\"a\":" + cells[0] + "}");
                assertThat(board.takes("\"add\":{\"a\":" + cells[1] + "}"))
                        .endsWith("\"values\":{\"a\":" + cells[2] + "}}");
            }
        }
    }

    // ---- Keys

    @Test
    void row34_updateThatIsNone_isABadRequest() {
        for (String parts : List.of(
                "\"set\":{\"a\":1,\"a\":2}",
                "\"set\":{\"a\":1,\"\\u0061\":2}",
                "\"set\":{\"b\":1,\"a\":1},\"delete\":[\"a\"]",
                "\"set\":{\"a\":1},\"add\":{\"a\":1}",
                "\"add\":{\"a\":1},\"delete\":[\"\\u0061\"]",
                "\"add\":{\"a\":1,\"a\":1}",
                "\"delete\":[\"a\",\"a\"]",
                "\"delete\":[\"a\",\"\\u0061\"]",
                "\"set\":{\"a\":1},\"set\":{\"b\":1}",
                "\"set\":{\"b\":1},\"\\u0073et\":{\"c\":1}",
                "\"set\":{\"b\":1,\"\":1}",
                "\"delete\":[\"\"]",
                "\"add\":{\"\":1}",
                "\"set\":{\"\\ud800\":1}",
                "\"delete\":[\"\\udc00\"]",
                "\"set\":[\"a\"]",
                "\"set\":\"a\"",
                "\"set\":null",
                "\"delete\":{\"a\":1}",
                "\"delete\":\"a\"",
                "\"delete\":[1]",
                "\"delete\":[[\"a\"]]",
                "\"add\":[1]",
                "\"set\":{\"a\":1},\"own\":\"true\"",
                "\"set\":{\"a\":1},\"own\":null",
                "\"set\":{}",
                "\"delete\":[]",
                "\"add\":{}",
                "\"if\":{\"a\":1}",
                "\"own\":true")) {
            try (Board board = new Board(SCENE)) {
                board.takes("\"set\":{\"a\":1}");
                board.refuses("bad_request", parts);
            }
        }
    }

    @Test
    void row34_keyOfAnyCharacters_isAKeyLikeAnyOther() {
        for (String key : List.of(
                "__proto__",
                "constructor",
                "prototype",
                "toString",
                "hasOwnProperty",
                "set",
                "version",
                "since",
                "null",
                "0",
                " ",
                "\\u0000",
                "\\n",
                "\\\"",
                "\\\\",
                "$ref",
                "a.b",
                "*",
                "\u202eabc\u202c",
                "e\u0301",
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
                "<script>",
                "\uffff")) {
            try (Board board = new Board(SCENE)) {
                String value = "{\"" + key + "\":[{\"__proto__\":1}]}";
                board.takes("\"set\":{\"" + key + "\":" + value + "}");
                assertThat(board.heard())
                        .endsWith("\"version\":1,\"set\":{\"" + key + "\":" + value + "},\"from\":\"" + board.memberId()
                                + "\"}");
                assertThat(board.late())
                        .isEqualTo("1 {\"set\":{\"" + key + "\":" + value + "},\"versions\":{\"" + key + "\":1}}");
                assertThat(board.refuses("conflict", "\"delete\":[\"" + key + "\"],\"if\":{\"" + key + "\":0}"))
                        .endsWith("\"current\":{\"" + key + "\":{\"version\":1,\"value\":" + value + "}}}");
                board.takes("\"delete\":[\"" + key + "\"]");
                assertThat(board.takes("\"add\":{\"" + key + "\":2}")).endsWith("\"values\":{\"" + key + "\":2}}");
            }
        }
    }

    @Test
    void row34_keysThatAreAlikeAndNotTheSame_areDifferentKeys() {
        try (Board board = new Board(SCENE)) {
            board.takes("\"set\":{\"\u00e9\":1,\"e\u0301\":2,\"E\":3,\"e\":4,\"e \":5,\"\\u0065\\u0000\":6}");
            assertThat(board.late()).contains("\"\u00e9\":1", "\"e\u0301\":2", "\"E\":3", "\"e\":4", "\"e \":5");
        }
    }

    /** Colliding strings are in trees, whose steps are as many as a logarithm; in lists they would take 250 times as long. */
    @Test
    void row34_keysThatCollide_takeNearlyTheSameTime() {
        List<String> colliding = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < 8; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            colliding.add("\"" + key + "\":1");
            others.add(String.format("\"%016d\":1", i));
        }
        try (Board board = new Board(SCENE)) {
            byte[] collisions = frames(board.update("\"set\":{" + String.join(",", colliding) + "}"));
            byte[] plain = frames(board.update("\"set\":{" + String.join(",", others) + "}"));
            board.takes("\"set\":{\"x\":1}");
            MessageAttacksTest.assertAtMost(5, "keys", () -> board.answered(collisions), () -> board.answered(plain));
        }
    }

    private static byte[] frames(String json) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 0; i < Board.REPEATS; i++) {
            wire.writeBytes(RawClient.frame(RawClient.TEXT, json.getBytes(UTF_8)));
        }
        return wire.toByteArray();
    }

    // ---- Others' keys

    @Test
    void row34_anothersOwnKey_isNotAllowedInAnyWayAndGoesWithItsOwner() {
        try (Board board = new Board(SCENE)) {
            try (RawClient owner = RawClient.open(SCENE.port()).join(board.room)) {
                owner.text(board.update("\"set\":{\"mine\":1},\"own\":true"));
                owner.readUntil("\"updated\"");
                assertThat(board.heard()).contains("\"mine\":1");
                board.heardByAttacker();
                for (String parts : List.of(
                        "\"set\":{\"x\":1,\"mine\":2}",
                        "\"set\":{\"mine\":2},\"own\":true",
                        "\"delete\":[\"mine\"]",
                        "\"add\":{\"mine\":1}",
                        "\"set\":{\"mine\":2},\"if\":{\"mine\":1}")) {
                    board.refuses("not_allowed", parts);
                }
            }
            assertThat(board.heard()).contains("\"delete\":[\"mine\"],\"from\":");
            board.heardByAttacker();
            board.takes("\"set\":{\"mine\":3}");
            board.refuses("not_allowed", "\"set\":{\"mine\":4},\"own\":true");
        }
    }

    @Test
    void row34_updateWithoutMembership_sameWordsWhetherTheRoomExists() {
        try (Board board = new Board(SCENE);
                RawClient stranger = RawClient.open(SCENE.port())) {
            board.takes("\"set\":{\"a\":1}");
            String before = board.late();
            stranger.text(board.update("\"set\":{\"a\":2},\"if\":{\"a\":9}"));
            String there = stranger.readText();
            stranger.text(board.update("\"set\":{\"a\":2},\"if\":{\"a\":9}").replace(board.room, "nowhere"));
            assertThat(stranger.readText()).isEqualTo(there.replace(board.room, "nowhere"));
            assertThat(there).contains("\"code\":\"not_member\"").doesNotContain("current");
            assertThat(board.late()).isEqualTo(before);
        }
    }

    private static String numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":1").collect(Collectors.joining(","));
    }

    /**
     * A room with state, in which somebody attacks and somebody listens. Of a list of attacks each has a board of its own in
     * one test, because a test waits until its rooms are forgotten.
     */
    private static final class Board implements AutoCloseable {
        static final int REPEATS = 50;

        final String room = "board" + ROOMS.incrementAndGet();
        private final Scene scene;
        private final RawClient attacker;
        private final RawClient observer;
        private final String memberId;

        Board(Scene scene) {
            this.scene = scene;
            observer = RawClient.open(scene.port()).join(room);
            attacker = RawClient.open(scene.port());
            attacker.text("{\"type\":\"join\",\"room\":\"" + room + "\"}");
            memberId = attacker.readText().replaceFirst(".*\"memberId\":\"([^\"]+)\".*", "$1");
        }

        String memberId() {
            return memberId;
        }

        String update(String parts) {
            return "{\"type\":\"update\",\"id\":7,\"room\":\"" + room + "\"," + parts + "}";
        }

        /** The reply. What it does is left for the listener. */
        String takes(String parts) {
            attacker.text(update(parts));
            assertThat(attacker.readText()).startsWith("{\"type\":\"state\",\"room\":\"" + room + "\"");
            String reply = attacker.readText();
            assertThat(reply).startsWith("{\"type\":\"updated\",\"room\":\"" + room + "\",\"id\":7,");
            return reply;
        }

        /** The refusal; nobody has noticed anything, now or later. */
        String refuses(String code, String parts) {
            String before = late();
            attacker.text(update(parts));
            String refusal = attacker.readText();
            assertThat(refusal)
                    .startsWith("{\"type\":\"error\",\"id\":7,\"request\":\"update\",\"room\":\"" + room
                            + "\",\"code\":\"" + code + "\"");
            assertThat(late()).isEqualTo(before);
            attacker.text("{\"type\":\"publish\",\"room\":\"" + room + "\",\"data\":" + FENCE + "}");
            assertThat(attacker.readText()).endsWith("\"data\":" + FENCE + "}");
            String heard = observer.readText();
            while (heard.startsWith("{\"type\":\"state\"") && !heard.contains(FENCE)) {
                assertThat(version(heard))
                        .as(heard)
                        .isLessThanOrEqualTo(Long.parseLong(before.substring(0, before.indexOf(' '))));
                heard = observer.readText();
            }
            assertThat(heard).endsWith("\"data\":" + FENCE + "}");
            return refusal;
        }

        /** What the listener hears next. */
        String heard() {
            String heard = observer.readText();
            while (heard.endsWith("\"data\":" + FENCE + "}")) {
                heard = observer.readText();
            }
            return heard;
        }

        void heardByAttacker() {
            assertThat(attacker.readText()).startsWith("{\"type\":\"state\"");
        }

        /** Version and state, as somebody gets them who joins now. */
        String late() {
            try (RawClient client = RawClient.open(scene.port())) {
                client.text("{\"type\":\"join\",\"room\":\"" + room + "\"}");
                String joined = client.readText();
                Matcher state = STATE.matcher(joined);
                assertThat(state.find()).as(joined).isTrue();
                return state.group(1) + " " + state.group(2);
            }
        }

        private static long version(String frame) {
            return Long.parseLong(frame.replaceFirst(".*?\"version\":(\\d+).*", "$1"));
        }

        long answered(byte[] updates) {
            long start = System.nanoTime();
            attacker.send(updates);
            for (int i = 0; i < REPEATS; i++) {
                attacker.readUntil("\"updated\"");
            }
            long taken = System.nanoTime() - start;
            for (int i = 0; i < REPEATS; i++) {
                observer.readText();
            }
            return taken;
        }

        @Override
        public void close() {
            attacker.close();
            observer.close();
        }
    }
}
