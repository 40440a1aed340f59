package io.roomcast.bench;

import java.util.EnumMap;
import java.util.Map;

/** What happened in a chaos run, and what should not have. Not thread-safe. */
final class ChaosTally {
    final Violations violations = new Violations();
    private final Map<ChaosCount, Long> counts = new EnumMap<>(ChaosCount.class);

    void add(ChaosCount what) {
        add(what, 1);
    }

    void add(ChaosCount what, long times) {
        counts.merge(what, times, Long::sum);
    }

    long get(ChaosCount what) {
        return counts.getOrDefault(what, 0L);
    }

    void fault(Fault fault, String text) {
        violations.add(fault, text);
    }
}
