package io.roomcast.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonTest {
    @Test
    void text_keptAsItCame() {
        assertThat(Json.of(" \n{ \"a\" : 1.00 , \"\\u0061\":\"é\"}\t"))
                .hasToString("{ \"a\" : 1.00 , \"\\u0061\":\"é\"}")
                .isEqualTo(Json.of("{ \"a\" : 1.00 , \"\\u0061\":\"é\"}"))
                .isNotEqualTo(Json.of("{}"));
        assertThat(Json.of("\"é\"").length()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``         | Not JSON, at byte 0: the text ends too early
            hello      | Not JSON, at byte 0: expected a value
            {"a":01}   | Not JSON, at byte 6: expected ',' or '}'
            [1,]       | Not JSON, at byte 3: expected a value
            {"a":1}x   | Not JSON, at byte 7: the text goes on behind its end
            "\\ud800"  | Not JSON, at byte 1: half of a surrogate pair
            {'a':1}    | Not JSON, at byte 1: expected a key in double quotes
            """)
    void text_notJson(String text, String message) {
        assertThatThrownBy(() -> Json.of(text == null ? "" : text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void text_withLoneSurrogate() {
        assertThatThrownBy(() -> Json.of("\"\ud800\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("surrogate");
    }

    @Test
    void depth_atAndBeyondLimit() {
        assertThat(Json.of("[".repeat(512) + "]".repeat(512)).length()).isEqualTo(1_024);
        for (int beyond : new int[] {513, 51_300}) {
            assertThatThrownBy(() -> Json.of("[".repeat(beyond) + "]".repeat(beyond)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("more than 512");
        }
    }

    @Test
    void limitsOfClients_doNotBindTheApplication() {
        assertThat(Json.of("1".repeat(1_000)).length()).isEqualTo(1_000);
    }
}
