package io.roomcast.engine;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Makes an outbox smaller without losing anything that counts: changes of a room's state that wait one behind the other
 * become one, at the place of the last of them. So what waits of a state is never more than the state. Used once for each
 * outbox.
 *
 * <p>Messages may stand between the changes. Replies and news of the room may not: a reply can be a cut, and what stands
 * before a cut must not go behind it.
 */
final class Conflation {
    private final Turn turn;

    /** By room: the changes that the next one may be added to. */
    private final Map<LiveRoom, Chain> open = new HashMap<>();

    private final IdentityHashMap<EncodedFrame, Chain> chains = new IdentityHashMap<>();

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
        if (room == null || frame.isMessage()) {
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

    private void take(EncodedFrame frame, Run merged) {
        Chain chain = chains.get(frame);
        if (chain == null || chain.length == 1) {
            merged.add(frame.retain());
        } else if (chain.last == frame) {
            merged.add(turn.state(chain.merged, roomOf(frame)));
        }
    }

    private static LiveRoom roomOf(EncodedFrame frame) {
        LiveRoom room = frame.room();
        assert room != null : "a change is a room's";
        return room;
    }
}
