package io.roomcast.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.protocol.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be declared, and what is said to its author. */
@SuppressWarnings({"unused", "rawtypes", "ArrayRecordComponent", "NullablePrimitive"}) // that is what is tried
final class DeclarationTest {
    private static final RoomType NONE = RoomType.of("*");

    record Generic<T>(T value) {}

    record OfGeneric(Generic<String> value) {}

    record Instants(Instant when) {}

    record Ids(UUID id) {}

    record Money(BigDecimal amount) {}

    record Letters(char letter) {}

    record Arrays(String[] texts) {}

    record Objects(Object any) {}

    record Raw(List list) {}

    record Wild(List<?> list) {}

    record Concrete(ArrayList<String> list) {}

    record Collections(Collection<String> list) {}

    record Keys(Map<Integer, String> map) {}

    record Ints(OptionalInt number) {}

    record Inside(List<Optional<String>> list) {}

    record NullablePrimitive(@Nullable int number) {}

    record Deep(Map<String, List<Instants>> map) {}

    static final class NoRecord {}

    interface Open {}

    sealed interface Mixed permits Part, Other {}

    record Part(int a) implements Mixed {}

    static final class Other implements Mixed {}

    sealed interface Tagged permits WithType {}

    record WithType(String type) implements Tagged {}

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(Instants.class, "Instants.when is of type java.time.Instant", "milliseconds since 1970"),
                Arguments.of(Deep.class, "Instants.when is of type java.time.Instant", "milliseconds since 1970"),
                Arguments.of(Ids.class, "Ids.id is of type java.util.UUID", "String"),
                Arguments.of(Money.class, "Money.amount is of type java.math.BigDecimal", "String where every digit"),
                Arguments.of(Letters.class, "Letters.letter is of type char", "String"),
                Arguments.of(Arrays.class, "Arrays.texts is of type java.lang.String[]", "List"),
                Arguments.of(Objects.class, "Objects.any is of type java.lang.Object", "io.roomcast.protocol.Json"),
                Arguments.of(Raw.class, "Raw.list is of type java.util.List", "List<…>"),
                Arguments.of(Wild.class, "Wild.list is of type ?", "no ?"),
                Arguments.of(Concrete.class, "Concrete.list is of type java.util.ArrayList<", "List<…>"),
                Arguments.of(Collections.class, "Collections.list is of type java.util.Collection<", "List<…>"),
                Arguments.of(Keys.class, "Keys.map is of type java.util.Map<java.lang.Integer", "Map<String, …>"),
                Arguments.of(Ints.class, "Ints.number is of type java.util.OptionalInt", "Optional of Integer"),
                Arguments.of(Inside.class, "Inside.list is of type java.util.Optional<", "@Nullable inside"),
                Arguments.of(NullablePrimitive.class, "NullablePrimitive.number is of type @Nullable int", "box"),
                Arguments.of(Generic.class, "The data of \"x\" is of type", "without type parameters"),
                Arguments.of(OfGeneric.class, "OfGeneric.value is of type", "without type parameters"),
                Arguments.of(NoRecord.class, "The data of \"x\" is of type", "a record, or a sealed interface"),
                Arguments.of(Open.class, "The data of \"x\" is of type", "a record, or a sealed interface"),
                Arguments.of(List.class, "The data of \"x\" is of type java.util.List", "List<…>"),
                Arguments.of(Mixed.class, "One of Mixed is of type", "records without type parameters"),
                Arguments.of(Tagged.class, "WithType has a component named type", "name it otherwise"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Class<?> type, String what, String instead) {
        assertThatThrownBy(() -> NONE.event("x", type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(instead);
    }

    static final class A {
        record Note(int a) {}
    }

    static final class B {
        record Note(int b) {}
    }

    @Test
    void twoTypesOfOneName_areRefused() {
        RoomType one = NONE.event("a", A.Note.class).event("a2", A.Note.class);
        assertThatThrownBy(() -> one.event("b", B.Note.class))
                .hasMessageContaining("named Note in the schema")
                .hasMessageContaining("$A$Note")
                .hasMessageContaining("$B$Note");
        assertThat(one.event("c", int.class).jsonSchema()).contains("\"a2\"", "\"c\"");
    }

    @Test
    void nameThatWouldNeverCount_isRefused() {
        assertThatThrownBy(() -> NONE.event("a", int.class).event("a", int.class))
                .hasMessage("\"a\" would never count, because \"a\" stands before it; declare it once");
        assertThatThrownBy(() -> NONE.state("n:*", int.class).state("n:1", int.class))
                .hasMessage("\"n:1\" would never count, because \"n:*\" stands before it; declare it first");
        assertThatThrownBy(() -> NONE.state("n:*", int.class).state("n:*", int.class))
                .hasMessageContaining("declare it once");
        assertThatThrownBy(() -> NONE.state("", int.class)).hasMessageContaining("at least one character");
        NONE.state("n:1", int.class).state("n:*", int.class).event("n:1", int.class);
    }

    @Test
    void type_isImmutable() {
        RoomType one = NONE.event("a", int.class);
        one.event("b", int.class).message(int.class);
        assertThat(one.checkMessage("b", Json.of("1"))).isPresent();
        assertThat(one.checkMessage(null, Json.of("1"))).isPresent();
        assertThat(NONE.checkMessage("a", Json.of("1"))).isPresent();
    }
}
