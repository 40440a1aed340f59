package io.roomcast.client;

import io.roomcast.protocol.Json;
import org.jspecify.annotations.Nullable;

/** JSON on its way out: the fields of one object, one behind the other. One thread at a time. */
final class JsonLine {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text = new StringBuilder(96);

    /** Nothing stands in the innermost object or array yet. */
    private boolean isFirst = true;

    static JsonLine begin(String type, @Nullable Long id) {
        JsonLine line = new JsonLine();
        line.text.append('{');
        line.field("type", type);
        return id == null ? line : line.field("id", id);
    }

    /** Fields that stand behind others: what {@link #rest} gives. */
    static JsonLine fields() {
        return new JsonLine();
    }

    JsonLine field(String key, @Nullable String value) {
        if (value != null) {
            key(key);
            string(value, text);
        }
        return this;
    }

    JsonLine field(String key, @Nullable Number value) {
        if (value != null) {
            key(key).append(value);
        }
        return this;
    }

    JsonLine field(String key, boolean value) {
        key(key).append(value);
        return this;
    }

    JsonLine field(String key, @Nullable Json value) {
        if (value != null) {
            key(key).append(value);
        }
        return this;
    }

    /** JSON that was made here. */
    JsonLine raw(String key, CharSequence json) {
        key(key).append(json);
        return this;
    }

    /** The fields, with a comma before them if there are any. */
    String rest() {
        return text.isEmpty() ? "" : "," + text;
    }

    /** The whole object, with these fields at its end. */
    String end(String rest) {
        return text.append(rest).append('}').toString();
    }

    private StringBuilder key(String key) {
        if (!isFirst) {
            text.append(',');
        }
        isFirst = false;
        string(key, text);
        return text.append(':');
    }

    /**
     * A string in its quotes.
     *
     * @throws IllegalArgumentException if it holds half of a surrogate pair, for which there is no UTF-8
     */
    static void string(String value, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c < 0x20) {
                to.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
            } else if (Character.isSurrogate(c)) {
                if (i + 1 == value.length() || !Character.isSurrogatePair(c, value.charAt(i + 1))) {
                    throw new IllegalArgumentException("half of a surrogate pair, for which there is no UTF-8");
                }
                to.append(c).append(value.charAt(++i));
            } else {
                to.append(c);
            }
        }
        to.append('"');
    }
}
