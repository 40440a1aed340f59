package io.roomcast.protocol;

import java.util.EnumMap;
import java.util.Objects;

/** A value for every {@link Limit}. Immutable. */
public final class Limits {
    private static final Limits DEFAULTS = new Limits(defaultValues());

    /** One for every limit; never changed once it is here. */
    private final EnumMap<Limit, Long> values;

    private Limits(EnumMap<Limit, Long> values) {
        this.values = values;
    }

    public static Limits defaults() {
        return DEFAULTS;
    }

    /**
     * These limits with one value changed.
     *
     * @param value {@link Limit#OFF} lifts the limit, if it may be lifted
     * @throws IllegalArgumentException if the value is outside the limit's range; the message names key, value and range
     */
    public Limits with(Limit limit, long value) {
        boolean inRange = value >= limit.least() && value <= limit.most();
        if (!inRange && !(value == Limit.OFF && limit.mayBeOff())) {
            throw new IllegalArgumentException(
                    "limits." + limit.key() + " is " + (value == Limit.OFF ? "off" : Long.toString(value))
                            + ", but must be from " + limit.least() + " to " + limit.most()
                            + (limit.mayBeOff() ? ", or off" : "") + " (" + limit.meaning() + ")");
        }
        EnumMap<Limit, Long> changed = values.clone();
        changed.put(limit, value);
        return new Limits(changed);
    }

    public boolean isOff(Limit limit) {
        return get(limit) == Limit.OFF;
    }

    /** The value, {@link Limit#OFF} if there is no limit. */
    public long get(Limit limit) {
        return Objects.requireNonNull(values.get(limit));
    }

    /** The value as an int; limits above {@code Integer.MAX_VALUE} are as good as that. */
    public int asInt(Limit limit) {
        return (int) Math.min(Integer.MAX_VALUE, get(limit));
    }

    private static EnumMap<Limit, Long> defaultValues() {
        EnumMap<Limit, Long> values = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            values.put(limit, limit.defaultValue());
        }
        return values;
    }
}
