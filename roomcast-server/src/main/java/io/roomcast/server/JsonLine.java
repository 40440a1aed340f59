package io.roomcast.server;

import io.roomcast.client.Member;
import io.roomcast.protocol.Json;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One line of {@code --json}: an object whose first field is its type. What is null is left out. */
final class JsonLine {
    private final StringBuilder text = new StringBuilder("{\"type\":");

    private JsonLine(String type) {
        text.append(PlainText.jsonString(type));
    }

    static JsonLine of(String type) {
        return new JsonLine(type);
    }

    JsonLine field(String name, @Nullable String value) {
        return value == null ? this : raw(name, PlainText.jsonString(value));
    }

    JsonLine field(String name, @Nullable Long value) {
        return value == null ? this : raw(name, Long.toString(value));
    }

    JsonLine field(String name, long value) {
        return raw(name, Long.toString(value));
    }

    JsonLine field(String name, boolean value) {
        return raw(name, Boolean.toString(value));
    }

    JsonLine field(String name, @Nullable Json value) {
        return value == null ? this : raw(name, PlainText.json(value));
    }

    JsonLine ids(String name, Collection<String> ids) {
        return raw(name, ids.stream().map(PlainText::jsonString).collect(Collectors.joining(",", "[", "]")));
    }

    JsonLine members(String name, Collection<Member> members) {
        return raw(name, members.stream().map(JsonLine::member).collect(Collectors.joining(",", "[", "]")));
    }

    JsonLine values(String name, Map<String, Json> values) {
        return raw(
                name,
                values.entrySet().stream()
                        .map(entry -> PlainText.jsonString(entry.getKey()) + ":" + PlainText.json(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}")));
    }

    JsonLine numbers(String name, Map<String, Long> numbers) {
        return raw(
                name,
                numbers.entrySet().stream()
                        .map(entry -> PlainText.jsonString(entry.getKey()) + ":" + entry.getValue())
                        .collect(Collectors.joining(",", "{", "}")));
    }

    private JsonLine raw(String name, String json) {
        text.append(",\"").append(name).append("\":").append(json);
        return this;
    }

    private static String member(Member member) {
        StringBuilder entry = new StringBuilder("{\"id\":").append(PlainText.jsonString(member.id()));
        if (member.user() != null) {
            entry.append(",\"user\":").append(PlainText.jsonString(member.user()));
        }
        if (member.member() != null) {
            entry.append(",\"member\":").append(PlainText.json(member.member()));
        }
        return entry.append('}').toString();
    }

    String end() {
        return text + "}";
    }
}
