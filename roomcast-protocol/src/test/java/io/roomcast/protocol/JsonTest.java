package io.roomcast.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
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

    @Test
    void fields_areFoundInTheirOrder_asTheyCame() {
        Json json = Json.of(" {\"b\" : 1.50 , \"a\\u00e9\":[1, 2 ],\"b\":\"\\n\", \"__proto__\" :{ } } ");

        assertThat(json.fields())
                .isEqualTo(Map.of("b", Json.of("\"\\n\""), "aé", Json.of("[1, 2 ]"), "__proto__", Json.of("{ }")));
        assertThat(json.fields().keySet()).containsExactly("b", "aé", "__proto__");
        assertThat(Json.of("{}").fields()).isEmpty();
    }

    @Test
    void items_areFoundAsTheyCame() {
        assertThat(Json.of("[1 , [2],{\"a\":[]},\"x\"]").items())
                .containsExactly(Json.of("1"), Json.of("[2]"), Json.of("{\"a\":[]}"), Json.of("\"x\""));
        assertThat(Json.of("[ ]").items()).isEmpty();
    }

    @Test
    void kinds_areTold() {
        assertThat(Json.of("\"a\\\"\\u00e9\\ud83d\\ude00\"").text()).isEqualTo("a\"é😀");
        assertThat(Json.of("-1.50e2").number()).isEqualTo(new BigDecimal("-1.50e2"));
        assertThat(Json.of("{}").isObject()).isTrue();
        assertThat(Json.of("[]").isArray()).isTrue();
        assertThat(Json.of("\"\"").isText()).isTrue();
        assertThat(Json.of("true").isTrue()).isTrue();
        assertThat(Json.of("false").isFalse()).isTrue();
        assertThat(Json.of("null").isNull()).isTrue();
        assertThat(Json.of("null").isTrue()).isFalse();
    }

    @Test
    void otherKinds_areRefused() {
        assertThatThrownBy(() -> Json.of("[]").fields()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Json.of("{}").items()).hasMessageContaining("no array");
        assertThatThrownBy(() -> Json.of("1").text()).hasMessageContaining("no string");
        assertThatThrownBy(() -> Json.of("\"1\"").number()).hasMessageContaining("no number");
        assertThatThrownBy(() -> Json.of("1e99999999999").number()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void depth_mayBeSaid() {
        assertThat(Json.of("[[1]]", 2).items()).hasSize(1);
        assertThatThrownBy(() -> Json.of("[[[1]]]", 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
