package io.roomcast.testkit.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a conversation has named so far, and the making of frames from templates that use the names. */
final class Variables {
    private static final Pattern EXPRESSION = Pattern.compile("([A-Za-z]\\w*)((?:\\.\\w+)*)([+-]\\d+)?");
    private static final Pattern INSERTION = Pattern.compile("\\$\\{([^}]*)}");
    /** Beyond this many characters a generated value says more about the machine than about the protocol. */
    private static final long MOST_GENERATED = 20_000_000;

    private final Map<String, JsonValue> values;

    Variables() {
        this(new HashMap<>());
    }

    private Variables(Map<String, JsonValue> values) {
        this.values = values;
    }

    /** A copy to bind names in that may have to be forgotten. */
    Variables copy() {
        return new Variables(new HashMap<>(values));
    }

    void take(Variables other) {
        values.putAll(other.values);
    }

    void bind(String name, JsonValue value) {
        values.put(name, value);
    }

    /** The value of {@code name}, {@code name.field}, {@code name+1}. */
    JsonValue value(String expression) {
        Matcher parts = EXPRESSION.matcher(expression);
        if (!parts.matches()) {
            throw new ConversationFailure("a value of the form name, name.field or name+1", "$" + expression);
        }
        JsonValue value = values.get(parts.group(1));
        for (String name : List.of(parts.group(2).split("\\.", -1))) {
            if (!name.isEmpty()) {
                value = value instanceof JsonValue.Obj object
                        ? object.field(name).orElse(null)
                        : null;
            }
        }
        if (value == null) {
            throw new ConversationFailure("a value for $" + expression, "nothing of that name so far");
        }
        if (parts.group(3) == null) {
            return value;
        }
        if (value instanceof JsonValue.Num number && number.isInteger()) {
            return JsonValue.number(number.value().longValueExact() + Long.parseLong(parts.group(3)));
        }
        throw new ConversationFailure("an integer to add to in $" + expression, value.raw());
    }

    /** A number in a conversation: written out, or an expression. */
    long number(JsonValue written) {
        if (fill(written) instanceof JsonValue.Num number && number.isInteger()) {
            return number.value().longValueExact();
        }
        throw new ConversationFailure("an integer", written.raw());
    }

    /** The text with every {@code ${expression}} replaced; strings go in without quotes. */
    String insert(String text) {
        return INSERTION
                .matcher(text)
                .replaceAll(hit -> Matcher.quoteReplacement(
                        value(hit.group(1)) instanceof JsonValue.Str string
                                ? string.value()
                                : value(hit.group(1)).raw()));
    }

    /** The value that a template stands for. What has no {@code $} in it stays written as it is. */
    JsonValue fill(JsonValue template) {
        if (template instanceof JsonValue.Str string) {
            return fill(string);
        }
        if (template instanceof JsonValue.Arr array) {
            return fill(array.items());
        }
        if (template instanceof JsonValue.Obj object) {
            return isMade(object) ? made(object) : fill(object);
        }
        return template;
    }

    /** The name of a field, filled in. */
    String name(String written) {
        return written.contains("${") ? insert(written) : written;
    }

    /** An object whose first key begins with {@code $} makes a value. */
    static boolean isMade(JsonValue.Obj object) {
        return !object.fields().isEmpty() && object.fields().get(0).name().startsWith("$");
    }

    private JsonValue fill(JsonValue.Str string) {
        String text = string.value();
        if (text.startsWith("$$")) {
            return JsonValue.string(text.substring(1));
        }
        if (text.startsWith("$") && !text.startsWith("${")) {
            return value(text.substring(1));
        }
        return text.contains("${") ? JsonValue.string(insert(text)) : string;
    }

    private JsonValue fill(List<JsonValue> items) {
        List<JsonValue> filled = new ArrayList<>();
        StringBuilder raw = new StringBuilder("[");
        for (JsonValue item : items) {
            JsonValue value = fill(item);
            raw.append(filled.isEmpty() ? "" : ",").append(value.raw());
            filled.add(value);
        }
        return new JsonValue.Arr(raw.append(']').toString(), List.copyOf(filled));
    }

    private JsonValue fill(JsonValue.Obj object) {
        List<JsonValue.Field> fields = new ArrayList<>();
        for (JsonValue.Field field : object.fields()) {
            String name = name(field.name());
            String rawName = name.equals(field.name()) ? field.rawName() : JsonValue.quote(name);
            fields.add(new JsonValue.Field(name, rawName, fill(field.value())));
        }
        return JsonValue.object(fields);
    }

    private JsonValue made(JsonValue.Obj object) {
        String kind = object.fields().get(0).name();
        JsonValue first = object.fields().get(0).value();
        return switch (kind) {
            case "$raw" -> new JsonValue.Word(insert(object.text("$raw")));
            case "$pad" -> padded(object);
            case "$nested" -> {
                int depth = size(first);
                yield JsonValue.parse("[".repeat(depth) + "]".repeat(depth));
            }
            case "$keys" -> {
                List<JsonValue.Field> fields = new ArrayList<>();
                for (int i = 1; i <= size(first); i++) {
                    fields.add(JsonValue.field("k" + i, JsonValue.number(i)));
                }
                yield JsonValue.object(fields);
            }
            default -> throw new ConversationFailure("$raw, $pad, $nested or $keys", kind);
        };
    }

    /** A text made as long as {@code to} says, in code points. */
    private JsonValue padded(JsonValue.Obj object) {
        String start = insert(object.text("$pad"));
        int missing = size(object.field("to").orElse(JsonValue.number(0))) - start.codePointCount(0, start.length());
        if (missing < 0) {
            throw new ConversationFailure("a limit that holds the beginning " + start, object.raw());
        }
        return JsonValue.string(start + object.text("with").repeat(missing));
    }

    private int size(JsonValue written) {
        long size = number(written);
        if (size < 0 || size > MOST_GENERATED) {
            throw new ConversationFailure("a size from 0 to " + MOST_GENERATED, Long.toString(size));
        }
        return (int) size;
    }
}
