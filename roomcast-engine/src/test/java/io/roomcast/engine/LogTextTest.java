package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {
    @Test
    void ordinary_text_stands_as_it_is() {
        assertThat(LogText.quoted("Zoë 🙂 <b>")).isEqualTo("\"Zoë 🙂 <b>\"");
        assertThat(LogText.quoted("")).isEqualTo("\"\"");
    }

    @Test
    void line_breaks_and_escape_sequences_are_named() {
        assertThat(LogText.quoted("a\r\n12:00 INFO \u001b[31mred"))
                .isEqualTo("\"a\\u{d}\\u{a}12:00 INFO \\u{1b}[31mred\"");
    }

    /** C1 controls, line and paragraph separators, marks of direction, a byte order mark, half a pair, no character. */
    @ParameterizedTest
    @ValueSource(
            ints = {0x00, 0x7f, 0x85, 0x9b, 0x2028, 0x2029, 0x202e, 0x2066, 0xfeff, 0xd800, 0xe000, 0xffff, 0xe0001})
    void what_a_terminal_obeys_or_nobody_sees_is_named(int point) {
        assertThat(LogText.quoted(Character.toString(point))).isEqualTo("\"\\u{" + Integer.toHexString(point) + "}\"");
    }

    @Test
    void quotes_cannot_be_closed_from_within() {
        assertThat(LogText.quoted("\", age: \\")).isEqualTo("\"\\\", age: \\\\\"");
    }

    @Test
    void long_text_is_cut_between_characters() {
        assertThat(LogText.quoted("🙂".repeat(64))).isEqualTo("\"" + "🙂".repeat(64) + "\"");
        assertThat(LogText.quoted("🙂".repeat(1_000_000))).isEqualTo("\"" + "🙂".repeat(64) + "…\"");
    }
}
