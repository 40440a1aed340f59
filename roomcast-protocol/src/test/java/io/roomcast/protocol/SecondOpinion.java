package io.roomcast.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
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
            switch (token) {
                case START_OBJECT, START_ARRAY -> {
                    open.push(0);
                    depth = Math.max(depth, open.size());
                }
                case END_OBJECT, END_ARRAY -> open.pop();
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
