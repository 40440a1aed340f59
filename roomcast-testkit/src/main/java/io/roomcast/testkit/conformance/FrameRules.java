package io.roomcast.testkit.conformance;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What PROTOCOL.md says about every frame of a server, whatever the conversation is about. */
final class FrameRules {
    private static final BigDecimal INTEGERS_END = BigDecimal.valueOf(1L << 53);

    /** Passed on as it came. */
    private static final Set<String> WRITTEN_BY_CLIENTS = Set.of("data", "member", "value");

    /** Objects with keys of the state and what clients wrote there. */
    private static final Set<String> VALUES_BY_KEY = Set.of("set", "values");

    /** Other objects whose names are keys of the state. */
    private static final Set<String> BY_KEY = Set.of("versions", "current");

    /**
     * The protocol's own fields: one that comes although the conversation does not expect it is a fault. Fields that
     * hang on a server's configuration ({@code user}, {@code state}) or that a rule below checks already ({@code at},
     * {@code message}) may come unexpected.
     */
    private static final Set<String> EXPECTED_OR_ABSENT = Set.of(
            "type",
            "id",
            "room",
            "memberId",
            "epoch",
            "offset",
            "version",
            "count",
            "members",
            "joined",
            "left",
            "changed",
            "more",
            "resumed",
            "reason",
            "messages",
            "from",
            "event",
            "to",
            "data",
            "member",
            "request",
            "code",
            "retryAfterMs",
            "connection",
            "protocol",
            "heartbeatMs",
            "limits",
            "session",
            "graceMs",
            "restored",
            "rooms",
            "set",
            "delete",
            "values",
            "versions",
            "since",
            "current",
            "expiresAt");

    private FrameRules() {}

    /** Whether the names inside are clients' own, so that none may come unexpected. */
    static boolean isClients(String name) {
        return WRITTEN_BY_CLIENTS.contains(name) || VALUES_BY_KEY.contains(name) || BY_KEY.contains(name);
    }

    static boolean hasToBeExpected(String name) {
        return EXPECTED_OR_ABSENT.contains(name);
    }

    /** The frame as JSON, after each rule was held against it. */
    static JsonValue.Obj check(String text) {
        JsonValue.Obj frame = parse(text);
        List<JsonValue.Field> fields = frame.fields();
        require(!fields.isEmpty() && fields.get(0).name().equals("type"), "type as the first field", text);
        require(!frame.text("type").isEmpty(), "a type that is a string", text);
        require(names(fields).size() == fields.size(), "each key once", text);
        require(compact(frame).equals(text), "no insignificant white space", text);
        integers(frame, text);
        switch (frame.text("type")) {
            case "error" -> require(!frame.text("message").isBlank(), "an error message for the developer", text);
            case "message" ->
                require(
                        frame.field("at")
                                .filter(JsonValue.Num.class::isInstance)
                                .isPresent(),
                        "the time as at",
                        text);
            case "joined", "history" -> PastMessages.check(frame);
            case "messages" -> PastMessages.checkGathered(frame);
            default -> {}
        }
        StateView.check(frame);
        return frame;
    }

    private static JsonValue.Obj parse(String text) {
        try {
            if (JsonValue.parse(text) instanceof JsonValue.Obj object) {
                return object;
            }
        } catch (IllegalArgumentException e) {
            throw new ConversationFailure("a frame that is JSON (" + e.getMessage() + ")", text);
        }
        throw new ConversationFailure("a frame that is a JSON object", text);
    }

    private static Set<String> names(List<JsonValue.Field> fields) {
        return new HashSet<>(fields.stream().map(JsonValue.Field::name).toList());
    }

    /** The value without white space, but for what clients wrote. */
    private static String compact(JsonValue value) {
        if (value instanceof JsonValue.Arr array) {
            return array.items().stream().map(FrameRules::compact).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof JsonValue.Obj object) {
            return object.fields().stream()
                    .map(field -> field.rawName() + ":" + compact(field))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        return value.raw();
    }

    private static String compact(JsonValue.Field field) {
        if (WRITTEN_BY_CLIENTS.contains(field.name())) {
            return field.value().raw();
        }
        if (VALUES_BY_KEY.contains(field.name()) && field.value() instanceof JsonValue.Obj values) {
            return values.fields().stream()
                    .map(entry -> entry.rawName() + ":" + entry.value().raw())
                    .collect(Collectors.joining(",", "{", "}"));
        }
        return compact(field.value());
    }

    private static void integers(JsonValue value, String text) {
        if (value instanceof JsonValue.Num number) {
            require(
                    number.isInteger() && number.value().abs().compareTo(INTEGERS_END) < 0,
                    "integers below 2^53",
                    text);
        } else if (value instanceof JsonValue.Arr array) {
            array.items().forEach(item -> integers(item, text));
        } else if (value instanceof JsonValue.Obj object) {
            object.fields().stream()
                    .filter(field ->
                            !WRITTEN_BY_CLIENTS.contains(field.name()) && !VALUES_BY_KEY.contains(field.name()))
                    .forEach(field -> integers(field.value(), text));
        }
    }

    private static void require(boolean holds, String rule, String text) {
        if (!holds) {
            throw new ConversationFailure(rule + " (a rule for every frame)", text);
        }
    }
}
