package io.roomcast.types;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Any JSON at all. */
enum AnyShape implements Shape {
    ANY;

    @Override
    public Object read(Tree tree, Place place) {
        return Tokens.json(tree::writeTo);
    }

    @Override
    public void write(@Nullable Object value, JsonGenerator out, int depth) {
        out.writeRawValue(String.valueOf(value));
    }

    @Override
    public String must() {
        return "some JSON";
    }

    @Override
    public Object schema() {
        return true;
    }
}
