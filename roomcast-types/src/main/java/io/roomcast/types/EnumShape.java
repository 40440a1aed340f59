package io.roomcast.types;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** One of the names of an enum's constants. */
final class EnumShape implements Shape {
    private final String name;
    private final Map<String, Enum<?>> byName = new LinkedHashMap<>();

    /** @param name in the schema */
    EnumShape(String name, Class<?> type) {
        this.name = name;
        for (Object constant : Objects.requireNonNull(type.getEnumConstants(), "an enum has constants")) {
            byName.put(((Enum<?>) constant).name(), (Enum<?>) constant);
        }
    }

    @Override
    public Object read(Tree tree, Place place) throws Wrong {
        Enum<?> constant = tree instanceof Tree.Text text ? byName.get(text.text()) : null;
        if (constant == null) {
            throw Wrong.kind(place, tree, must());
        }
        return constant;
    }

    @Override
    public void write(@Nullable Object value, JsonGenerator out, int depth) {
        out.writeString(((Enum<?>) Objects.requireNonNull(value)).name());
    }

    @Override
    public String must() {
        return "one of " + Shown.quotedNames(byName.keySet());
    }

    @Override
    public Object schema() {
        return Shape.reference(name);
    }

    @Override
    public void define(Map<String, Object> definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "string");
        schema.put("enum", List.copyOf(byName.keySet()));
        definitions.put(name, schema);
    }
}
