package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What JSON itself has, without any library. */
final class PlainCodec implements Codec {
    static final PlainCodec INSTANCE = new PlainCodec();

    /** Beyond it a value is taken for one that holds itself. */
    private static final int MOST_DEPTH = 500;

    private PlainCodec() {}

    @Override
    public Json encode(Object value) {
        if (value instanceof Json json) {
            return json;
        }
        StringBuilder text = new StringBuilder();
        write(value, text, 0);
        return Json.of(text.toString());
    }

    private static void write(@Nullable Object value, StringBuilder to, int depth) {
        if (depth > MOST_DEPTH) {
            throw new IllegalArgumentException("more than " + MOST_DEPTH + " inside each other, or itself");
        }
        if (value == null || value instanceof Boolean || value instanceof Json) {
            to.append(value);
        } else if (value instanceof CharSequence || value instanceof Character || value instanceof Enum<?>) {
            JsonLine.string(value.toString(), to);
        } else if (value instanceof Number number) {
            to.append(finite(number));
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map, to, depth);
        } else if (value instanceof Iterable<?> items) {
            writeItems(items, to, depth);
        } else if (value.getClass().isArray()) {
            List<@Nullable Object> items = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                items.add(Array.get(value, i));
            }
            writeItems(items, to, depth);
        } else {
            throw new IllegalArgumentException("a " + value.getClass().getName()
                    + " is not among what JSON has; give the client a codec, such as JacksonCodec");
        }
    }

    private static Number finite(Number number) {
        double value = number.doubleValue();
        boolean isExact = number instanceof BigDecimal || number instanceof BigInteger;
        if (!isExact && (Double.isNaN(value) || Double.isInfinite(value))) {
            throw new IllegalArgumentException("JSON has no " + value);
        }
        return number;
    }

    private static void writeMap(Map<?, ?> map, StringBuilder to, int depth) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof CharSequence key)) {
                throw new IllegalArgumentException("a key of JSON is a string, and this is " + entry.getKey());
            }
            to.append(separator);
            JsonLine.string(key.toString(), to);
            to.append(':');
            write(entry.getValue(), to, depth + 1);
            separator = ",";
        }
        to.append(map.isEmpty() ? "{}" : "}");
    }

    private static void writeItems(Iterable<?> items, StringBuilder to, int depth) {
        String separator = "";
        to.append('[');
        for (Object item : items) {
            to.append(separator);
            write(item, to, depth + 1);
            separator = ",";
        }
        to.append(']');
    }

    @Override
    public Object decode(Json json, Type type) {
        Type raw = type instanceof ParameterizedType parameterized ? parameterized.getRawType() : type;
        if (raw == Json.class) {
            return json;
        }
        Object value = raw instanceof Class<?> wanted && Number.class.isAssignableFrom(boxed(wanted)) && json.isNumber()
                ? number(json, boxed(wanted))
                : value(json);
        if (value == null || !(raw instanceof Class<?> wanted) || !boxed(wanted).isInstance(value)) {
            throw new IllegalArgumentException(
                    "It is no " + type.getTypeName() + ", or none that is read without a codec such as JacksonCodec");
        }
        return value;
    }

    private static Object number(Json json, Class<?> wanted) {
        try {
            BigDecimal number = json.number();
            if (wanted == Integer.class) {
                return number.intValueExact();
            } else if (wanted == Long.class) {
                return number.longValueExact();
            } else if (wanted == Double.class) {
                return number.doubleValue();
            } else if (wanted == Float.class) {
                return number.floatValue();
            } else if (wanted == Short.class) {
                return number.shortValueExact();
            } else if (wanted == Byte.class) {
                return number.byteValueExact();
            } else if (wanted == BigInteger.class) {
                return number.toBigIntegerExact();
            }
            return number;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("It is no " + wanted.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    /** As Java has it: text, number, flag, map, list, or null. */
    private static @Nullable Object value(Json json) {
        if (json.isText()) {
            return json.text();
        } else if (json.isNumber()) {
            return json.number();
        } else if (json.isArray()) {
            List<@Nullable Object> items = new ArrayList<>();
            json.items().forEach(item -> items.add(value(item)));
            return items;
        } else if (json.isObject()) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            json.fields().forEach((key, field) -> fields.put(key, value(field)));
            return fields;
        }
        return json.isNull() ? null : (Object) json.isTrue();
    }

    private static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }
}
