package io.roomcast.types;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * An object that is a record: its components and no more. What the record's constructor says against the values is said to
 * the client.
 */
final class RecordShape implements Shape {
    /** By which the records of a sealed interface are told from each other. */
    static final String TAG = "type";

    private final String name;
    private final Class<?> type;

    /** What stands in {@link #TAG}; null outside of a sealed interface. */
    private final @Nullable String tag;

    /** By name. Filled once, after the shape has been made, because a record may be in itself. */
    private final Map<String, Component> components = new LinkedHashMap<>();

    /** Of an array of the components' values. */
    private @Nullable MethodHandle constructor;

    /**
     * A record's component.
     *
     * @param mayBeMissing whether null, or nothing at all, stands for a value that is not there
     * @param isOptional whether the component is an Optional
     * @param accessor from the record to the value
     */
    record Component(String name, Shape shape, boolean mayBeMissing, boolean isOptional, MethodHandle accessor) {}

    /** @param name in the schema */
    RecordShape(String name, Class<?> type, @Nullable String tag) {
        this.name = name;
        this.type = type;
        this.tag = tag;
    }

    void fill(List<Component> all, MethodHandle canonical) {
        all.forEach(component -> components.put(component.name(), component));
        constructor = canonical;
    }

    @Override
    public Object read(Tree tree, Place place) throws Wrong {
        if (!(tree instanceof Tree.Fields fields)) {
            throw Wrong.kind(place, tree, must());
        }
        @Nullable Object[] values = new Object[components.size()];
        int index = 0;
        int known = tag == null ? 0 : 1;
        for (Component component : components.values()) {
            Tree there = fields.byName().get(component.name());
            known += there == null ? 0 : 1;
            values[index++] = value(component, there, place);
        }
        if (known < fields.byName().size()) {
            throw unknown(fields, place);
        }
        return construct(values, place);
    }

    private static @Nullable Object value(Component component, @Nullable Tree tree, Place place) throws Wrong {
        if (tree == null && !component.mayBeMissing()) {
            throw Wrong.missing(place.at(component.name()), component.shape().must());
        }
        Object value = tree == null ? null : component.shape().read(tree, place.at(component.name()));
        return component.isOptional() ? Optional.ofNullable(value) : value;
    }

    private Wrong unknown(Tree.Fields fields, Place place) {
        for (String field : fields.byName().keySet()) {
            if (!components.containsKey(field) && !(tag != null && field.equals(TAG))) {
                return Wrong.of(place.at(field), "is not known; " + type.getSimpleName() + " has " + names());
            }
        }
        throw new AssertionError("more fields than are known, and none that is not");
    }

    private Object construct(@Nullable Object[] values, Place place) throws Wrong {
        assert constructor != null : "filled before it is used";
        try {
            return (Object) constructor.invokeExact(values);
        } catch (IllegalArgumentException refusal) {
            String why = refusal.getMessage();
            throw Wrong.of(place, "is not taken: " + Shown.sentence(why == null ? "no " + type.getSimpleName() : why));
        } catch (RuntimeException | Error fault) {
            throw fault;
        } catch (Throwable checked) {
            throw new IllegalStateException(checked);
        }
    }

    @Override
    public void write(@Nullable Object value, JsonGenerator out, int depth) {
        Shape.checkDepth(depth);
        out.writeStartObject();
        if (tag != null) {
            out.writeName(TAG).writeString(tag);
        }
        for (Component component : components.values()) {
            write(component, get(component, value), out, depth);
        }
        out.writeEndObject();
    }

    private void write(Component component, @Nullable Object value, JsonGenerator out, int depth) {
        Object there = value instanceof Optional<?> optional && component.isOptional() ? optional.orElse(null) : value;
        if (there != null) {
            component.shape().write(there, out.writeName(component.name()), depth + 1);
        } else if (!component.mayBeMissing()) {
            throw new IllegalArgumentException(type.getSimpleName() + "." + component.name()
                    + " is null; if it may be, make it Optional or @Nullable");
        }
    }

    private static @Nullable Object get(Component component, @Nullable Object value) {
        try {
            return (Object) component.accessor().invokeExact(value);
        } catch (RuntimeException | Error fault) {
            throw fault;
        } catch (Throwable checked) {
            throw new IllegalStateException(checked);
        }
    }

    boolean isOf(Class<?> other) {
        return type == other;
    }

    private String names() {
        return components.isEmpty() ? "nothing in it" : Shown.names(components.keySet());
    }

    @Override
    public String must() {
        return components.isEmpty() ? "an empty object" : "an object with " + names();
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
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        if (tag != null) {
            properties.put(TAG, Map.of("const", tag));
            required.add(TAG);
        }
        for (Component component : components.values()) {
            properties.put(component.name(), component.shape().schema());
            if (!component.mayBeMissing()) {
                required.add(component.name());
            }
            component.shape().define(definitions);
        }
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
    }
}
