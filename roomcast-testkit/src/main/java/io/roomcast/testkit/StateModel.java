package io.roomcast.testkit;

import io.roomcast.engine.spi.StateChange;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.ServerMessage.StatePart;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one line of versions of a room's state under one epoch: every update in the order in which the broker was asked,
 * with what must come of it. What a client is shown is held against it.
 */
final class StateModel {
    /** In the place of a version: what came is the state, and no change since another. */
    static final long WHOLE = StatePart.WHOLE;

    private final RoomModel room;
    private final World world;

    /** The map at each version. */
    private final List<Map<String, Entry>> states = new ArrayList<>(List.of(Map.of()));

    /** What has led to version n is at n - 1. */
    private final List<Change> changes = new ArrayList<>();

    /** Keys that are gone and are still known to have been there, with the version that deleted them, the oldest first. */
    private final Map<String, Long> deleted = new LinkedHashMap<>();

    /** Who came before this version may have had keys of which it is not known any more that they are gone. */
    private long forgotten;

    /** Members that are finally gone, and their keys with them. */
    private final Set<String> gone = new HashSet<>();

    /** The highest version that anybody has seen. */
    private long seen;

    private boolean hasBegun;

    /** @param owner the member to which it belongs, null for nobody */
    record Entry(String value, long version, @Nullable String owner) {
        Value told() {
            return new Value(value, version);
        }
    }

    /** A key's value as it was told, or as it is to be told. */
    record Value(String value, long version) {}

    /**
     * One version.
     *
     * @param set keys that were written
     * @param delete keys that were named to be deleted, whether they were there or not
     * @param from as others see it
     * @param sums what has been added up
     * @param isRelease whether a member has gone, and its keys with it
     */
    record Change(
            StateModel state,
            long version,
            Set<String> set,
            Set<String> delete,
            @Nullable String from,
            Map<String, String> sums,
            boolean isRelease) {}

    StateModel(RoomModel room, World world) {
        this.room = room;
        this.world = world;
    }

    long version() {
        return changes.size();
    }

    Map<String, Entry> at(long version) {
        return states.get((int) version);
    }

    Map<String, Entry> now() {
        return at(version());
    }

    Change change(long version) {
        return changes.get((int) version - 1);
    }

    /** A client has seen this version. */
    void saw(long version) {
        seen = Math.max(seen, version);
    }

    long seen() {
        return seen;
    }

    /** Whether the broker has been asked to change it, and may have begun to keep it. */
    boolean hasBegun() {
        return hasBegun;
    }

    /** Whether it may be unknown what has changed since then. */
    boolean hasForgotten(long since) {
        return since < forgotten;
    }

