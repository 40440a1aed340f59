package io.roomcast.types;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What a JSON value must be, and which Java value it stands for. What is checked, read, written and exported comes from the
 * same shape, so that they cannot differ.
 */
sealed interface Shape
        permits AnyShape,
                EnumShape,
                FlagShape,
                ListShape,
                MapShape,
                NullableShape,
                NumberShape,
                RecordShape,
                TextShape,
                UnionShape {

    /** The Java value; null only by {@link NullableShape}. */
    @Nullable
    Object read(Tree tree, Place place) throws Wrong;

    /**
     * Writes a value of the type that this shape is of.
     *
     * @param value null only for {@link NullableShape}
     * @param depth arrays and objects that are around it
     * @throws IllegalArgumentException if no JSON of this shape stands for the value
     */
    void write(@Nullable Object value, JsonGenerator out, int depth);

    /** What a value must be, to stand behind "must be". */
    String must();

    /** JSON Schema of it, of maps, lists, strings, numbers and booleans; of what has a name, a reference to that. */
    Object schema();

    /** Adds the schemas of what has a name, of itself and of all that is in it. */
    default void define(Map<String, Object> definitions) {}

    /** Depth at which a value is taken to be without end; as deep as JSON may be. */
    int MOST_DEPTH = 512;

    static void checkDepth(int depth) {
        if (depth >= MOST_DEPTH) {
            throw new IllegalArgumentException(
                    "There are more than " + MOST_DEPTH + " lists, maps and records in each other");
        }
    }

    static Map<String, Object> reference(String name) {
        return Map.of("$ref", "#/$defs/" + name);
    }
}
