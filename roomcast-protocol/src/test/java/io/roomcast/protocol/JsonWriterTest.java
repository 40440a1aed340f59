package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

final class JsonWriterTest {
    private final JsonWriter out = new JsonWriter();

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                9,
                10,
                99,
                100,
                12_345,
                -1,
                -10,
                9_007_199_254_740_991L,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                -Long.MAX_VALUE
            })
    void number_written(long value) {
        out.number(value);
        assertThat(out).hasToString(Long.toString(value));
    }

    @Test
    void string_escapedWhereItMustBe() {
        out.string("\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028é世😀");
        assertThat(out).hasToString("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f\u2028é世😀\"");
    }

    @Test
    void string_loneSurrogateReplaced() {
        out.string("a\ud800b\udc00\ud83d");
        assertThat(out).hasToString("\"a\uFFFDb\uFFFD\uFFFD\"");
    }

    @Test
    void string_readBackByJackson() {
        ObjectMapper jackson = new ObjectMapper();
        Random random = new Random(11);
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(300);
            for (int j = 0; j < length; j++) {
                int codePoint = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
                text.appendCodePoint(Character.getType(codePoint) == Character.SURROGATE ? 'x' : codePoint);
            }
            out.clear();
            out.string(text.toString());
            byte[] written = java.util.Arrays.copyOf(out.array(), out.length());
            assertThat(jackson.readValue(written, String.class)).isEqualTo(text.toString());
            assertThat(JsonText.unescaped(written, 1, written.length - 1)).isEqualTo(text.toString());
            assertThat(Json.of(new String(written, UTF_8)).length()).isEqualTo(written.length);
        }
    }

    @Test
    void hugeFrame_givenBack() {
        out.string("x".repeat(30_000));
        int retained = out.array().length;
        out.clear();
        assertThat(out.array()).hasSize(retained);
        out.string("\u0001".repeat(1_000_000));
        assertThat(out.length()).isEqualTo(6_000_002);
        out.clear();
        assertThat(out.length()).isZero();
        assertThat(out.array()).hasSizeLessThan(1_024);
    }
}
