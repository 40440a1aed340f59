package io.roomcast.netty;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How many requests were answered with which status. From any thread. */
final class AnswerCounts {
    /** One for every status; the map never changes once it is here. */
    private final Map<HttpStatus, LongAdder> counts = new EnumMap<>(HttpStatus.class);

    AnswerCounts() {
        for (HttpStatus status : HttpStatus.values()) {
            counts.put(status, new LongAdder());
        }
    }

    void count(HttpStatus status) {
        LongAdder counter = counts.get(status);
        assert counter != null : status;
        counter.increment();
    }

    /** By number; every status is there. */
    Map<Integer, Long> sums() {
        Map<Integer, Long> sums = new TreeMap<>();
        counts.forEach((status, count) -> sums.put(status.number(), count.sum()));
        return sums;
    }
}
