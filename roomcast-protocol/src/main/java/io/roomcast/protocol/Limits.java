package io.roomcast.protocol;

/** A value for every {@link Limit}. Immutable. */
public final class Limits {
    private static final Limits DEFAULTS = new Limits(defaultValues());

    private final long[] values;

    private Limits(long[] values) {
        this.values = values;
    }

    public static Limits defaults() {
        return DEFAULTS;
    }

    /**
     * These limits with one value changed.
     *
     * @throws IllegalArgumentException if the value is outside the limit's range; the message names key, value and range
     */
    public Limits with(Limit limit, long value) {
        if (value < limit.least() || value > limit.most()) {
            throw new IllegalArgumentException("limits." + limit.key() + " is " + value + ", but must be from "
                    + limit.least() + " to " + limit.most() + " (" + limit.meaning() + ")");
        }
        long[] changed = values.clone();
        changed[limit.ordinal()] = value;
        return new Limits(changed);
    }

    public long get(Limit limit) {
        return values[limit.ordinal()];
    }

    /** The value as an int; limits above {@code Integer.MAX_VALUE} are as good as that. */
    public int asInt(Limit limit) {
        return (int) Math.min(Integer.MAX_VALUE, values[limit.ordinal()]);
    }

    private static long[] defaultValues() {
        Limit[] all = Limit.values();
        long[] values = new long[all.length];
        for (Limit limit : all) {
            values[limit.ordinal()] = limit.defaultValue();
        }
        return values;
    }
}
