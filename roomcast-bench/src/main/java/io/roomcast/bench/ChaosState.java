package io.roomcast.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One client's part in a room's state, over all its connections: its map, and what it has sent without an answer. */
final class ChaosState {
    private static final int KEYS = 8;
    private static final int LARGE_KEYS = 24;
    private static final int LARGE_BYTES = 6_000;
    /** A conflict is an answer like any other; of those who race, few have to win. */
    private static final int TRIES = 3;

    final StateView view;
    private final ChaosSeat seat;
    private final ChaosTally tally;
    private final StateLog log;
    private final Deque<ChaosUpdate> pending = new ArrayDeque<>();
    private long sequence;
    private int tries;

    ChaosState(ChaosSeat seat, ChaosTally tally) {
        this.seat = seat;
        this.tally = tally;
        this.log = seat.room.state;
        this.view = new StateView((key, entry) -> log.wrote(key, entry, seat));
    }

    boolean isAnswered() {
        return pending.isEmpty();
    }

    int unanswered() {
        return pending.size();
    }

    /** The field of {@code resume}; empty where it has nothing. */
    String position() {
        return view.version() == 0 ? "" : ",\"version\":" + view.version();
    }

    void disconnected() {
        view.disconnected();
        tally.add(ChaosCount.UPDATES_UNANSWERED, pending.size());
        pending.forEach(log::unanswered);
        pending.clear();
    }

    // ---- To change

    /** One of the ways to change something, by lot. */
    String update(long id, SplittableRandom random) {
        String key = "k" + random.nextInt(KEYS);
        int lot = random.nextInt(100);
        if (lot < 25) {
            return send(id, Map.of(key, value()), List.of(), false, ChaosUpdate.NO_RACE, false);
        } else if (lot < 35) {
            return send(id, Map.of(), List.of(key), false, ChaosUpdate.NO_RACE, false);
        } else if (lot < 50) {
            return fence(id);
        } else if (lot < 60) {
            return send(id, Map.of(key, value()), List.of(), true, ChaosUpdate.NO_RACE, false);
        } else if (lot < 75) {
            return race(id);
        } else if (lot < 90) {
            String own = StateLog.OWN + seat.memberId;
            return send(id, Map.of(own, value()), List.of(), false, ChaosUpdate.NO_RACE, true);
        }
        String both = value();
        Map<String, String> pair = Map.of(StateLog.PAIR.get(0), both, StateLog.PAIR.get(1), both);
        return send(id, pair, List.of(), false, ChaosUpdate.NO_RACE, false);
    }

    String fence(long id) {
        return send(id, Map.of(), List.of(), true, ChaosUpdate.NO_RACE, false);
    }

    /** Tries to be the next, on top of what it knows. */
    String race(long id) {
        tries = 0;
        StateView.Entry there = view.map().get(StateLog.RACE);
        return there == null ? race(id, 0, 0) : race(id, StateLog.turn(there.value()), there.version());
    }

    private String race(long id, long turn, long version) {
        Map<String, String> set = Map.of(StateLog.RACE, StateLog.turn(turn + 1, tag()));
        return send(id, set, List.of(), false, version, false);
    }

    /** What makes the state large, and much of it wait for who does not read. */
    String large(long id, SplittableRandom random) {
        String key = "large." + random.nextInt(LARGE_KEYS);
        String value = "{" + tag() + ",\"p\":\"" + "x".repeat(LARGE_BYTES) + "\"}";
        return send(id, Map.of(key, value), List.of(), false, ChaosUpdate.NO_RACE, false);
    }

    private String value() {
        return "{" + tag() + "}";
    }

    private String tag() {
        return "\"c\":" + seat.client.number + ",\"u\":" + ++sequence;
    }

    private String send(long id, Map<String, String> set, List<String> delete, boolean counts, long race, boolean own) {
        ChaosUpdate update = new ChaosUpdate(id, seat.memberId, set, delete, counts, race, own);
        pending.add(update);
        tally.add(ChaosCount.UPDATES);
        return update.frame(seat.room.id);
    }

    // ---- What comes

    void updated(JsonNode frame) {
        ChaosUpdate update = answered(frame);
        if (update == null) {
            return;
        }
        tally.add(ChaosCount.UPDATES_ACKNOWLEDGED);
        long at = frame.path("version").asLong();
        log.acknowledged(at, update, seat);
        JsonNode values = frame.path("values");
        if (update.counts() != values.has(StateLog.HITS) || values.size() != (update.counts() ? 1 : 0)) {
            fault(Fault.REPLY, "is answered with " + frame + " to " + update);
        } else if (update.counts()) {
            log.wrote(
                    StateLog.HITS,
                    new StateView.Entry(values.path(StateLog.HITS).toString(), at),
                    seat);
        }
        if (!seat.room.gathers && view.version() != at) {
            fault(Fault.REORDERED, "is answered with version " + at + ", and stands at " + view.version());
        }
    }

