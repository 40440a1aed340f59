package io.roomcast.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.protocol.Json;
import io.roomcast.types.Everything.Circle;
import io.roomcast.types.Everything.Color;
import io.roomcast.types.Everything.Figure;
import io.roomcast.types.Everything.Gaps;
import io.roomcast.types.Everything.Hull;
import io.roomcast.types.Everything.Many;
import io.roomcast.types.Everything.Numbers;
import io.roomcast.types.Everything.Plain;
import io.roomcast.types.Everything.Range;
import io.roomcast.types.Everything.Square;
import io.roomcast.types.Everything.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From records to JSON and back. */
final class ReadAndWriteTest {
    private static final Numbers NUMBERS =
            new Numbers((byte) -128, (short) 3, Integer.MAX_VALUE, -(1L << 53), 0.1f, 1e300);

    private final RoomType type = Everything.type();

    static List<Record> records() {
        Map<String, Color> map = new LinkedHashMap<>();
        map.put("odd \"key\"\n", Color.GREEN);
        map.put("__proto__", Color.RED);
        return List.of(
                NUMBERS,
                new Plain("ä \"\\\n\u0000 😀", true, false, Color.GREEN, Json.of("{\"a\":[1.50,null]}")),
                new Gaps(Optional.empty(), null, Optional.empty(), null),
                new Gaps(Optional.of(""), Color.RED, Optional.of(NUMBERS), Json.of("[null]")),
                new Many(List.of(1, 1, -5), Set.of("a"), map, Arrays.asList("a", null)),
                new Tree("a", List.of(new Tree("b", List.of(), Optional.empty())), Optional.empty()),
                new Range(1, 2),
                new Everything.Empty());
    }

    @ParameterizedTest
    @MethodSource("records")
    void record_comesBackAsItWas(Record value) {
        assertComesBack(value);
    }

    private <T extends Record> void assertComesBack(T value) {
        @SuppressWarnings("unchecked")
        Class<T> ofType = (Class<T>) value.getClass();
        Json json = type.write(ofType, value);
        assertThat(type.read(ofType, json)).as(json.toString()).isEqualTo(value);
    }

    @Test
    void sealedInterface_saysWhichRecord() {
        Figure figure = new Hull(List.of(new Square(1, null), new Circle(2), new Square(3, new Circle(4))));
        Json json = type.write(Figure.class, figure);
        assertThat(json)
                .hasToString("{\"type\":\"hull\",\"of\":[{\"type\":\"square\",\"side\":1.0},"
                        + "{\"type\":\"circle\",\"radius\":2.0},"
                        + "{\"type\":\"square\",\"side\":3.0,\"inside\":{\"type\":\"circle\",\"radius\":4.0}}]}");
        assertThat(type.read(Figure.class, json)).isEqualTo(figure);
        assertThat(type.write(Circle.class, new Circle(1))).hasToString("{\"radius\":1.0}");
    }

    @Test
    void simpleTypes_areReadAndWritten() {
        assertThat(type.read(int.class, Json.of("7"))).isEqualTo(7);
        assertThat(type.read(Integer.class, Json.of("7"))).isEqualTo(7);
        assertThat(type.write(int.class, 7)).hasToString("7");
        assertThat(type.read(Color.class, Json.of("\"GREEN\""))).isEqualTo(Color.GREEN);
        assertThat(type.write(Color.class, Color.GREEN)).hasToString("\"GREEN\"");
        assertThat(type.write(String.class, "a\"b")).hasToString("\"a\\\"b\"");
        assertThat(type.read(Json.class, Json.of("[1.50]"))).isEqualTo(Json.of("[1.50]"));
        assertThat(type.write(Json.class, Json.of("[1.50]"))).hasToString("[1.50]");
    }

    @Test
    void anyJson_keepsItsDigits() {
        Plain plain = type.read(
                Plain.class,
                Json.of("{\"text\":\"a\",\"flag\":true,\"box\":true,\"color\":\"RED\","
                        + "\"any\": {\"a\": [1.50, 12345678901234567890, 1E5, \"\\u0041\", false]}}"));
        assertThat(plain.any()).isEqualTo(Json.of("{\"a\":[1.50,12345678901234567890,1E5,\"A\",false]}"));
    }

    @Test
    void whatIsRead_cannotBeChanged() {
        Many many = type.read(Many.class, Json.of("{\"list\":[1],\"set\":[\"a\"],\"map\":{},\"holes\":[]}"));
        assertThatThrownBy(() -> many.list().add(1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> many.set().add("b")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> many.map().put("a", Color.RED)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatIsNotOfTheType_isNotRead() {
        assertThatThrownBy(() -> type.read(Circle.class, Json.of("{\"radius\":\"a\"}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("`Circle.radius` is \"a\", but must be a number");
        assertThatThrownBy(() -> type.read(Thread.class, Json.of("1"))).hasMessageContaining("is nowhere in the type");
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // what an application may do all the same
    void whatHasNoJson_isNotWritten() {
        assertThatThrownBy(() -> type.write(Circle.class, new Circle(Double.NaN)))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> type.write(Numbers.class, new Numbers((byte) 0, (short) 0, 0, 0L, Float.NaN, 0.0)))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> type.write(long.class, (1L << 53) + 1)).hasMessageContaining("beyond 2^53");
        assertThatThrownBy(() -> type.write(String.class, "\ud800")).hasMessageContaining("surrogate");
        assertThatThrownBy(() -> type.write(Tree.class, new Tree("a", null, Optional.empty())))
                .hasMessageContaining("Tree.children is null");
        assertThatThrownBy(() -> type.write(Tree.class, new Tree("a", Arrays.asList((Tree) null), Optional.empty())))
                .hasMessageContaining("null in a list");
        Map<String, Color> map = new LinkedHashMap<>();
        map.put("a", null);
        assertThatThrownBy(() -> type.write(Many.class, new Many(List.of(), Set.of(), map, List.of())))
                .hasMessageContaining("null at a");
        List<Tree> children = new ArrayList<>();
        Tree endless = new Tree("a", children, Optional.empty());
        children.add(endless);
        assertThatThrownBy(() -> type.write(Tree.class, endless)).hasMessageContaining("512");
    }
}
