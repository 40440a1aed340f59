package io.roomcast.types;

import io.roomcast.protocol.Json;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes shapes from Java types, one for each; what no shape can be made from is refused with what to use instead. */
final class Shapes {
    private static final Map<Class<?>, Shape> SIMPLE = Map.ofEntries(
            Map.entry(String.class, TextShape.TEXT),
            Map.entry(Json.class, AnyShape.ANY),
            Map.entry(boolean.class, FlagShape.FLAG),
            Map.entry(Boolean.class, FlagShape.FLAG),
            Map.entry(byte.class, NumberShape.BYTE),
            Map.entry(Byte.class, NumberShape.BYTE),
            Map.entry(short.class, NumberShape.SHORT),
            Map.entry(Short.class, NumberShape.SHORT),
            Map.entry(int.class, NumberShape.INT),
            Map.entry(Integer.class, NumberShape.INT),
            Map.entry(long.class, NumberShape.LONG),
            Map.entry(Long.class, NumberShape.LONG),
            Map.entry(float.class, NumberShape.FLOAT),
            Map.entry(Float.class, NumberShape.FLOAT),
            Map.entry(double.class, NumberShape.DOUBLE),
            Map.entry(Double.class, NumberShape.DOUBLE));

    /** Of records, enums and sealed interfaces. */
    private final Map<Class<?>, Shape> named = new HashMap<>();

    /** Who has which name in the schema. */
    private final Map<String, String> owners = new HashMap<>();

    Shapes() {}

    /** What the other has made, to go on from there. */
    Shapes(Shapes other) {
        named.putAll(other.named);
        owners.putAll(other.owners);
    }

    /** The shape that was made of this type, null if none was. */
    @Nullable
    Shape find(Class<?> type) {
        Shape simple = SIMPLE.get(type);
        return simple == null ? named.get(type) : simple;
    }

    /**
     * @param where what it is the type of, to stand before "is"
     * @throws IllegalArgumentException if no shape can be made from the type
     */
    Shape of(Class<?> type, String where) {
        Shape known = find(type);
        if (known != null) {
            return known;
        }
        if (type.getTypeParameters().length > 0) {
            throw refused(where, type.getName(), Instead.of(type));
        }
        if (type.isEnum()) {
            Shape shape = new EnumShape(name(type.getSimpleName(), type.getName()), type);
            named.put(type, shape);
            return shape;
        }
        if (type.isRecord()) {
            RecordShape shape = new RecordShape(name(type.getSimpleName(), type.getName()), type, null);
            named.put(type, shape);
            fill(shape, type);
            return shape;
        }
        if (type.isInterface() && type.isSealed()) {
            return union(type);
        }
        throw refused(where, type.getTypeName(), Instead.of(type));
    }

    // ---- Records

    private void fill(RecordShape shape, Class<?> type) {
        RecordComponent[] all = type.getRecordComponents();
        List<RecordShape.Component> components = new ArrayList<>();
        for (RecordComponent component : all) {
            components.add(component(type, component));
        }
        shape.fill(components, constructor(type, all));
    }

    private RecordShape.Component component(Class<?> type, RecordComponent component) {
        String where = type.getSimpleName() + "." + component.getName();
        AnnotatedType annotated = component.getAnnotatedType();
        boolean isOptional = component.getType() == Optional.class;
        boolean isNullable = isNullable(annotated) || isNullable(component);
        if (isNullable && component.getType().isPrimitive()) {
            throw refused(where, "@Nullable " + component.getType(), "the box of it, such as @Nullable Integer");
        }
        Shape shape;
        if (isOptional && annotated instanceof AnnotatedParameterizedType parameterized) {
            shape = of(parameterized.getAnnotatedActualTypeArguments()[0], where);
        } else {
            shape = of(annotated, where);
        }
        boolean mayBeMissing = isOptional || isNullable;
        return new RecordShape.Component(
                component.getName(),
                mayBeMissing && !(shape instanceof NullableShape) ? new NullableShape(shape) : shape,
                mayBeMissing,
                isOptional,
                accessor(type, component.getAccessor()));
    }

