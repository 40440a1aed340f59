package io.roomcast.types;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** An object with any names, whose values are all of one shape. */
record MapShape(Shape value) implements Shape {

    @Override
    public Object read(Tree tree, Place place) throws Wrong {
        if (!(tree instanceof Tree.Fields fields)) {
            throw Wrong.kind(place, tree, must());
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, Tree> each : fields.byName().entrySet()) {
            values.put(each.getKey(), value.read(each.getValue(), place.at(each.getKey())));
        }
        return Collections.unmodifiableMap(values);
    }

    @Override
    public void write(@Nullable Object map, JsonGenerator out, int depth) {
        Shape.checkDepth(depth);
        out.writeStartObject();
        ((Map<?, ?>) Objects.requireNonNull(map)).forEach((name, each) -> {
            if (each == null && !(value instanceof NullableShape)) {
                throw new IllegalArgumentException(
                        "There is a null at " + name + " of a map whose values must be " + value.must());
            }
            value.write(each, out.writeName((String) name), depth + 1);
        });
        out.writeEndObject();
    }

    @Override
    public String must() {
        return "an object";
    }

    @Override
    public Object schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("additionalProperties", value.schema());
        return schema;
    }

    @Override
    public void define(Map<String, Object> definitions) {
        value.define(definitions);
    }
}
