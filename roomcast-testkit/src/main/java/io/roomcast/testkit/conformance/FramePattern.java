package io.roomcast.testkit.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a frame has to look like. Fields that the protocol knows and the pattern does not name may not be there; fields
 * that nobody knows may, as both sides ignore them. What clients wrote themselves ({@code data}, {@code member}, keys
 * and values of the state) has to be equal throughout.
 */
final class FramePattern {
    private static final Pattern BINDING = Pattern.compile("\\$([A-Za-z]\\w*)=(\\w+)");
    private static final Set<String> KINDS = Set.of("any", "string", "integer", "number", "boolean", "object", "array");

    private final JsonValue pattern;
    private final boolean exactly;

    FramePattern(JsonValue pattern, boolean exactly) {
        this.pattern = pattern;
        this.exactly = exactly;
    }

    String raw() {
        return pattern.raw();
    }

    /**
     * Why the value does not match, or nothing if it does.
     *
     * @param variables takes the names that the pattern binds, if it matches
     */
    Optional<String> mismatch(JsonValue value, Variables variables) {
        Variables tried = variables.copy();
        try {
            match(pattern, value, "", exactly, tried);
        } catch (Mismatch mismatch) {
            return Optional.of(mismatch.reason);
        }
        variables.take(tried);
        return Optional.empty();
    }

    private static void match(JsonValue pattern, JsonValue value, String path, boolean exactly, Variables variables)
            throws Mismatch {
        if (pattern instanceof JsonValue.Str text && text.value().startsWith("$")) {
            placeholder(text.value(), value, path, variables);
        } else if (pattern instanceof JsonValue.Obj object && Variables.isMade(object)) {
            made(object, value, path, exactly, variables);
        } else if (pattern instanceof JsonValue.Obj object && value instanceof JsonValue.Obj other) {
            object(object, other, path, exactly, variables);
        } else if (pattern instanceof JsonValue.Arr array && value instanceof JsonValue.Arr other) {
            array(array, other, path, exactly, variables);
        } else {
            JsonValue wanted = variables.fill(pattern);
            check(JsonValue.same(wanted, value), path, wanted.raw(), value);
        }
    }

    private static void placeholder(String text, JsonValue value, String path, Variables variables) throws Mismatch {
        Matcher binding = BINDING.matcher(text);
        if (binding.matches()) {
            check(isKind(binding.group(2), value), path, "of kind " + binding.group(2), value);
            variables.bind(binding.group(1), value);
        } else if (KINDS.contains(text.substring(1))) {
            check(isKind(text.substring(1), value), path, "of kind " + text.substring(1), value);
        } else if (text.startsWith("$!")) {
            JsonValue other = variables.value(text.substring(2));
            check(!JsonValue.same(other, value), path, "anything but " + other.raw(), value);
        } else {
            JsonValue wanted = variables.fill(JsonValue.string(text));
            check(JsonValue.same(wanted, value), path, wanted.raw(), value);
        }
    }

    private static boolean isKind(String kind, JsonValue value) {
        return switch (kind) {
            case "any" -> true;
            case "string" ->
                value instanceof JsonValue.Str text && !text.value().isEmpty();
            case "integer" -> value instanceof JsonValue.Num number && number.isInteger();
            case "number" -> value instanceof JsonValue.Num;
            case "boolean" ->
                value instanceof JsonValue.Word word && !word.raw().equals("null");
            case "object" -> value instanceof JsonValue.Obj;
            case "array" -> value instanceof JsonValue.Arr;
            default -> throw new ConversationFailure("one of the kinds " + KINDS, kind);
        };
    }

    private static void made(JsonValue.Obj pattern, JsonValue value, String path, boolean exactly, Variables variables)
            throws Mismatch {
        String kind = pattern.fields().get(0).name();
        if (kind.equals("$unordered")) {
            check(value instanceof JsonValue.Arr, path, "an array", value);
            unordered(pattern.items(kind), ((JsonValue.Arr) value).items(), path, exactly, variables);
        } else if (kind.equals("$items")) {
            long wanted = variables.number(pattern.fields().get(0).value());
            boolean equal =
                    value instanceof JsonValue.Arr array && array.items().size() == wanted;
            check(equal, path, "an array of " + wanted, value);
        } else {
            JsonValue wanted = variables.fill(pattern);
            boolean equal = kind.equals("$raw") ? wanted.raw().equals(value.raw()) : JsonValue.same(wanted, value);
            check(equal, path, "written as " + wanted.raw(), value);
        }
    }

    private static void object(
            JsonValue.Obj pattern, JsonValue.Obj value, String path, boolean exactly, Variables variables)
            throws Mismatch {
        List<String> named = new ArrayList<>();
        for (JsonValue.Field field : pattern.fields()) {
            boolean optional = field.name().startsWith("?");
            String name = variables.name(optional ? field.name().substring(1) : field.name());
            named.add(name);
            Optional<JsonValue> found = value.field(name);
            if (found.isPresent()) {
                boolean inside = exactly || FrameRules.isClients(name);
                match(field.value(), found.get(), path + "." + name, inside, variables);
            } else if (!optional) {
                throw new Mismatch("no field " + path + "." + name);
            }
        }
        for (JsonValue.Field field : value.fields()) {
            if (!named.contains(field.name()) && (exactly || FrameRules.hasToBeExpected(field.name()))) {
                throw new Mismatch("unexpected field " + path + "." + field.name());
            }
        }
    }

    private static void array(
            JsonValue.Arr pattern, JsonValue.Arr value, String path, boolean exactly, Variables variables)
            throws Mismatch {
        check(
                pattern.items().size() == value.items().size(),
                path,
                pattern.items().size() + " items",
                value);
        for (int i = 0; i < pattern.items().size(); i++) {
            match(pattern.items().get(i), value.items().get(i), path + "[" + i + "]", exactly, variables);
        }
    }

    /** Each pattern takes the first value that fits it: enough where patterns exclude each other. */
    static void unordered(
            List<JsonValue> patterns, List<JsonValue> values, String path, boolean exactly, Variables variables)
            throws Mismatch {
        List<JsonValue> left = new ArrayList<>(values);
        for (JsonValue pattern : patterns) {
            FramePattern one = new FramePattern(pattern, exactly);
            Optional<JsonValue> hit = left.stream()
                    .filter(value -> one.mismatch(value, variables).isEmpty())
                    .findFirst();
            if (hit.isEmpty()) {
                throw new Mismatch("no item of " + path + " matches " + pattern.raw());
            }
            left.remove(hit.get());
        }
        if (!left.isEmpty()) {
            throw new Mismatch("unexpected item of " + path + ": " + left.get(0).raw());
        }
    }

    private static void check(boolean holds, String path, String wanted, JsonValue value) throws Mismatch {
        if (!holds) {
            throw new Mismatch(
                    (path.isEmpty() ? "the value" : path) + " should be " + wanted + ", but is " + value.raw());
        }
    }

    /** Ends the comparison at the first difference. */
    static final class Mismatch extends Exception {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        final String reason;

        Mismatch(String reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
