package io.roomcast.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class InputTest {
    private static Input of(String text) {
        return new Input(new ByteArrayInputStream(text.getBytes(UTF_8)), 10);
    }

    @Test
    void lines_come_without_their_ends_and_the_last_needs_none() {
        Input input = of("a\r\n\nö");
        assertThat(input.next()).isEqualTo("a");
        assertThat(input.next()).isEmpty();
        assertThat(input.next()).isEqualTo("ö");
        assertThat(input.line()).isEqualTo(3);
        assertThat(input.next()).isNull();
    }

    @Test
    void all_is_without_the_last_end() {
        assertThat(of("a\nb\n").all()).isEqualTo("a\nb");
        assertThat(of("a\n\n").all()).isEqualTo("a\n");
        assertThat(of("").all()).isEmpty();
    }

    @Test
    void line_has_a_limit() {
        Input input = of("0123456789\n01234567890");
        assertThat(input.next()).isEqualTo("0123456789");
        assertThatThrownBy(input::next)
                .isInstanceOfSatisfying(
                        CommandFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(2))
                .hasMessage("line 2 is larger than 10 bytes, which is no message");
        assertThatThrownBy(() -> of("01234567890").all()).hasMessageStartingWith("the input is larger");
    }

    @Test
    void other_encodings_are_refused() {
        Input input = new Input(new ByteArrayInputStream("für".getBytes(ISO_8859_1)));
        assertThatThrownBy(input::next).hasMessage("line 1 is no UTF-8, in which text has to be");
    }

    @Test
    void text_becomes_json_whatever_is_in_it() {
        assertThat(Input.text("a\"b\\c\n\033", "it").text()).isEqualTo("a\"b\\c\n\033");
        assertThatThrownBy(() -> Input.json("{a", "line 7"))
                .hasMessage("line 7 is no JSON, in which a text has double quotes: at byte 1: "
                        + "expected a key in double quotes");
    }
}
