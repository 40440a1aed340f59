package io.roomcast.types;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** One of the records of a sealed interface; {@code type} says which, by the record's name with a small first letter. */
final class UnionShape implements Shape {
    private final String name;

    /** Filled once, after the shape has been made, because a record of the interface may have one in it. */
    private final Map<String, RecordShape> byTag = new LinkedHashMap<>();

    /** @param name in the schema */
    UnionShape(String name) {
        this.name = name;
    }

    /** Whether there was none with this tag. */
    boolean add(String tag, RecordShape shape) {
        return byTag.putIfAbsent(tag, shape) == null;
    }

    @Override
    public Object read(Tree tree, Place place) throws Wrong {
        if (!(tree instanceof Tree.Fields fields)) {
            throw Wrong.kind(place, tree, must());
        }
        Tree tag = fields.byName().get(RecordShape.TAG);
        String tags = "one of " + Shown.quotedNames(byTag.keySet());
        if (tag == null) {
            throw Wrong.missing(place.at(RecordShape.TAG), tags);
        }
        RecordShape shape = tag instanceof Tree.Text text ? byTag.get(text.text()) : null;
        if (shape == null) {
            throw Wrong.kind(place.at(RecordShape.TAG), tag, tags);
        }
        return shape.read(tree, place);
    }

    @Override
    public void write(@Nullable Object value, JsonGenerator out, int depth) {
        Class<?> type = Objects.requireNonNull(value).getClass();
        byTag.values().stream()
                .filter(shape -> shape.isOf(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type + " is none of " + byTag.keySet()))
                .write(value, out, depth);
    }

    @Override
    public String must() {
        return "an object whose `type` is one of " + Shown.quotedNames(byTag.keySet());
    }

    @Override
    public Object schema() {
        return Shape.reference(name);
    }

    @Override
    public void define(Map<String, Object> definitions) {
        if (definitions.containsKey(name)) {
            return;
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        definitions.put(name, schema);
        byTag.values().forEach(shape -> shape.define(definitions));
        schema.put("oneOf", byTag.values().stream().map(RecordShape::schema).toList());
    }
}
