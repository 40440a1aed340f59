package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Json;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    private static final String ESCAPE = "\033";

    @Test
    void text_stays_as_it_is_where_it_is_plain() {
        assertThat(PlainText.of("Grüße, 世界 👋 C:\\temp \"quoted\"")).isEqualTo("Grüße, 世界 👋 C:\\temp \"quoted\"");
        assertThat(PlainText.of("👨\u200D👩\u200D👧")).isEqualTo("👨\u200D👩\u200D👧");
    }

    @Test
    void text_has_nothing_that_a_terminal_obeys() {
        assertThat(PlainText.of(ESCAPE + "]0;title\007" + ESCAPE + "[2J\r\b\177"))
                .isEqualTo("\\u{1b}]0;title\\u{7}\\u{1b}[2J\\u{d}\\u{8}\\u{7f}");
        assertThat(PlainText.of("\u009B31m\u0085\u2028\u2029")).isEqualTo("\\u{9b}31m\\u{85}\\u{2028}\\u{2029}");
        assertThat(PlainText.of("a\nb\tc")).isEqualTo("a\\nb\\tc");
    }

    @Test
    void text_does_not_turn_its_direction() {
        assertThat(PlainText.of("\u202Eevil\u2066\u200F\uFEFF")).isEqualTo("\\u{202e}evil\\u{2066}\\u{200f}\\u{feff}");
    }

    @Test
    void name_is_cut_and_cannot_look_like_something_else() {
        assertThat(PlainText.name("Ann")).isEqualTo("Ann");
        assertThat(PlainText.name("+ Bob is here")).isEqualTo("\"+ Bob is here\"");
        assertThat(PlainText.name("Ann: hello")).isEqualTo("\"Ann: hello\"");
        assertThat(PlainText.name("Ann (m4)")).isEqualTo("\"Ann (m4)\"");
        assertThat(PlainText.name("(server)")).isEqualTo("\"(server)\"");
        assertThat(PlainText.name("A\"B")).isEqualTo("\"A\\\"B\"");
        assertThat(PlainText.name("")).isEqualTo("\"\"");
        assertThat(PlainText.name("x".repeat(41))).isEqualTo("x".repeat(40) + "…");
        assertThat(PlainText.name("A\u200Dn")).isEqualTo("\"A\\u{200d}n\"");
    }

    @Test
    void json_is_one_line_that_means_the_same() {
        Json json = Json.of("{\n \"a\" : [ 1.0 , \"x  \\n \\u001b \\\" y\" ] ,\r\n\t\"b\":\"\\\\\"}");
        assertThat(PlainText.json(json)).isEqualTo("{\"a\":[1.0,\"x  \\n \\u001b \\\" y\"],\"b\":\"\\\\\"}");
    }

    @Test
    void json_has_nothing_that_a_terminal_obeys_and_still_means_the_same() {
        // U+009B and U+202E may stand in JSON as they are, and so does a character beyond the first 65,536.
        Json json = Json.of("{\"\u009B2J\":\"\u202E\177\uDB40\uDC01\"}");
        assertThat(PlainText.json(json)).isEqualTo("{\"\\u009b2J\":\"\\u202e\\u007f\\udb40\\udc01\"}");
        assertThat(Json.of(PlainText.json(json)).fields().keySet())
                .isEqualTo(json.fields().keySet());
    }

    @Test
    void any_code_point_comes_through_plain_and_as_json_comes_back_the_same() {
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .forEach(point -> {
                    String text = Character.toString(point);
                    String json = PlainText.jsonString(text);
                    if (!Json.of(json).text().equals(text)) {
                        throw new AssertionError("U+" + Integer.toHexString(point) + " became " + json);
                    }
                    for (String shown : new String[] {PlainText.of(text), PlainText.name(text), json}) {
                        if (shown.codePoints().anyMatch(c -> c < ' ' || (c >= 0x7F && c < 0xA0))) {
                            throw new AssertionError("U+" + Integer.toHexString(point) + " is shown as a control");
                        }
                    }
                });
    }
}
