package io.roomcast.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known of one room's state, over all clients: who stands at a version has the same map as all others that have
 * stood there, a version has written the same to all, and in the end the map is what the answered updates say, give or take
 * those that have had no answer.
 */
final class StateLog {
    /** A number to which everybody adds 1, and a value that is written only by who knows its version. */
    static final String HITS = "hits";

    static final String RACE = "race";
    /** In front of the id of the member whose own it is. */
    static final String OWN = "own.";
    /** Two that are always written together. */
    static final List<String> PAIR = List.of("pair.a", "pair.b");

    /** Values longer than this are told apart by length and hash. */
    private static final int WHOLE_VALUE = 200;

    private final String room;
    private final Violations violations;

    /** The digest of everybody's map, by version; as many as there are updates, which the run bounds. So is all below. */
    private final Map<Long, Long> digests = new HashMap<>();

    private final Map<Long, String> authors = new HashMap<>();
    private final Map<String, TreeMap<Long, String>> written = new HashMap<>();
    private final TreeMap<Long, ChaosUpdate> acknowledged = new TreeMap<>();
    private final List<ChaosUpdate> unanswered = new ArrayList<>();
    private long version;

    StateLog(String room, Violations violations) {
        this.room = room;
        this.violations = violations;
    }

    /** The last version that anybody has heard of. */
    long version() {
        return version;
    }

    /** Somebody's map stands here. */
    void standsAt(StateView view, Object who) {
        version = Math.max(version, view.version());
        Long before = digests.putIfAbsent(view.version(), view.digest());
        if (before != null && before != view.digest()) {
            violations.add(
                    Fault.STATE, who + " has at version " + view.version() + " another map than others: " + view.map());
        }
        if (view.version() == 0 && !view.map().isEmpty()) {
            violations.add(Fault.STATE, who + " has at version 0 " + view.map());
        }
        StateView.Entry one = view.map().get(PAIR.get(0));
        StateView.Entry other = view.map().get(PAIR.get(1));
        if (one == null ? other != null : !one.equals(other)) {
            violations.add(Fault.STATE, who + " sees half an update: " + one + " and " + other);
        }
    }

    /** Somebody sees what a version has written. */
    void wrote(String key, StateView.Entry entry, Object who) {
        if (entry.version() < 1) {
            violations.add(Fault.STATE, who + " gets " + key + " without a version");
        }
        String value = shortened(entry.value());
        String before = written.computeIfAbsent(key, any -> new TreeMap<>()).putIfAbsent(entry.version(), value);
        if (before != null && !before.equals(value)) {
            violations.add(
                    Fault.STATE,
                    who + " sees " + key + " as " + value + " of version " + entry.version() + ", where others saw "
                            + before);
        }
    }

    /** Somebody is told whose change this was. */
    void from(long changed, String memberId, Object who) {
        String before = authors.putIfAbsent(changed, memberId);
        if (before != null && !before.equals(memberId)) {
            violations.add(
                    Fault.STATE, who + " sees version " + changed + " as " + memberId + "'s, but it was " + before);
        }
    }

    void acknowledged(long at, ChaosUpdate update, Object who) {
        version = Math.max(version, at);
        ChaosUpdate before = acknowledged.put(at, update);
        if (before != null) {
            violations.add(Fault.REPLY, who + "'s " + update + " got version " + at + ", which " + before + " has");
        }
        from(at, update.memberId(), who);
        update.set().forEach((key, value) -> wrote(key, new StateView.Entry(value, at), who));
    }

    /** Nobody can say any more whether this was taken; the map will show it. */
    void unanswered(ChaosUpdate update) {
        unanswered.add(update);
    }

    // ---- The end

    /**
     * @param late of one who has joined when all was over
     * @param present the ids of all members
     */
    void finish(StateView late, Set<String> present) {
        if (late.version() != version) {
            violations.add(Fault.STATE, room + " is at version " + late.version() + ", but was at " + version);
        }
        late.map().forEach((key, entry) -> finish(key, entry, late));
        acknowledged.forEach((at, update) -> finish(at, update, late, present));
        count(late);
        race(late);
        for (String key : late.map().keySet()) {
            if (key.startsWith(OWN) && !present.contains(key.substring(OWN.length()))) {
                violations.add(Fault.STATE, room + " still has " + key + ", whose member is gone");
            }
        }
    }

