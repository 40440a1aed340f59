package io.roomcast.testkit.conformance;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JSON value that keeps the characters it was written with, as the protocol promises about them: what is passed on,
 * white space, the order of keys, repeated keys. That is why this is no tree of a JSON library.
 */
sealed interface JsonValue {
    /** The characters it was written with. */
    String raw();

    record Obj(String raw, List<Field> fields) implements JsonValue {
        Optional<JsonValue> field(String name) {
            return fields.stream()
                    .filter(field -> field.name().equals(name))
                    .map(Field::value)
                    .findFirst();
        }

        /** The text of a string field, or "" where there is none. */
        String text(String name) {
            return field(name)
                    .map(value -> value instanceof Str string ? string.value() : "")
                    .orElse("");
        }

        List<JsonValue> items(String name) {
            return field(name)
                    .map(value -> value instanceof Arr array ? array.items() : List.<JsonValue>of())
                    .orElse(List.of());
        }
    }

    record Arr(String raw, List<JsonValue> items) implements JsonValue {}

    record Str(String raw, String value) implements JsonValue {}

    record Num(String raw) implements JsonValue {
        BigDecimal value() {
            return new BigDecimal(raw);
        }

        /** Written as digits alone, as the protocol's own numbers are. */
        boolean isInteger() {
            return raw.indexOf('.') < 0 && raw.indexOf('e') < 0 && raw.indexOf('E') < 0;
        }
    }

    /** true, false or null. */
    record Word(String raw) implements JsonValue {}

    record Field(String name, String rawName, JsonValue value) {}

    /**
     * The value that this text is.
     *
     * @throws IllegalArgumentException if the text is not exactly one JSON value (RFC 8259)
     */
    static JsonValue parse(String text) {
        return new JsonParser(text).parse();
    }

    /** A string value of this text. */
    static Str string(String value) {
        return new Str(quote(value), value);
    }

    static Num number(long value) {
        return new Num(Long.toString(value));
    }

    /** Equal as JSON: numbers by value, strings by their characters, objects in any order of keys. */
    static boolean same(JsonValue a, JsonValue b) {
        if (a instanceof Num x && b instanceof Num y) {
            return x.value().compareTo(y.value()) == 0;
        }
        if (a instanceof Str x && b instanceof Str y) {
            return x.value().equals(y.value());
        }
        if (a instanceof Arr x && b instanceof Arr y) {
            return sameItems(x.items(), y.items());
        }
        if (a instanceof Obj x && b instanceof Obj y) {
            return x.fields().size() == y.fields().size()
                    && x.fields().stream()
                            .allMatch(field -> y.field(field.name())
                                    .filter(value -> same(field.value(), value))
                                    .isPresent());
        }
        return a instanceof Word && a.equals(b);
    }

    /** Equal as JSON, one by one. */
    static boolean sameItems(List<JsonValue> a, List<JsonValue> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    static String quote(String value) {
        StringBuilder out = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || (Character.isSurrogate(c) && isLone(value, i))) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    private static boolean isLone(String value, int at) {
        char c = value.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(value.charAt(at - 1));
    }

    static Obj object(List<Field> fields) {
        List<String> parts = new ArrayList<>();
        fields.forEach(field -> parts.add(field.rawName() + ":" + field.value().raw()));
        return new Obj("{" + String.join(",", parts) + "}", List.copyOf(fields));
    }

    static Field field(String name, JsonValue value) {
        return new Field(name, quote(name), value);
    }
}
