package io.roomcast.protocol;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** What Jackson says about a text: whether it is JSON, and how much of what our limits count is in it. */
final class SecondOpinion {
    /**
     * Reads bytes and takes them as UTF-8, whatever they look like: its parser of text looks at the lower half of a
     * character only and so takes, say, U+0245 for the hexadecimal digit E.
     */
    private static final JsonFactory JACKSON = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** Whether it is exactly one value. The rest is about what was read until then. */
    boolean isJson;

    boolean isObject;
    boolean hasLoneSurrogate;
    /** Whether the object that the text is has a key twice. */
    boolean repeatsKey;

    int depth;
    int digits;
    int keys;

    /** The string that the field {@code type} is, null if it is something else or not there. */
    @Nullable
    String type;

    /** For each array or object that is open its keys so far. */
    private final Deque<Integer> open = new ArrayDeque<>();

    private final Set<String> topKeys = new HashSet<>();

    /** What stands in the frame's own fields, by name, and in those of its resume, by {@code resume.} and name. */
    private final Map<String, Value> fields = new HashMap<>();

    /** Whether what is read stands in the object that the field {@code resume} is. */
    private boolean isInResume;

    private boolean repeatsResumeKey;

    /** A value by its first token; a number or a string also by its text. */
    private record Value(JsonToken token, String text) {}

    private static final Value ABSENT = new Value(JsonToken.NOT_AVAILABLE, "");

    static SecondOpinion of(byte[] utf8) {
        SecondOpinion opinion = new SecondOpinion();
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), utf8)) {
            opinion.isJson = opinion.read(parser);
        } catch (JacksonException notJson) {
            opinion.isJson = false;
        }
        return opinion;
    }

    /** Whether there is exactly one value. */
    private boolean read(JsonParser parser) {
        int values = 0;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (values == 0 && open.isEmpty()) {
                isObject = token == JsonToken.START_OBJECT;
            }
            value(token, parser);
            switch (token) {
                case START_OBJECT, START_ARRAY -> {
                    open.push(0);
                    depth = Math.max(depth, open.size());
                }
                case END_OBJECT, END_ARRAY -> {
                    open.pop();
                    isInResume &= open.size() > 1;
                }
                case PROPERTY_NAME -> key(parser.currentName());
                case VALUE_STRING -> string(parser);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> digits = Math.max(digits, digitsOf(parser.getString()));
                default -> {}
            }
            if (open.isEmpty()) {
                values++;
            }
        }
        return values == 1;
    }

    /** Before a value's token is counted. */
    private void value(JsonToken token, JsonParser parser) {
        boolean isValue = token.isScalarValue() || token.isStructStart();
        String name = parser.currentName();
        if (!isValue || !isObject || name == null) {
            return;
        }
        if (open.size() == 1) {
            fields.putIfAbsent(name, new Value(token, parser.getString()));
            isInResume = name.equals("resume") && token == JsonToken.START_OBJECT;
        } else if (open.size() == 2 && isInResume) {
            repeatsResumeKey |= fields.putIfAbsent("resume." + name, new Value(token, parser.getString())) != null;
        }
    }

    /** Whether a field of this type of message is what it must not be. For those named here, else null. */
    @Nullable
    Boolean isBad(String type, String field) {
        return switch (type + "." + field) {
            case "join.history", "history.after", "history.before" -> !isAbsent(field) && !isOffset(field);
            case "join.resume" -> !isAbsent("resume") && (!isObject("resume") || !isString("resume.epoch"));
            case "join.offset" -> !isAbsent("resume") && !isOffset("resume.offset");
            case "join.version" -> !isAbsent("resume.version") && !isOffset("resume.version");
            case "history.limit", "members.limit" -> !isAbsent("limit") && !isPositive("limit");
            case "session.session", "publish.key", "publish.event" -> !isAbsent(field) && !isName(field);
            default -> null;
        };
    }

    private Value field(String name) {
        return fields.getOrDefault(name, ABSENT);
    }

    private boolean isAbsent(String field) {
        return field(field).equals(ABSENT);
    }

    private boolean isObject(String field) {
        return field(field).token == JsonToken.START_OBJECT && !repeatsResumeKey;
    }

    private boolean isString(String field) {
        return field(field).token == JsonToken.VALUE_STRING;
    }

    private boolean isName(String field) {
        long length = field(field).text.codePoints().count();
        return isString(field) && length >= 1 && length <= 128;
    }

    private boolean isPositive(String field) {
        Value value = field(field);
        return value.token == JsonToken.VALUE_NUMBER_INT && new BigInteger(value.text).signum() > 0;
    }

    /** Written as digits only, below 2 to the power of 53. */
    private boolean isOffset(String field) {
        Value value = field(field);
        return value.token == JsonToken.VALUE_NUMBER_INT
                && !value.text.startsWith("-")
                && new BigInteger(value.text).bitLength() <= 53;
    }

    private void key(String name) {
        int count = open.pop() + 1;
        open.push(count);
        keys = Math.max(keys, count);
        hasLoneSurrogate |= JsonText.hasLoneSurrogate(name);
        if (open.size() == 1 && !topKeys.add(name)) {
            repeatsKey = true;
        }
    }

    private void string(JsonParser parser) {
        String text = parser.getString();
        hasLoneSurrogate |= JsonText.hasLoneSurrogate(text);
        if (open.size() == 1 && isObject && "type".equals(parser.currentName())) {
            type = text;
        }
    }

    private static int digitsOf(String number) {
        return (int) number.chars().filter(c -> c >= '0' && c <= '9').count();
    }
}
