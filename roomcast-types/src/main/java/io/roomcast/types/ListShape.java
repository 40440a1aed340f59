package io.roomcast.types;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * An array whose items are all of one shape.
 *
 * @param isSet whether no two of them may be equal
 */
record ListShape(Shape item, boolean isSet) implements Shape {

    @Override
    public Object read(Tree tree, Place place) throws Wrong {
        if (!(tree instanceof Tree.Items items)) {
            throw Wrong.kind(place, tree, must());
        }
        Collection<@Nullable Object> values = isSet ? new LinkedHashSet<>() : new ArrayList<>();
        int index = 0;
        for (Tree each : items.list()) {
            Place there = place.at(index++);
            if (!values.add(item.read(each, there))) {
                throw Wrong.of(there, "is " + each.shown() + ", which stands before it already");
            }
        }
        return values instanceof LinkedHashSet<@Nullable Object> set
                ? Collections.unmodifiableSet(set)
                : Collections.unmodifiableList((ArrayList<@Nullable Object>) values);
    }

    @Override
    public void write(@Nullable Object value, JsonGenerator out, int depth) {
        Shape.checkDepth(depth);
        out.writeStartArray();
        for (Object each : (Collection<?>) Objects.requireNonNull(value)) {
            if (each == null && !(item instanceof NullableShape)) {
                throw new IllegalArgumentException("There is a null in a list whose items must be " + item.must());
            }
            item.write(each, out, depth + 1);
        }
        out.writeEndArray();
    }

    @Override
    public String must() {
        return "an array";
    }

    @Override
    public Object schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        schema.put("items", item.schema());
        if (isSet) {
            schema.put("uniqueItems", true);
        }
        return schema;
    }

    @Override
    public void define(Map<String, Object> definitions) {
        item.define(definitions);
    }
}
