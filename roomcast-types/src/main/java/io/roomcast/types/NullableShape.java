package io.roomcast.types;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What another shape says, or null. */
record NullableShape(Shape shape) implements Shape {

    @Override
    public @Nullable Object read(Tree tree, Place place) throws Wrong {
        return tree instanceof Tree.Nothing ? null : shape.read(tree, place);
    }

    @Override
    public void write(@Nullable Object value, JsonGenerator out, int depth) {
        if (value == null) {
            out.writeNull();
        } else {
            shape.write(value, out, depth);
        }
    }

    @Override
    public String must() {
        return shape.must();
    }

    @Override
    public Object schema() {
        boolean isAny = shape == AnyShape.ANY;
        return isAny ? shape.schema() : Map.of("anyOf", List.of(shape.schema(), Map.of("type", "null")));
    }

    @Override
    public void define(Map<String, Object> definitions) {
        shape.define(definitions);
    }
}
