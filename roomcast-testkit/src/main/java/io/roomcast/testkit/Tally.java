package io.roomcast.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How often each thing was exercised. Not thread-safe. */
@SuppressWarnings("EnumOrdinal") // counts live and die with one run of the program
public final class Tally {
    private final long[] counts = new long[Exercised.values().length];

    Tally() {}

    public long get(Exercised what) {
        return counts[what.ordinal()];
    }

    /** What never happened. */
    public List<Exercised> missing() {
        return Arrays.stream(Exercised.values()).filter(what -> get(what) == 0).toList();
    }

    void count(Exercised what) {
        add(what, 1);
    }

    void add(Exercised what, long times) {
        counts[what.ordinal()] += times;
    }

    void add(Tally other) {
        Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
    }

    /** One line for each thing. */
    @Override
    public String toString() {
        return Arrays.stream(Exercised.values())
                .map(what -> String.format("%,12d %s", get(what), what.label()))
                .collect(Collectors.joining("\n"));
    }
}
