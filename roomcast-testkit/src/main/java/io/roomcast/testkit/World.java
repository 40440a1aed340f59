package io.roomcast.testkit;

import io.roomcast.protocol.Limits;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the clients of one simulation share: the time, what was said and told, and the model of each room. */
final class World {
    final ManualClock clock;
    final Limits limits;
    final long heartbeatNanos;
    final boolean brokerFails;
    final Tally tally = new Tally();
    final Journal journal = new Journal();

    /** Sorted, so that a run replays the same. */
    final Map<String, RoomModel> rooms = new TreeMap<>();

    /** By number; every message of the run. */
    final Map<Long, SentMessage> sent = new HashMap<>();

    /** By id; every membership of the run that its client knew of, since an id is never used again. */
    final Map<String, Member> members = new HashMap<>();

    /** By number; who told it about itself, and in which room. */
    final Map<Long, Told> told = new HashMap<>();

    long step;
    private long lastNumber;

    record Told(SimulatedClient client, String room) {}

    World(ManualClock clock, Limits limits, long heartbeatNanos, boolean brokerFails) {
        this.clock = clock;
        this.limits = limits;
        this.heartbeatNanos = heartbeatNanos;
        this.brokerFails = brokerFails;
    }

    /** Numbers for messages, requests and what is told: none is used twice, later ones are higher. */
    long nextNumber() {
        return ++lastNumber;
    }

    RoomModel room(String id) {
        return rooms.computeIfAbsent(id, fresh -> new RoomModel(fresh, this));
    }

    SentMessage message(
            @Nullable SimulatedClient publisher,
            String room,
            @Nullable String event,
            boolean echo,
            boolean keep,
            @Nullable String to,
            int padding) {
        long number = nextNumber();
        // Digits, escapes and white space that a server which rewrites JSON would change.
        String data = "{\"n\":" + number + ", \"x\":1.50e+1,\"y\":\"\\u0041\\/" + "z".repeat(padding) + "\" }";
        SentMessage message = new SentMessage(number, publisher, room, data, event, echo, keep, to, step);
        sent.put(number, message);
        return message;
    }

    void note(Object who, String does, Object what) {
        journal.note(step, who, does, what);
    }

    /** Ends the run unless the promise was kept. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one method
    void require(boolean kept, String promise, @Nullable Object... details) {
        if (!kept) {
            throw new SimulationFailure(String.format(promise, details));
        }
    }
}