    private static MethodHandle constructor(Class<?> type, RecordComponent[] components) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asFixedArity()
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (InaccessibleObjectException | ReflectiveOperationException closed) {
            throw closed(type, closed);
        }
    }

    private static MethodHandle accessor(Class<?> type, Method accessor) {
        try {
            accessor.setAccessible(true);
            return MethodHandles.lookup().unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
        } catch (InaccessibleObjectException | ReflectiveOperationException closed) {
            throw closed(type, closed);
        }
    }

    private static IllegalArgumentException closed(Class<?> type, Exception why) {
        return new IllegalArgumentException(
                type.getName() + " cannot be read and made; say in your module-info: opens " + type.getPackageName()
                        + " to io.roomcast.types;",
                why);
    }

    // ---- Sealed interfaces

    private Shape union(Class<?> type) {
        UnionShape shape = new UnionShape(name(type.getSimpleName(), type.getName()));
        named.put(type, shape);
        for (Class<?> each : records(type, new LinkedHashSet<>())) {
            String simple = each.getSimpleName();
            String tag = simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
            boolean hasTag = Stream.of(each.getRecordComponents())
                    .anyMatch(component -> component.getName().equals(RecordShape.TAG));
            if (hasTag) {
                throw new IllegalArgumentException(
                        each.getName() + " has a component named type, which is where it says"
                                + " which of the records of " + type.getSimpleName() + " it is; name it otherwise");
            }
            String name = name(type.getSimpleName() + simple, type.getName() + " " + each.getName());
            RecordShape part = new RecordShape(name, each, tag);
            if (!shape.add(tag, part)) {
                throw new IllegalArgumentException(
                        "Two records of " + type.getName() + " are named " + simple + "; rename one of them");
            }
            fill(part, each);
        }
        return shape;
    }

    private static Set<Class<?>> records(Class<?> type, Set<Class<?>> found) {
        for (Class<?> each : type.getPermittedSubclasses()) {
            if (each.isInterface() && each.isSealed()) {
                records(each, found);
            } else if (each.isRecord() && each.getTypeParameters().length == 0) {
                found.add(each);
            } else {
                throw refused("One of " + type.getSimpleName(), each.getName(), "records without type parameters only");
            }
        }
        return found;
    }

    // ---- Components

    private Shape of(AnnotatedType annotated, String where) {
        Shape shape = plain(annotated, where);
        return isNullable(annotated) ? new NullableShape(shape) : shape;
    }

    private Shape plain(AnnotatedType annotated, String where) {
        if (annotated.getType() instanceof Class<?> type) {
            return of(type, where);
        }
        if (annotated instanceof AnnotatedParameterizedType parameterized) {
            AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
            String raw = annotated.getType().getTypeName().replaceFirst("<.*", "");
            if (raw.equals(List.class.getName()) || raw.equals(Set.class.getName())) {
                return new ListShape(of(arguments[0], where), raw.equals(Set.class.getName()));
            }
            if (raw.equals(Map.class.getName()) && arguments[0].getType() == String.class) {
                return new MapShape(of(arguments[1], where));
            }
            throw refused(where, annotated.getType().getTypeName(), Instead.ofGeneric(raw));
        }
        throw refused(
                where, annotated.getType().getTypeName(), "a type that is known here: no variable, no ?, no array");
    }

    /** By any annotation of that name, for there are several in use. */
    private static boolean isNullable(AnnotatedElement element) {
        return Stream.of(element.getAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(annotation -> annotation.getSimpleName().equals("Nullable"));
    }

    // ---- Refusals

    /** The name in the schema for what this owner is. */
    private String name(String name, String owner) {
        String other = owners.putIfAbsent(name, owner);
        if (other != null && !other.equals(owner)) {
            throw new IllegalArgumentException(
                    "Two types would be named " + name + " in the schema: " + other + " and " + owner + "; rename one");
        }
        return name;
    }

    private static IllegalArgumentException refused(String where, String type, String instead) {
        return new IllegalArgumentException(
                where + " is of type " + type + ", which a room type cannot describe; use " + instead);
    }
}
