package io.roomcast.engine;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What there is and what has happened since the start.
 *
 * @param connections open now
 * @param rooms alive now
 * @param members memberships now
 * @param publishes requests to publish that reached a room
 * @param crossLanePublishes those of them that came from another lane than the room's home
 * @param deliveries frames handed to connections
 * @param receivedBytes of requests, as JSON
 * @param sentBytes of frames handed to connections, with their WebSocket headers
 * @param refusals requests answered with an {@code error}, by its code; every code is there
 * @param endings connections ended, by the name of the close code; besides those there are {@code no_code},
 *     {@code no_close_frame} and {@code other}, for a code of the peer's own
 */
public record Statistics(
        long connections,
        long rooms,
        long members,
        long publishes,
        long crossLanePublishes,
        long deliveries,
        long receivedBytes,
        long sentBytes,
        Map<ErrorCode, Long> refusals,
        Map<String, Long> endings) {

    /** The counters behind it. */
    static final class Counters {
        final LongAdder connections = new LongAdder();
        final LongAdder members = new LongAdder();
        final LongAdder publishes = new LongAdder();
        final LongAdder crossLanePublishes = new LongAdder();
        final LongAdder deliveries = new LongAdder();
        final LongAdder receivedBytes = new LongAdder();
        final LongAdder sentBytes = new LongAdder();
        private final Map<ErrorCode, LongAdder> refusals = new EnumMap<>(ErrorCode.class);
        private final Map<String, LongAdder> endings = new LinkedHashMap<>();

        Counters() {
            for (ErrorCode code : ErrorCode.values()) {
                refusals.put(code, new LongAdder());
            }
            for (CloseCode code : CloseCode.values()) {
                endings.put(code.wireName(), new LongAdder());
            }
            for (String name : Ending.BESIDES_CLOSE_CODES) {
                endings.put(name, new LongAdder());
            }
        }

        void refused(ErrorCode code) {
            increment(refusals, code);
        }

        void ended(Ending ending) {
            increment(endings, ending.name());
        }

        Statistics snapshot(long rooms) {
            return new Statistics(
                    connections.sum(),
                    rooms,
                    members.sum(),
                    publishes.sum(),
                    crossLanePublishes.sum(),
                    deliveries.sum(),
                    receivedBytes.sum(),
                    sentBytes.sum(),
                    sums(refusals),
                    sums(endings));
        }

        /** The maps never change, only what is in them does; so any thread may look things up. */
        private static <K> void increment(Map<K, LongAdder> counters, K key) {
            LongAdder counter = counters.get(key);
            assert counter != null : key;
            counter.increment();
        }

        private static <K> Map<K, Long> sums(Map<K, LongAdder> counters) {
            Map<K, Long> sums = new LinkedHashMap<>();
            counters.forEach((key, counter) -> sums.put(key, counter.sum()));
            return Collections.unmodifiableMap(sums);
        }
    }
}
