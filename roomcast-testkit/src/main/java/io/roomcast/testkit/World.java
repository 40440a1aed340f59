package io.roomcast.testkit;

import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the clients of one simulation share: the time, what was said and told, and the model of each room. */
final class World {
    private static final Duration LEAST_KEY_AGE = Duration.ofMinutes(2);

    /** How long after its time a grace may end: the engine need not have a timer for each session. */
    private static final long GRACE_SLACK_NANOS = 1_100_000_000L;

    final ManualClock clock;
    final SimulationSettings settings;
    final Limits limits;
    final long heartbeatNanos;
    final Duration grace;
    final Tally tally = new Tally();
    final Journal journal = new Journal();
    final KeyOwners keyOwners = new KeyOwners(this);

    /** Sorted, so that a run replays the same. */
    final Map<String, RoomModel> rooms = new TreeMap<>();

    /** By number; every message of the run. */
    final Map<Long, SentMessage> sent = new HashMap<>();

    /** By content; every update of the run. */
    private final Map<String, SentUpdate> updates = new HashMap<>();

    /** By id; every membership of the run that its client knew of, since an id is never used again. */
    final Map<String, Member> members = new HashMap<>();

    /** By number; who told it about itself, and in which room. */
    final Map<Long, Told> told = new HashMap<>();

    /** By secret; every session of the run that its client knew of. */
    private final Map<String, SessionModel> sessions = new HashMap<>();

    /** Sessions that may still be there, those of which nobody has read the secret among them. */
    private final List<SessionModel> standing = new ArrayList<>();

    private final Map<String, String> epochNames = new HashMap<>();

    long step;

    /** When the clock last went on by more than a heartbeat at once, so that nobody could say anything in between. */
    long jumpedNanos;

    /** Whether the server is going away. */
    boolean draining;

    private long lastNumber;

    /** The first promise that was broken. */
    private @Nullable SimulationFailure broken;

    record Told(SimulatedClient client, String room) {}

    World(ManualClock clock, SimulationSettings settings) {
        this.clock = clock;
        this.settings = settings;
        this.limits = settings.limits();
        this.heartbeatNanos = settings.heartbeat().toNanos();
        this.grace = settings.grace();
    }

    /** Numbers for messages, requests and what is told: none is used twice, later ones are higher. */
    long nextNumber() {
        return ++lastNumber;
    }

    RoomModel room(String id) {
        return rooms.computeIfAbsent(id, fresh -> new RoomModel(fresh, this));
    }

    /** Those of the room's template. */
    Limits limits(String room) {
        return settings.limits(room);
    }

    /** Whether a grace that began at the latest then is over, and the engine must have noticed. */
    boolean isPastGrace(long sinceNanos) {
        return sinceNanos != Member.NEVER && clock.nanoTime() - sinceNanos >= grace.toNanos() + GRACE_SLACK_NANOS;
    }

    /** How long a key is remembered: longer than the grace, so that whoever comes back can repeat what had no answer. */
    long keyAgeNanos() {
        return Math.max(LEAST_KEY_AGE.toNanos(), 2 * grace.toNanos());
    }

    // ---- Messages

    /** A message's data, by which it is found again. */
    SentMessage message(SentMessage message) {
        sent.put(message.number, message);
        return message;
    }

    /** Digits, escapes and white space that a server which rewrites JSON would change. */
    static String data(long number, int padding) {
        return "{\"n\":" + number + ", \"x\":1.50e+1,\"y\":\"\\u0041\\/" + "z".repeat(padding) + "\" }";
    }

    /** The message that the engine publishes. */
    SentMessage published(Publication publication) {
        String data = publication.data().toString();
        int comma = data.indexOf(',');
        SentMessage message = comma < 5 ? null : sent.get(Long.parseLong(data.substring(5, comma)));
        require(message != null && message.isTheSameAs(publication), "%s was published as %s", message, publication);
        return Objects.requireNonNull(message);
    }

    /** The message that the broker is asked to accept, for the first time. */
    SentMessage offered(Publication publication) {
        SentMessage found = published(publication);
        require(!found.wasAccepted() && found.repeats == null, "%s was published twice", found);
        if (found.publisher != null && publication.key() != null) {
            keyOwners.saw(found, found.publisher, publication.key().owner());
        }
        return found;
    }

    // ---- Changes of the state

    SentUpdate update(SentUpdate update) {
        require(updates.put(update.content(), update) == null, "%s is the same as another", update);
        return update;
    }

    /** The update that the engine asks a broker to decide, as it was asked for. */
    SentUpdate update(StateUpdate asked) {
        SentUpdate found = updates.get(SentUpdate.content(asked));
        require(found != null, "nobody has asked for %s", asked);
        return Objects.requireNonNull(found);
    }

    /** The update that the broker decides now, once. */
    SentUpdate offered(String room, StateUpdate asked) {
        SentUpdate found = update(asked);
        require(found.room.equals(room) && !found.wasOffered, "%s comes twice, or to %s", found, room);
        found.wasOffered = true;
        Member from = asked.from() == null ? null : members.get(asked.from());
        require(
                found.client == null ? asked.from() == null : asked.from() != null,
                "%s came from %s",
                found,
                asked.from());
        require(
                from == null || (from.wasOf(Objects.requireNonNull(found.client)) && !from.hasSurelyEnded()),
                "%s came from %s",
                found,
                from);
        require(
                found.client == null || found.keys().noneMatch(key -> settings.isReserved(room, key)),
                "%s changes keys that only the server may change",
                found);
        return found;
    }

    /** A name of the same length for each epoch. */
    String epochName(String epoch) {
        return epochNames.computeIfAbsent(epoch, fresh -> "epoch" + (100_000 + epochNames.size()));
    }

    /** The names of all epochs so far. */
    List<String> epochs() {
        return epochNames.values().stream().sorted().toList();
    }

    // ---- Sessions

    /** The session with this secret, null if nobody was given it. */
    @Nullable
    SessionModel session(String secret) {
        return sessions.get(secret);
    }

    /** @param secret null if nobody has read it yet */
    SessionModel newSession(@Nullable String secret, SimulatedClient client) {
        SessionModel session = new SessionModel(secret, client.user, this);
        session.claimedBy(client);
        standing.add(session);
        if (secret != null) {
            sessions.put(secret, session);
        }
        return session;
    }

    /** All is quiet. */
    void quiet() {
        standing.forEach(SessionModel::quiet);
        standing.removeIf(SessionModel::isOver);
    }

    // ---- What happens

    void note(Object who, String does, Object what) {
        journal.note(step, who, does, what);
    }

    void countIf(boolean happened, Exercised what) {
        if (happened) {
            tally.count(what);
        }
    }

    /** Ends the run unless the promise was kept. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one method
    void require(boolean kept, String promise, @Nullable Object... details) {
        if (!kept) {
            SimulationFailure failure = new SimulationFailure(String.format(promise, details));
            broken = broken == null ? failure : broken;
            throw failure;
        }
    }

    /** Ends the run if a promise was broken where the engine has caught what was thrown, as it does with its own faults. */
    void requireNothingBroken() {
        if (broken != null) {
            throw broken;
        }
    }
}
