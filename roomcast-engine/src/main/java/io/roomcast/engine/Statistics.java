package io.roomcast.engine;

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
 */
public record Statistics(
        long connections, long rooms, long members, long publishes, long crossLanePublishes, long deliveries) {

    /** The counters behind it. */
    static final class Counters {
        final LongAdder connections = new LongAdder();
        final LongAdder members = new LongAdder();
        final LongAdder publishes = new LongAdder();
        final LongAdder crossLanePublishes = new LongAdder();
        final LongAdder deliveries = new LongAdder();

        Statistics snapshot(long rooms) {
            return new Statistics(
                    connections.sum(),
                    rooms,
                    members.sum(),
                    publishes.sum(),
                    crossLanePublishes.sum(),
                    deliveries.sum());
        }
    }
}