    Set<String> keysOf(String member) {
        return now().entrySet().stream()
                .filter(each -> member.equals(each.getValue().owner))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    // ---- What the broker says

    /** What must come of this update if the broker decides now. */
    StateRules.Outcome outcome(SentUpdate update, @Nullable String from) {
        world.require(from == null || !gone.contains(from), "%s is gone, but %s comes from it", from, update);
        return new StateRules(now(), update, from, room.limits).outcome();
    }

    void accepted(SentUpdate update, @Nullable String from, StateRules.Outcome outcome, StateChange told) {
        hasBegun = true;
        world.require(outcome.refusal() == null, "%s was accepted and not refused: %s", update, outcome);
        Change change = new Change(
                this, version() + 1, outcome.values().keySet(), Set.copyOf(update.delete), from, outcome.sums(), false);
        Map<String, Entry> after = new HashMap<>(now());
        outcome.values().forEach((key, value) -> {
            Entry old = after.get(key);
            String owner = old != null ? old.owner : update.own ? from : null;
            after.put(key, new Entry(value, change.version, owner));
            deleted.remove(key);
        });
        update.delete.forEach(key -> delete(key, after, change.version));
        append(change, after);
        checkTold(change, told);
        update.change = change;
    }

    /** @param isFull whether all rooms together may keep no more */
    void refused(
            SentUpdate update,
            StateRules.Outcome outcome,
            ErrorCode code,
            long version,
            Map<String, VersionedValue> current,
            boolean isFull) {
        boolean isForSpace = code == ErrorCode.UNAVAILABLE;
        hasBegun |= !isForSpace;
        boolean onlyDeletes = update.set.isEmpty() && update.add.isEmpty();
        world.require(
                isForSpace ? isFull && !onlyDeletes : code == outcome.refusal(),
                "%s was refused with %s: %s",
                update,
                code,
                outcome);
        world.require(version == version(), "%s was refused at %d, not %d", update, version, version());
        Map<String, VersionedValue> expected = new HashMap<>();
        if (code == ErrorCode.CONFLICT) {
            update.ifVersions.forEach((key, wanted) -> {
                Entry there = now().get(key);
                if (wanted != (there == null ? 0 : there.version)) {
                    expected.put(
                            key,
                            there == null
                                    ? new VersionedValue(0, null)
                                    : new VersionedValue(there.version, Json.of(there.value)));
                }
            });
        }
        world.require(expected.equals(current), "%s should be told %s, not %s", update, expected, current);
        update.refused = new SentUpdate.Refused(this, code, version, current);
        world.tally.count(isForSpace ? Exercised.UPDATES_WITHOUT_SPACE : Objects.requireNonNull(outcome.why()));
    }

    /** @param told null if the broker says that nothing belonged to this member */
    void released(String memberId, @Nullable StateChange told) {
        world.require(gone.add(memberId), "%s is finally gone for the second time", memberId);
        Member member = world.members.get(memberId);
        Set<String> owned = keysOf(memberId);
        world.require(owned.isEmpty() == (told == null), "%s owned %s, and of it went %s", memberId, owned, told);
        if (told != null) {
            Change change = new Change(this, version() + 1, Set.of(), owned, memberId, Map.of(), true);
            Map<String, Entry> after = new HashMap<>(now());
            // In the order in which the broker names them, which is also that in which it forgets them.
            told.delete().forEach(key -> delete(key, after, change.version));
            append(change, after);
            checkTold(change, told);
            world.tally.count(Exercised.OWN_KEYS_GONE);
            world.countIf(member != null && member.isAbsent(), Exercised.OWN_KEYS_GONE_WITH_THE_GRACE);
        }
    }

    private void delete(String key, Map<String, Entry> after, long version) {
        if (after.remove(key) != null) {
            deleted.remove(key);
            deleted.put(key, version);
        }
    }

    private void append(Change change, Map<String, Entry> after) {
        changes.add(change);
        states.add(after);
        while (deleted.size() > Math.max(1, room.limits.get(Limit.STATE_KEYS))) {
            Map.Entry<String, Long> oldest = deleted.entrySet().iterator().next();
            forgotten = oldest.getValue();
            deleted.remove(oldest.getKey());
            world.tally.count(Exercised.DELETIONS_FORGOTTEN);
        }
    }

    private void checkTold(Change change, StateChange told) {
        Map<String, Value> set = new HashMap<>();
        change.set.forEach(
                key -> set.put(key, Objects.requireNonNull(now().get(key)).told()));
        Map<String, String> sums = new HashMap<>();
        told.sums().forEach((key, sum) -> sums.put(key, sum.toString()));
        world.require(
                told.version() == change.version
                        && values(told.set()).equals(set)
                        && told.delete().size() == change.delete.size()
                        && Set.copyOf(told.delete()).equals(change.delete)
                        && sums.equals(change.sums),
                "the change %s should be %s with %s",
                told,
                change,
                set);
    }

    private static Map<String, Value> values(Map<String, VersionedValue> told) {
        Map<String, Value> values = new HashMap<>();
        told.forEach((key, value) -> values.put(key, new Value(String.valueOf(value.value()), value.version())));
        return values;
    }

    /** The broker was asked for what has changed since then, and says this. */
    void read(long since, long version, StatePart part) {
        world.require(version == version(), "%s is at version %d, but was read at %d", room, version(), version);
        world.require(
                part.since() == since || (part.since() == WHOLE && (since > version || hasForgotten(since))),
                "%s was read since %d, but the answer is since %d",
                room,
                since,
                part.since());
        checkExact(room, part.since(), version, values(part.set()), part.delete());
    }

    // ---- What is exact

    /** Holds what somebody was told of one version against another: all that has changed, and nothing else. */
    void checkExact(Object who, long since, long to, Map<String, Value> set, List<String> delete) {
        Map<String, Value> expected = new HashMap<>();
        at(to).forEach((key, entry) -> {
            if (entry.version > since) {
                expected.put(key, entry.told());
            }
        });
        world.require(
                expected.equals(set),
                "%s was told of %s from %d to %d:%n  %s, not%n  %s",
                who,
                room,
                since,
                to,
                new TreeMap<>(set),
                new TreeMap<>(expected));
        Set<String> deletedKeys = new HashSet<>(delete);
        world.require(deletedKeys.size() == delete.size(), "%s was told twice that a key has gone: %s", who, delete);
        if (since == WHOLE) {
            world.require(delete.isEmpty(), "%s has a whole state in which keys are gone: %s", who, delete);
            return;
        }
        Set<String> named = new HashSet<>();
        for (long version = since + 1; version <= to; version++) {
            named.addAll(change(version).delete);
        }
        for (String key : delete) {
            world.require(
                    named.contains(key) && !at(to).containsKey(key),
                    "%s was told that %s has gone from %d to %d, but it has not",
                    who,
                    key,
                    since,
                    to);
        }
        for (String key : at(since).keySet()) {
            world.require(
                    at(to).containsKey(key) || deletedKeys.contains(key),
                    "%s was not told that %s has gone from %d to %d",
                    who,
                    key,
                    since,
                    to);
        }
    }

    // ---- Quiet

    /** Somebody hears that this member has lost its keys, or all is quiet. */
    void checkGone(String memberId) {
        Member member = world.members.get(memberId);
        world.require(member == null || !member.isSurelyThere(), "%s lost its keys, but is there", member);
    }

    /** Everything is done: what belongs to nobody who is there has gone. */
    void quiet(boolean isEmpty) {
        gone.forEach(this::checkGone);
        now().forEach((key, entry) -> {
            Member owner = entry.owner == null ? null : world.members.get(entry.owner);
            world.require(
                    entry.owner == null || (!isEmpty && (owner == null || !owner.hasSurelyEnded())),
                    "%s of %s belongs to %s, which has gone",
                    key,
                    room,
                    entry.owner);
            world.countIf(owner != null && owner.isAbsent(), Exercised.OWN_KEYS_OF_ABSENT_AT_CHECKPOINTS);
        });
    }

    @Override
    public String toString() {
        return "the state of " + room + " at version " + version();
    }
}
