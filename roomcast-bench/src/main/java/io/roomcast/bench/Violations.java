package io.roomcast.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was found: all of it counted by kind, the first ones kept in full. Not thread-safe. */
final class Violations {
    /** Enough to understand a defect; a broken server would otherwise fill the memory with its faults. */
    private static final int KEPT = 50;

    record Violation(Fault fault, String text) {
        @Override
        public String toString() {
            return fault + ": " + text;
        }
    }

    private final List<Violation> first = new ArrayList<>();
    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
    private long total;

    void add(Fault fault, String text) {
        total++;
        counts.merge(fault, 1L, Long::sum);
        if (first.size() < KEPT) {
            first.add(new Violation(fault, text));
        }
    }

    long total() {
        return total;
    }

    Map<Fault, Long> counts() {
        return Map.copyOf(counts);
    }

    /** At most the first {@value #KEPT}. */
    List<Violation> first() {
        return List.copyOf(first);
    }
}
