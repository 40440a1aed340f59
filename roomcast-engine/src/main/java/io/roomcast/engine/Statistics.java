package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.ServerMessage;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

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
 * @param absentMembers those of the memberships whose connection has ended and whose session may still come back
 * @param sessionsRestored sessions that were brought back by another connection
 * @param resumes joins that asked to resume, by how that went; every outcome is there
 * @param keptBytes what all rooms together keep in this process: history and keys
 * @param roomsGivenUp how often a room has given up what it kept because all together kept too much
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
        Map<String, Long> endings,
        long absentMembers,
        long sessionsRestored,
        Map<ServerMessage.Resumed, Long> resumes,
        long keptBytes,
        long roomsGivenUp) {

    /** The counters behind it. */
    static final class Counters {
        final LongAdder connections = new LongAdder();
        final LongAdder members = new LongAdder();
        final LongAdder publishes = new LongAdder();
        final LongAdder crossLanePublishes = new LongAdder();
        final LongAdder deliveries = new LongAdder();
        final LongAdder receivedBytes = new LongAdder();
        final LongAdder sentBytes = new LongAdder();
        final LongAdder absent = new LongAdder();
        final LongAdder restored = new LongAdder();
        private final Map<ServerMessage.Resumed, LongAdder> resumes = new EnumMap<>(ServerMessage.Resumed.class);
        private final Map<ErrorCode, LongAdder> refusals = new EnumMap<>(ErrorCode.class);
        private final Map<String, LongAdder> endings = new LinkedHashMap<>();

        Counters() {
            for (ServerMessage.Resumed outcome : ServerMessage.Resumed.values()) {
                resumes.put(outcome, new LongAdder());
            }
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

        /** Null where no resume was asked for. */
        void resumed(ServerMessage.@Nullable Resumed outcome) {
            if (outcome != null) {
                increment(resumes, outcome);
            }
        }

        void refused(ErrorCode code) {
            increment(refusals, code);
        }

        void ended(Ending ending) {
            increment(endings, ending.name());
        }

        Statistics snapshot(long rooms, Broker.Kept kept) {
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
                    sums(endings),
                    absent.sum(),
                    restored.sum(),
                    sums(resumes),
                    kept.bytes(),
                    kept.roomsGivenUp());
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
