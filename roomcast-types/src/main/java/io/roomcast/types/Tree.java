package io.roomcast.types;

import io.roomcast.protocol.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A JSON value taken apart. Numbers stay the text that they are, so that nothing is lost before it is known what they must
 * be. Its depth is that of the JSON it was made from, 512 at the most.
 */
sealed interface Tree {

    /** An object; no name stands in it twice. */
    record Fields(Map<String, Tree> byName) implements Tree {
        @Override
        public String shown() {
            return "an object";
        }
    }

    record Items(List<Tree> list) implements Tree {
        @Override
        public String shown() {
            return "an array";
        }
    }

    record Text(String text) implements Tree {
        @Override
        public String shown() {
            return Shown.quoted(text);
        }
    }

    record Digits(String text) implements Tree {
        @Override
        public String shown() {
            return text.length() <= Shown.MOST_CODE_POINTS ? text : text.substring(0, Shown.MOST_CODE_POINTS) + "…";
        }
    }

    record Flag(boolean value) implements Tree {
        @Override
        public String shown() {
            return Boolean.toString(value);
        }
    }

    /** {@code null}. */
    record Nothing() implements Tree {
        private static final Nothing NULL = new Nothing();

        @Override
        public String shown() {
            return "null";
        }
    }

    /** What it is, short enough for an error. */
    String shown();

    /**
     * Takes it apart.
     *
     * @throws Wrong if a name stands in an object twice, because whoever reads it may take the one or the other
     */
    static Tree of(Json json, Place place) throws Wrong {
        try (JsonParser tokens = Tokens.parser(json)) {
            return next(tokens, tokens.nextToken(), place);
        }
    }

    private static Tree next(JsonParser tokens, JsonToken token, Place place) throws Wrong {
        return switch (token) {
            case START_OBJECT -> fields(tokens, place);
            case START_ARRAY -> items(tokens, place);
            case VALUE_STRING -> new Text(tokens.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Digits(tokens.getString());
            case VALUE_TRUE -> new Flag(true);
            case VALUE_FALSE -> new Flag(false);
            case VALUE_NULL -> Nothing.NULL;
            default -> throw new AssertionError(token);
        };
    }

    private static Tree fields(JsonParser tokens, Place place) throws Wrong {
        Map<String, Tree> byName = new LinkedHashMap<>();
        while (tokens.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = tokens.currentName();
            Place there = place.at(name);
            if (byName.put(name, next(tokens, tokens.nextToken(), there)) != null) {
                throw Wrong.of(there, "stands there twice; send it once");
            }
        }
        return new Fields(byName);
    }

    private static Tree items(JsonParser tokens, Place place) throws Wrong {
        List<Tree> list = new ArrayList<>();
        for (JsonToken token = tokens.nextToken(); token != JsonToken.END_ARRAY; token = tokens.nextToken()) {
            list.add(next(tokens, token, place.at(list.size())));
        }
        return new Items(list);
    }

    /** Writes it, numbers with the digits that they had. */
    default void writeTo(JsonGenerator out) {
        if (this instanceof Fields fields) {
            out.writeStartObject();
            fields.byName.forEach((name, value) -> value.writeTo(out.writeName(name)));
            out.writeEndObject();
        } else if (this instanceof Items items) {
            out.writeStartArray();
            items.list.forEach(item -> item.writeTo(out));
            out.writeEndArray();
        } else if (this instanceof Text text) {
            out.writeString(text.text);
        } else if (this instanceof Digits digits) {
            out.writeNumber(digits.text);
        } else if (this instanceof Flag flag) {
            out.writeBoolean(flag.value);
        } else {
            out.writeNull();
        }
    }
}
