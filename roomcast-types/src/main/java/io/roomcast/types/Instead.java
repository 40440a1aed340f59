package io.roomcast.types;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** What to use instead of a type that no shape can be made from. */
final class Instead {
    private static final String RECORD = "a record, or a sealed interface whose implementations are all records";

    private Instead() {}

    static String of(Class<?> type) {
        if (type == Object.class) {
            return "io.roomcast.protocol.Json for any JSON";
        }
        if (type == char.class || type == Character.class || CharSequence.class.isAssignableFrom(type)) {
            return "String";
        }
        if (type == UUID.class) {
            return "String, and check it in the record's constructor";
        }
        if (type == BigDecimal.class || type == BigInteger.class) {
            return "double or long, or String where every digit counts";
        }
        if (type.getName().startsWith("java.time.") || type == java.util.Date.class) {
            return "String, or long for milliseconds since 1970";
        }
        if (type == OptionalInt.class || type == OptionalLong.class || type == OptionalDouble.class) {
            return "Optional of Integer, Long or Double";
        }
        if (type.isArray()) {
            return "List";
        }
        if (type.isRecord() || (type.isInterface() && type.isSealed())) {
            return "a type without type parameters of its own";
        }
        return Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type) || type == Optional.class
                ? ofGeneric(type.getName())
                : RECORD;
    }

    /** @param raw the name of the class without its arguments */
    static String ofGeneric(String raw) {
        if (raw.equals(Map.class.getName())) {
            return "Map<String, …>, for names in JSON are strings";
        }
        if (raw.equals(Optional.class.getName())) {
            return "Optional<…> for a record's component itself, and @Nullable inside of lists and maps";
        }
        return raw.startsWith("java.util.")
                ? "List<…>, Set<…> or Map<String, …> as a record's component"
                : "a type without type parameters";
    }
}
