package io.roomcast.types;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A string. */
enum TextShape implements Shape {
    TEXT;

    @Override
    public Object read(Tree tree, Place place) throws Wrong {
        if (tree instanceof Tree.Text text) {
            return text.text();
        }
        throw Wrong.kind(place, tree, must());
    }

    @Override
    public void write(@Nullable Object value, JsonGenerator out, int depth) {
        out.writeString((String) value);
    }

    @Override
    public String must() {
        return "a string";
    }

    @Override
    public Object schema() {
        return Map.of("type", "string");
    }
}