    /** What is there was written by the update that has its version, or by one that had no answer. */
    private void finish(String key, StateView.Entry entry, StateView late) {
        ChaosUpdate by = acknowledged.get(entry.version());
        boolean hits = key.equals(HITS);
        boolean isKnown = by != null
                ? hits ? by.counts() : entry.value().equals(by.set().get(key))
                : unanswered.stream()
                        .anyMatch(update -> hits
                                ? update.counts()
                                : entry.value().equals(update.set().get(key)));
        if (!isKnown) {
            violations.add(
                    Fault.STATE,
                    room + " has " + key + " as " + shortened(entry.value()) + " of version " + entry.version()
                            + ", which nobody wrote; that version's update is " + by);
        }
        if (entry.version() > late.version()) {
            violations.add(Fault.STATE, room + " has " + key + " from the future: " + entry.version());
        }
    }

    /** No answered update is lost: what it wrote is there, or was written or deleted later. */
    private void finish(long at, ChaosUpdate update, StateView late, Set<String> present) {
        for (String key : update.set().keySet()) {
            StateView.Entry there = late.map().get(key);
            if (there == null ? !mayBeGone(key, at, present) : there.version() < at) {
                violations.add(Fault.LOST, room + " has " + key + " as " + there + ", but " + at + " was " + update);
            }
        }
        for (String key : update.delete()) {
            StateView.Entry there = late.map().get(key);
            if (there != null && there.version() <= at) {
                violations.add(Fault.LOST, room + " has " + key + " as " + there + ", but " + at + " deleted it");
            }
        }
    }

    private boolean mayBeGone(String key, long since, Set<String> present) {
        if (key.startsWith(OWN)) {
            return !present.contains(key.substring(OWN.length()));
        }
        return acknowledged.tailMap(since, false).values().stream()
                        .anyMatch(later -> later.delete().contains(key))
                || unanswered.stream().anyMatch(update -> update.delete().contains(key));
    }

    /** Each addition counts once: their sums are all different and rise with the version. */
    private void count(StateView late) {
        TreeMap<Long, String> sums = written.getOrDefault(HITS, new TreeMap<>());
        long last = 0;
        for (Map.Entry<Long, String> sum : sums.entrySet()) {
            long value = Long.parseLong(sum.getValue());
            if (value <= last) {
                violations.add(Fault.STATE, room + " counted " + value + " at " + sum.getKey() + ", behind " + last);
            }
            last = value;
        }
        within(HITS, late, acknowledgedThat(true), unansweredThat(true));
    }

    /** Of those who wrote what they knew the version of, each has built on another one. */
    private void race(StateView late) {
        TreeMap<Long, String> turns = written.getOrDefault(RACE, new TreeMap<>());
        long last = 0;
        for (Map.Entry<Long, String> turn : turns.entrySet()) {
            long value = turn(turn.getValue());
            if (value <= last) {
                violations.add(
                        Fault.STATE,
                        room + " has turn " + value + " at version " + turn.getKey() + ", behind turn " + last);
            }
            last = value;
        }
        within(RACE, late, acknowledgedThat(false), unansweredThat(false));
    }

    private void within(String key, StateView late, long least, long more) {
        StateView.Entry entry = late.map().get(key);
        long value = entry == null ? 0 : key.equals(RACE) ? turn(entry.value()) : Long.parseLong(entry.value());
        if (value < least || value > least + more) {
            violations.add(
                    Fault.STATE,
                    room + " has come to " + value + " at " + key + " with " + least + " answered and " + more
                            + " unanswered");
        }
    }

    private long acknowledgedThat(boolean count) {
        return acknowledged.values().stream()
                .filter(update -> count ? update.counts() : update.races())
                .count();
    }

    private long unansweredThat(boolean count) {
        return unanswered.stream()
                .filter(update -> count ? update.counts() : update.races())
                .count();
    }

    /** The value of {@link #RACE}: whose turn it was the how manieth. */
    static String turn(long number, String tag) {
        return "{\"n\":" + number + "," + tag + "}";
    }

    static long turn(String value) {
        return Long.parseLong(value.substring("{\"n\":".length(), value.indexOf(',')));
    }

    private static String shortened(String value) {
        return value.length() <= WHOLE_VALUE ? value : value.length() + " characters, " + value.hashCode();
    }
}
