package io.roomcast.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.protocol.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CodecTest {
    private static final Codec PLAIN = Codec.plain();
    private static final Codec JACKSON = new JacksonCodec();

    record Chat(String text, List<Integer> n) {}

    enum Colour {
        TEAL
    }

    private static String text(Codec codec, Object value) {
        return codec.encode(value).toString();
    }

    @Test
    void plain_writesWhatJsonHas() {
        Map<String, Object> map = new HashMap<>();
        map.put("__proto__", null);
        assertThat(text(PLAIN, "a\"\\\n\u0001é😀")).isEqualTo("\"a\\\"\\\\\\u000a\\u0001é😀\"");
        assertThat(text(PLAIN, new BigDecimal("1.50"))).isEqualTo("1.50");
        assertThat(text(PLAIN, Arrays.asList(1, 2L, true, null, 'c', Colour.TEAL, new int[] {3}, List.of())))
                .isEqualTo("[1,2,true,null,\"c\",\"TEAL\",[3],[]]");
        assertThat(text(PLAIN, map)).isEqualTo("{\"__proto__\":null}");
        assertThat(text(PLAIN, Map.of())).isEqualTo("{}");
        assertThat(text(PLAIN, Json.of("1e5"))).isEqualTo("1e5");
    }

    @Test
    void plain_refusesWhatIsNoJson() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        for (Object value :
                List.of(Double.NaN, Float.POSITIVE_INFINITY, new Object(), "\ud800", itself, Map.of(1, 2))) {
            assertThatThrownBy(() -> Calls.encode(PLAIN, value)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void plain_readsWhatJavaHas() {
        assertThat(PLAIN.decode(Json.of("7"), int.class)).isEqualTo(7);
        assertThat(PLAIN.decode(Json.of("7"), Long.class)).isEqualTo(7L);
        assertThat(PLAIN.decode(Json.of("7.5"), Double.class)).isEqualTo(7.5);
        assertThat(PLAIN.decode(Json.of("\"\\u00e9\""), String.class)).isEqualTo("é");
        assertThat(PLAIN.decode(Json.of("[1,{\"a\":false}]"), List.class))
                .isEqualTo(List.of(new BigDecimal(1), Map.of("a", false)));
        assertThat(PLAIN.decode(Json.of("{}"), Json.class)).isEqualTo(Json.of("{}"));
        assertThat(PLAIN.decode(Json.of("true"), Object.class)).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.5", "\"7\"", "null", "[7]", "3000000000", "1e999999999", "1e99999999999"})
    void integer_thatIsNone_isRefused(String json) {
        assertThatThrownBy(() -> PLAIN.decode(Json.of(json), Integer.class))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Typed.read(PLAIN, Json.of(json), Integer.class))
                .isInstanceOfSatisfying(
                        RoomcastException.class,
                        error -> assertThat(error.code()).isEqualTo("bad_data"));
    }

    @Test
    void jackson_readsAndWritesRecords() {
        Chat chat = new Chat("Hello", List.of(1, 2));
        assertThat(text(JACKSON, chat)).isEqualTo("{\"text\":\"Hello\",\"n\":[1,2]}");
        assertThat(JACKSON.decode(JACKSON.encode(chat), Chat.class)).isEqualTo(chat);
        assertThat(JACKSON.encode(Json.of("1.50"))).hasToString("1.50");
        assertThat(Typed.read(JACKSON, Json.of("3"), int.class)).isEqualTo(3);
    }

    @Test
    void jackson_saysWhatDoesNotFit() {
        assertThatThrownBy(() -> Typed.read(JACKSON, Json.of("{\"text\":[]}"), Chat.class))
                .isInstanceOf(RoomcastException.class)
                .hasMessageContaining("Chat")
                .hasMessageContaining("{\"text\":[]}");
        assertThatThrownBy(() -> JACKSON.decode(Json.of("null"), Chat.class))
                .isInstanceOf(IllegalArgumentException.class);
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertThatThrownBy(() -> Calls.encode(JACKSON, itself)).isInstanceOf(IllegalArgumentException.class);
    }
}
