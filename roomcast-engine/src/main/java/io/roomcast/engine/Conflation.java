package io.roomcast.engine;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes an outbox smaller without losing anything that counts. Used once for each outbox.
 *
 * <p>Changes of a room's state that wait one behind the other become one, at the place of the last of them. So what waits
 * of a state is never more than the state. Messages may stand between the changes. Replies and news of the room may not: a
 * reply can be a cut, and what stands before a cut must not go behind it.
 *
 * <p>Of messages that the room's template calls {@code latest}, the last one of each sender and event stays, where it
 * stands; nothing moves, so anything may stand between.
 */
final class Conflation {
    private final Turn turn;

    /** By room: the changes that the next one may be added to. */
    private final Map<LiveRoom, Chain> open = new HashMap<>();

    private final IdentityHashMap<EncodedFrame, Chain> chains = new IdentityHashMap<>();

    /** By room: the newest messages of those that the next one outdates, by what they have alike. */
    private final Map<LiveRoom, Map<String, ShownMessage>> newest = new HashMap<>(2);

    private static final class Chain {
        private MergedChange merged;
        private EncodedFrame last;
        private int length = 1;

        Chain(EncodedFrame first, MergedChange change) {
            merged = change;
            last = first;
        }

        void add(EncodedFrame next, MergedChange change) {
            if (length++ == 1) {
                merged = new MergedChange(merged); // The frame's own is shared with others.
            }
            merged.add(change);
            last = next;
        }
    }

    private Conflation(Turn turn) {
        this.turn = turn;
    }

    /** Empties the outbox into a new one. */
    static Run merge(Run outbox, Turn turn) {
        Conflation conflation = new Conflation(turn);
        outbox.forEach(conflation::link);
        Run merged = new Run();
        outbox.forEach(frame -> conflation.take(frame, merged));
        outbox.clear();
        return merged;
    }

    private void link(EncodedFrame frame) {
        LiveRoom room = frame.room();
        MergedChange change = frame.change();
        if (room == null) {
            return;
        }
        if (frame.isMessage()) {
            noteNewest(frame, room);
            return;
        }
        if (change == null) {
            open.remove(room);
            return;
        }
        Chain chain = open.get(room);
        if (chain == null || chain.merged.version() != change.since()) {
            chain = new Chain(frame, change);
            open.put(room, chain);
        } else {
            chain.add(frame, change);
        }
        chains.put(frame, chain);
    }

    private void noteNewest(EncodedFrame frame, LiveRoom room) {
        List<ShownMessage> shown = frame.shown();
        if (shown != null) {
            Map<String, ShownMessage> ofRoom = newest.computeIfAbsent(room, fresh -> new HashMap<>());
            for (ShownMessage message : shown) {
                if (message.latest != null) {
                    ofRoom.put(message.latest, message);
                }
            }
        }
    }

    private void take(EncodedFrame frame, Run merged) {
        if (frame.shown() != null) {
            takeNewest(frame, frame.shown(), merged);
            return;
        }
        Chain chain = chains.get(frame);
        if (chain == null || chain.length == 1) {
            merged.add(frame.retain());
        } else if (chain.last == frame) {
            merged.add(turn.state(chain.merged, roomOf(frame)));
        }
    }

    private void takeNewest(EncodedFrame frame, List<ShownMessage> shown, Run merged) {
        LiveRoom room = roomOf(frame);
        Map<String, ShownMessage> ofRoom = newest.getOrDefault(room, Map.of());
        List<ShownMessage> stay = shown.stream()
                .filter(message -> message.latest == null || ofRoom.get(message.latest) == message)
                .toList();
        if (stay.size() == shown.size()) {
            merged.add(frame.retain());
        } else if (!stay.isEmpty()) {
            merged.add(turn.messages(stay, room));
        }
    }

    private static LiveRoom roomOf(EncodedFrame frame) {
        LiveRoom room = frame.room();
        assert room != null : "changes and messages are a room's";
        return room;
    }
}