    /** Somebody was faster: what to send now, null for nothing. */
    @Nullable
    String conflict(JsonNode frame, long id) {
        ChaosUpdate update = answered(frame);
        if (update == null) {
            return null;
        }
        tally.add(ChaosCount.CONFLICTS);
        JsonNode current = frame.path("current").path(StateLog.RACE);
        long there = current.path("version").asLong();
        // Nobody deletes it, so that its version only rises.
        if (!update.races() || there <= update.race() || frame.path("current").size() != 1) {
            fault(Fault.REPLY, "is told of a conflict that is none: " + frame + " to " + update);
            return null;
        }
        String value = current.path("value").toString();
        log.wrote(StateLog.RACE, new StateView.Entry(value, there), seat);
        return ++tries < TRIES ? race(id, StateLog.turn(value), there) : null;
    }

    /** Replies come in the order of the requests. */
    private @Nullable ChaosUpdate answered(JsonNode frame) {
        ChaosUpdate first = pending.peek();
        if (first == null || first.id() != frame.path("id").asLong()) {
            fault(Fault.REPLY, "gets " + frame + " and waits for " + first);
            return null;
        }
        return pending.remove();
    }

    /** @param resumed whether the messages were resumed; null if that was not asked for */
    void joined(JsonNode frame, @Nullable Boolean resumed) {
        long had = view.version();
        JsonNode state = frame.path("state");
        JsonNode since = state.path("since");
        if (!state.path("set").isObject() || !state.path("versions").isObject()) {
            fault(Fault.REPLY, "joins and gets no state");
        }
        if (frame.path("version").asLong() < had) {
            fault(Fault.WRONG_CUT, "was at version " + had + " and joins at " + frame.path("version"));
        }
        boolean expected = Boolean.TRUE.equals(resumed) && had > 0;
        // Who has nothing may get what has changed since nothing.
        boolean isFresh = since.isMissingNode() || (Boolean.TRUE.equals(resumed) && since.asLong() == 0);
        if (expected ? since.asLong(-1) != had : !isFresh) {
            fault(
                    Fault.WRONG_CUT,
                    "was at version " + had + ", resumed " + resumed + ", and gets the state since " + since);
        }
        tally.add(expected ? ChaosCount.STATES_SINCE : ChaosCount.STATES_WHOLE);
        if (expected && !state.path("set").isEmpty()) {
            tally.add(ChaosCount.STATES_SINCE_WITH_CHANGES);
        }
        if (expected && frame.path("more").asBoolean(false)) {
            tally.add(ChaosCount.STATES_SINCE_IN_PAGES);
        }
        view.joined(frame);
        stands();
    }

    void snapshot(JsonNode frame) {
        if (!view.isPaging()) {
            fault(Fault.WRONG_CUT, "gets a page of a state that was whole");
        }
        tally.add(ChaosCount.SNAPSHOT_PAGES);
        view.snapshot(frame);
        stands();
    }

    void changed(JsonNode frame) {
        long had = view.version();
        if (!seat.hasJoined()) {
            fault(Fault.BEFORE_JOINED, "gets a change before it has joined");
        }
        if (!view.state(frame)) {
            boolean again = view.version() <= had;
            fault(
                    again ? Fault.DOUBLED : Fault.LOST,
                    "is at version " + had + " and gets " + frame.path("version") + " since " + frame.path("since"));
        }
        if (frame.has("since")) {
            tally.add(seat.room.gathers ? ChaosCount.CHANGES_MERGED_BY_A_TICK : ChaosCount.CHANGES_MERGED_FOR_THE_SLOW);
            if (frame.has("from") || !frame.has("versions")) {
                fault(Fault.STATE, "gets a merged change with an author or without versions");
            }
        } else {
            tally.add(ChaosCount.CHANGES);
            log.from(view.version(), frame.path("from").asString(""), seat);
            frame.path("delete").forEach(key -> ownKeyGone(key.asString(), frame));
        }
        stands();
    }

    /** Own keys go with their member only, all of them by its id. */
    private void ownKeyGone(String key, JsonNode frame) {
        if (key.startsWith(StateLog.OWN)) {
            tally.add(ChaosCount.OWN_KEYS_GONE);
            if (!key.substring(StateLog.OWN.length()).equals(frame.path("from").asString(""))) {
                fault(Fault.STATE, "sees " + frame + ", which takes an own key of somebody else");
            }
        }
    }

    /** Nothing else of the room may come between two pages. */
    void notInPages(String what) {
        if (view.isPaging()) {
            fault(Fault.WRONG_CUT, "gets " + what + " between two pages of the state");
        }
    }

    private void stands() {
        if (!view.isPaging()) {
            log.standsAt(view, seat);
        }
    }

    private void fault(Fault fault, String text) {
        tally.fault(fault, seat + " " + text);
    }
}
