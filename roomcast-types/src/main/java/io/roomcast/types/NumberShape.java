package io.roomcast.types;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A number, by its Java type. One is whole by its value, as in JSON Schema: {@code 1.0} and {@code 1e2} are. */
enum NumberShape implements Shape {
    BYTE(Byte.MIN_VALUE, Byte.MAX_VALUE),
    SHORT(Short.MIN_VALUE, Short.MAX_VALUE),
    INT(Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** As far as every client can count, and as the state's {@code add} goes; that is less than a long. */
    LONG(-(1L << 53), 1L << 53),

    FLOAT(0, 0),
    DOUBLE(0, 0);

    /** Digits of a number that may still be a whole one in bounds; from there on it is not looked at more closely. */
    private static final int MOST_CHARACTERS = 1_000;

    /** Digits before the point that a whole number in bounds can have. */
    private static final int MOST_DIGITS = 16;

    private final long least;
    private final long most;

    NumberShape(long least, long most) {
        this.least = least;
        this.most = most;
    }

    private boolean isWhole() {
        return least != most;
    }

    /** Whether whatever a sum of two comes to in the state is of this shape too. */
    boolean isAddable() {
        return this == LONG || !isWhole();
    }

    @Override
    public Object read(Tree tree, Place place) throws Wrong {
        Object number = tree instanceof Tree.Digits digits ? value(digits.text()) : null;
        if (number == null) {
            throw Wrong.kind(place, tree, must());
        }
        return number;
    }

    private @Nullable Object value(String digits) {
        if (this == DOUBLE) {
            // Without its sign, a zero is equal to every other, as in JSON Schema.
            double value = Double.parseDouble(digits) + 0.0;
            return Double.isInfinite(value) ? null : (Object) value;
        }
        if (this == FLOAT) {
            float value = Float.parseFloat(digits) + 0.0f;
            return Float.isInfinite(value) ? null : (Object) value;
        }
        Long whole = whole(digits);
        if (whole == null || whole < least || whole > most) {
            return null;
        }
        return switch (this) {
            case BYTE -> (Object) whole.byteValue();
            case SHORT -> whole.shortValue();
            case INT -> whole.intValue();
            default -> whole;
        };
    }

    private static @Nullable Long whole(String digits) {
        if (digits.length() <= MOST_DIGITS && digits.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))) {
            return Long.valueOf(digits);
        }
        if (digits.length() > MOST_CHARACTERS) {
            return null;
        }
        BigDecimal number;
        try {
            number = new BigDecimal(digits);
        } catch (NumberFormatException exponentOutOfRange) {
            return null;
        }
        if (number.signum() == 0) {
            return 0L;
        }
        // Before anything that would write out the zeros of an exponent.
        boolean isFar = (long) number.precision() - number.scale() > MOST_DIGITS;
        return isFar || number.stripTrailingZeros().scale() > 0 ? null : (Long) number.longValueExact();
    }

    @Override
    public void write(@Nullable Object value, JsonGenerator out, int depth) {
        Number number = (Number) Objects.requireNonNull(value);
        if (this == FLOAT) {
            checkFinite(Float.isFinite(number.floatValue()), number);
            out.writeNumber(number.floatValue());
        } else if (this == DOUBLE) {
            checkFinite(Double.isFinite(number.doubleValue()), number);
            out.writeNumber(number.doubleValue());
        } else if (number.longValue() < least || number.longValue() > most) {
            throw new IllegalArgumentException(number + " is beyond 2^53, where clients lose digits; use a String");
        } else {
            out.writeNumber(number.longValue());
        }
    }

    private static void checkFinite(boolean isFinite, Number number) {
        if (!isFinite) {
            throw new IllegalArgumentException("JSON has no number for " + number);
        }
    }

    @Override
    public String must() {
        return switch (this) {
            case FLOAT, DOUBLE -> "a number";
            case LONG -> "a whole number from -2^53 to 2^53";
            default -> "a whole number from " + least + " to " + most;
        };
    }

    @Override
    public Object schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (isWhole()) {
            schema.put("type", "integer");
            schema.put("minimum", least);
            schema.put("maximum", most);
        } else {
            schema.put("type", "number");
        }
        return schema;
    }
}
