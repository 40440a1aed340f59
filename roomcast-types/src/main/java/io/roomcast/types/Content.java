package io.roomcast.types;

import io.roomcast.protocol.Json;
import java.lang.invoke.MethodType;
import java.util.Objects;
import java.util.Optional;

/**
 * What some JSON stands for.
 *
 * @param type in Java
 */
record Content(Class<?> type, Shape shape) {

    /** What is wrong with it, empty if nothing is. */
    Optional<String> check(Json json, Place place) {
        if (shape == AnyShape.ANY) {
            return Optional.empty();
        }
        try {
            shape.read(Tree.of(json, place), place);
            return Optional.empty();
        } catch (Wrong wrong) {
            return Optional.of(wrong.what());
        }
    }

    /**
     * @param name of the value, for what is thrown
     * @throws IllegalArgumentException if it is not of this content
     */
    Object read(Json json, String name) {
        if (shape == AnyShape.ANY) {
            return json;
        }
        try {
            Place place = Place.field(name);
            return Objects.requireNonNull(shape.read(Tree.of(json, place), place), "no shape of a type is null");
        } catch (Wrong wrong) {
            throw new IllegalArgumentException(wrong.what());
        }
    }

    /**
     * @param name of the value, for what is thrown
     * @throws IllegalArgumentException if it is not of this content, or has something in it for which there is no JSON
     */
    Json write(Object value, String name) {
        if (!boxed(type).isInstance(value)) {
            throw new IllegalArgumentException(Shown.quoted(name) + " is a " + type.getSimpleName()
                    + ", but what was given is a " + value.getClass().getSimpleName());
        }
        return value instanceof Json json ? json : Tokens.json(out -> shape.write(value, out, 0));
    }

    /** The class of which values of this type are, where they are objects. */
    @SuppressWarnings("unchecked")
    static <T> Class<T> boxed(Class<T> type) {
        return (Class<T>) MethodType.methodType(type).wrap().returnType();
    }
}
