package io.roomcast.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** The fields of an object in a frame with the characters they are written with: numbers and escapes as they came. */
final class RawJson {
    private static final JsonMapper JSON = new JsonMapper();

    private RawJson() {}

    /** @param path the names of the objects inside each other; where there is no such object, there are no fields */
    static Map<String, String> fields(String text, String... path) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            for (String name : path) {
                if (!enter(parser, name)) {
                    return fields;
                }
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                int to = (int) parser.currentLocation().getCharOffset();
                fields.put(key, text.substring(from, to));
            }
        }
        return fields;
    }

    private static boolean enter(JsonParser parser, String name) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = parser.currentName().equals(name);
            JsonToken value = parser.nextToken();
            if (found) {
                return value == JsonToken.START_OBJECT;
            }
            parser.skipChildren();
        }
        return false;
    }
}
