package io.roomcast.client;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.VersionedValue;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object that the server has sent, or one inside it. What is asked for and is not of its kind is a {@code bad_frame}.
 *
 * @param fields as their bytes came
 */
record Frame(Map<String, Json> fields) {
    /** What the deepest data may have, and what a frame may have around it. */
    private static final int MOST_DEPTH = 600;

    private static final long LARGEST_INTEGER = 1L << 53;
    private static final int LONGEST_INTEGER = 16;

    static Frame read(String text) {
        Json json;
        try {
            json = Json.of(text, MOST_DEPTH);
        } catch (IllegalArgumentException cause) {
            throw bad("is no JSON").with(cause);
        }
        Frame frame = json.isObject() ? new Frame(json.fields()) : new Frame(Map.of());
        Json type = frame.fields.get("type");
        if (type == null || !type.isText()) {
            throw bad("is no JSON object with a \"type\"");
        }
        return frame;
    }

    static RoomcastException bad(String why) {
        return new RoomcastException(
                RoomcastException.BAD_FRAME,
                "A frame of the server " + why + ": is this the address of a Roomcast server?");
    }

    static Frame of(Json json, String what) {
        if (!json.isObject()) {
            throw bad("has a " + what + " that is no object");
        }
        return new Frame(json.fields());
    }

    String type() {
        return text("type");
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    @Nullable
    Json get(String name) {
        return fields.get(name);
    }

    String text(String name) {
        String value = optionalText(name);
        if (value == null) {
            throw bad("has no string \"" + name + "\"");
        }
        return value;
    }

    @Nullable
    String optionalText(String name) {
        Json value = fields.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isText()) {
            throw bad("has a \"" + name + "\" that is no string");
        }
        return value.text();
    }

    /** The text, or null if there is another thing or none. */
    @Nullable
    String textOrNothing(String name) {
        Json value = fields.get(name);
        return value != null && value.isText() ? value.text() : null;
    }

    long integer(String name) {
        Json value = fields.get(name);
        if (value == null) {
            throw bad("has no integer \"" + name + "\"");
        }
        return integer(value, name);
    }

    @Nullable
    Long optionalInteger(String name) {
        Json value = fields.get(name);
        return value == null ? null : (Long) integer(value, name);
    }

    /** The integer from 0 if one stands there, else -1. */
    long integerOrNothing(String name) {
        Json value = fields.get(name);
        return value == null ? -1 : integerOrNothing(value);
    }

    private static long integer(Json value, String name) {
        long integer = integerOrNothing(value);
        if (integer < 0) {
            throw bad("has a \"" + name + "\" that is no integer");
        }
        return integer;
    }

    private static long integerOrNothing(Json value) {
        if (!value.isNumber() || value.length() > LONGEST_INTEGER) {
            return -1;
        }
        String digits = value.toString();
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        long integer = Long.parseLong(digits);
        return integer <= LARGEST_INTEGER ? integer : -1;
    }

    int count(String name) {
        return (int) Math.min(Integer.MAX_VALUE, integer(name));
    }

    boolean isTrue(String name) {
        Json value = fields.get(name);
        return value != null && value.isTrue();
    }

    boolean isFalse(String name) {
        Json value = fields.get(name);
        return value != null && value.isFalse();
    }

    /** Empty if there is none. */
    List<Json> list(String name) {
        Json value = fields.get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw bad("has a \"" + name + "\" that is no list");
        }
        return value.items();
    }

    /** Empty if there is none. */
    Frame object(String name) {
        Json value = fields.get(name);
        return value == null ? new Frame(Map.of()) : of(value, '"' + name + '"');
    }

    /** The integers of an object, by key. */
    Map<String, Long> integers(String name) {
        Map<String, Long> integers = new LinkedHashMap<>();
        object(name).fields.forEach((key, value) -> integers.put(key, integer(value, name)));
        return integers;
    }

    /** What is an integer among the fields. */
    Map<String, Long> numbers() {
        Map<String, Long> numbers = new LinkedHashMap<>();
        fields.forEach((key, value) -> {
            if (integerOrNothing(value) >= 0) {
                numbers.put(key, integerOrNothing(value));
            }
        });
        return Collections.unmodifiableMap(numbers);
    }

    /** The error that a frame of type {@code error} tells. */
    RoomcastException refusal() {
        String message = textOrNothing("message");
        long retryAfterMillis = integerOrNothing("retryAfterMs");
        return RoomcastException.refusal(
                text("code"),
                message == null ? "The server gives no reason." : message,
                optionalText("room"),
                optionalText("request"),
                retryAfterMillis < 0 ? null : Duration.ofMillis(retryAfterMillis),
                current());
    }

    private Map<String, VersionedValue> current() {
        Json json = fields.get("current");
        if (json == null || !json.isObject()) {
            return Map.of();
        }
        Map<String, VersionedValue> current = new LinkedHashMap<>();
        json.fields().forEach((key, value) -> {
            Frame entry = of(value, "current value");
            current.put(key, new VersionedValue(entry.integer("version"), entry.get("value")));
        });
        return Collections.unmodifiableMap(current);
    }
}
