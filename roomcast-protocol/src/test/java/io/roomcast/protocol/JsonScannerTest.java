package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

final class JsonScannerTest {
    private static final int DEPTH = 32;
    private static final int DIGITS = 32;
    private static final int KEYS = 256;

    private static final List<String> GOOD = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-0.0e-0",
            "1e5",
            "1E+5",
            "123456789012345678901234567890.12",
            "\"\"",
            "\"plain\"",
            "\"a string of more than eight and of more than sixteen bytes\"",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uABcd\"",
            "\"\\ud83d\\ude00\"",
            "\"Grüße, 世界, 😀\"",
            "\"\u007f\u2028\"",
            "[]",
            "{}",
            "[[],{},[{}],\"\",0]",
            " \t\r\n[ 1 , 2 ] ",
            "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"e\"}",
            "{ \"a\" : 1 , \"a\" : 2 }",
            "{\"\":0,\"__proto__\":{},\"constructor\":[]}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "nulll",
                "NaN",
                "Infinity",
                "-Infinity",
                "undefined",
                "True",
                "+1",
                "01",
                "-01",
                "-",
                "1.",
                ".5",
                "1e",
                "1e+",
                "0x10",
                "1_000",
                "1 2",
                "'a'",
                "\"a",
                "\"\\",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\u１234\"",
                "\"a\nb\"",
                "\"12345678\u0000\"",
                "\"\u001f\"",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[1}",
                "]",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,}",
                "{,}",
                "{\"a\" 1}",
                "{\"a\":1]",
                "{a:1}",
                "{1:1}",
                "{\"a\":1 \"b\":2}",
                "// no\n1",
                "/* no */1",
                "\uFEFF1",
                "\u00A01",
                "[]]",
                "{}{}"
            })
    void text_notJson(String text) {
        assertThat(verdict(text)).as(text).isEqualTo(Verdict.MALFORMED);
        assertThat(jacksonAccepts(text.getBytes(UTF_8))).as(text).isFalse();
    }

    @Test
    void text_json() {
        for (String text : GOOD) {
            assertThat(verdict(text)).as(text).isEqualTo(Verdict.GOOD);
            assertThat(jacksonAccepts(text.getBytes(UTF_8))).as(text).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\ud83dx\"",
                "\"\\ud83d\\n\"",
                "\"\\ud83d\\u0041\"",
                "\"\\ude00\\ud83d\"",
                "\"\\ud83d\\ud83d\\ude00\"",
                "{\"\\ud800\":1}"
            })
    void surrogate_alone(String text) {
        assertThat(verdict(text)).isEqualTo(Verdict.MALFORMED);
    }

    @Test
    void depth_atAndBeyondLimit() {
        for (String pair : List.of("[]", "{}")) {
            assertThat(verdict(nested(pair, DEPTH))).isEqualTo(Verdict.GOOD);
            assertThat(verdict(nested(pair, DEPTH + 1))).isEqualTo(Verdict.BEYOND_LIMIT);
            assertThat(verdict(nested(pair, DEPTH * 100))).isEqualTo(Verdict.BEYOND_LIMIT);
            assertThat(verdict(nested(pair, 4_097))).isEqualTo(Verdict.BEYOND_LIMIT);
        }
        assertThat(verdict("[".repeat(1_000_000))).isEqualTo(Verdict.BEYOND_LIMIT);
    }

    @Test
    void depth_countsOpenLevelsOnly() {
        assertThat(verdict("[" + "[],{},".repeat(1_000) + "[]]")).isEqualTo(Verdict.GOOD);
    }

    @Test
    void digits_atAndBeyondLimit() {
        for (String number : List.of("1%s", "-1%s", "1.%s", "1e%s", "0.%se10")) {
            long others = number.chars().filter(c -> c >= '0' && c <= '9').count();
            assertThat(verdict(number.formatted("1".repeat((int) (DIGITS - others)))))
                    .isEqualTo(Verdict.GOOD);
            assertThat(verdict(number.formatted("1".repeat((int) (DIGITS - others + 1)))))
                    .isEqualTo(Verdict.BEYOND_LIMIT);
            assertThat(verdict(number.formatted("1".repeat(DIGITS * 100)))).isEqualTo(Verdict.BEYOND_LIMIT);
        }
    }

    @Test
    void keys_atAndBeyondLimit() {
        assertThat(verdict(keys(KEYS))).isEqualTo(Verdict.GOOD);
        assertThat(verdict(keys(KEYS + 1))).isEqualTo(Verdict.BEYOND_LIMIT);
        assertThat(verdict(keys(KEYS * 100))).isEqualTo(Verdict.BEYOND_LIMIT);
        assertThat(verdict("[" + keys(KEYS) + "," + keys(KEYS) + "]")).isEqualTo(Verdict.GOOD);
    }

    @Test
    void specialByte_atEveryPlaceOfAString() {
        for (int length = 0; length < 40; length++) {
            for (int at = 0; at <= length; at++) {
                String head = "x".repeat(at);
                String tail = "y".repeat(length - at);
                assertThat(verdict("\"" + head + "\u0001" + tail + "\"")).isEqualTo(Verdict.MALFORMED);
                assertThat(verdict("\"" + head + "\\n" + tail + "\"")).isEqualTo(Verdict.GOOD);
                assertThat(verdict("\"" + head + "ÿ\u007f !#[]" + tail + "\"")).isEqualTo(Verdict.GOOD);
                assertThat(verdict("\"" + head + "\"" + tail + "\"")).isEqualTo(Verdict.MALFORMED);
            }
        }
    }

    @Test
    void text_cutAnywhere() {
        String text = "{\"a\":[true,-1.5e3,\"\\u00e9\\n\"],\"b\":{\"c\":null}}";
        for (int length = 0; length < text.length(); length++) {
            assertThat(verdict(text.substring(0, length))).isEqualTo(Verdict.MALFORMED);
        }
    }

    /** Bytes around the text must never be read: those before and behind it would change the verdict. */
    @Test
    void text_insideALargerArray() {
        for (String text : GOOD) {
            byte[] utf8 = text.getBytes(UTF_8);
            byte[] larger = new byte[utf8.length + 20];
            Arrays.fill(larger, (byte) '1');
            System.arraycopy(utf8, 0, larger, 10, utf8.length);
            assertThat(verdict(larger, 10, utf8.length)).as(text).isEqualTo(Verdict.GOOD);
        }
    }

    @Test
    void mutatedText_sameVerdictAsJackson() {
        Random random = new Random(20_261_124);
        int good = 0;
        int compared = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] text = mutated(random);
            if (!isUtf8(text)) {
                continue;
            }
            compared++;
            Verdict verdict = verdict(text, 0, text.length);
            boolean jackson = jacksonAccepts(text);
            if (verdict == Verdict.GOOD) {
                good++;
                assertThat(jackson).as(() -> new String(text, UTF_8)).isTrue();
            } else if (jackson) {
                // Jackson has other limits and does not mind lone surrogates in all places.
                boolean stricter =
                        verdict == Verdict.BEYOND_LIMIT || message(text).contains("surrogate");
                assertThat(stricter).as(() -> new String(text, UTF_8)).isTrue();
            }
        }
        assertThat(compared).isGreaterThan(30_000);
        assertThat(good).isGreaterThan(1_000);
    }

    @Test
    void unescaped_sameAsJackson() {
        for (String text : GOOD) {
            if (text.startsWith("\"")) {
                byte[] utf8 = text.getBytes(UTF_8);
                assertThat(JsonText.unescaped(utf8, 1, utf8.length - 1))
                        .isEqualTo(new tools.jackson.databind.ObjectMapper().readValue(text, String.class));
            }
        }
    }

    private static byte[] mutated(Random random) {
        String pool = "{}[]\",:\\u0123456789eE+-.dD8aAfF nrtulse\n\u0001é😀";
        StringBuilder text = new StringBuilder(GOOD.get(random.nextInt(GOOD.size())));
        if (random.nextInt(4) == 0) {
            text.insert(0, "[")
                    .append(',')
                    .append(GOOD.get(random.nextInt(GOOD.size())))
                    .append(']');
        }
        for (int change = random.nextInt(3); change >= 0; change--) {
            int at = random.nextInt(text.length() + 1);
            char c = pool.charAt(random.nextInt(pool.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, c);
                case 1 -> text.setLength(Math.max(1, at));
                default -> text.setCharAt(Math.min(at, text.length() - 1), c);
            }
        }
        return text.toString().getBytes(UTF_8);
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    private static final JsonFactory JACKSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(10_000)
                    .maxNumberLength(100_000)
                    .build())
            .build();

    private static boolean jacksonAccepts(byte[] text) {
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text)) {
            if (text.length > 2 && (text[0] & 0xFF) == 0xEF) {
                return false; // Jackson takes a byte order mark
            }
            if (parser.nextToken() == null) {
                return false;
            }
            int depth = 0;
            do {
                parser.finishToken();
                if (parser.currentToken().isStructStart()) {
                    depth++;
                } else if (parser.currentToken().isStructEnd()) {
                    depth--;
                }
            } while (depth > 0 && parser.nextToken() != null);
            return depth == 0 && parser.nextToken() == null;
        } catch (JacksonException refused) {
            return false;
        }
    }

    private enum Verdict {
        GOOD,
        BEYOND_LIMIT,
        MALFORMED
    }

    private static Verdict verdict(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        return verdict(utf8, 0, utf8.length);
    }

    private static Verdict verdict(byte[] bytes, int offset, int length) {
        JsonFault fault = fault(bytes, offset, length);
        if (fault == null) {
            return Verdict.GOOD;
        }
        return fault.isBeyondLimit() ? Verdict.BEYOND_LIMIT : Verdict.MALFORMED;
    }

    private static String message(byte[] bytes) {
        JsonFault fault = fault(bytes, 0, bytes.length);
        return fault == null ? "" : fault.what();
    }

    private static @Nullable JsonFault fault(byte[] bytes, int offset, int length) {
        JsonScanner scanner = new JsonScanner(DEPTH, DIGITS, KEYS);
        scanner.begin(bytes, offset, length);
        try {
            scanner.value();
            scanner.end();
            return scanner.fault();
        } catch (JsonFault thrown) {
            return thrown;
        }
    }

    private static String nested(String pair, int depth) {
        return pair.equals("[]")
                ? "[".repeat(depth) + "]".repeat(depth)
                : "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }

    private static String keys(int count) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":").append(i);
        }
        return text.append('}').toString();
    }
}
