package io.roomcast.engine;

import io.roomcast.protocol.ServerMessage;
import java.util.HashMap;
import java.util.Map;

/**
 * Drops the oldest messages of an outbox that has become too long, as far as their rooms' templates allow it, and puts a
 * {@code gap} where something is missing: before the next frame of that room, so that nothing of the room stands between
 * the hole and the word of it.
 */
final class OldestFirst {
    private final Turn turn;
    private final Run kept = new Run();

    /** Holes for which no gap stands yet, by room. */
    private final Map<LiveRoom, Hole> holes = new HashMap<>();

    private long tooMany;

    private OldestFirst(Turn turn, long tooMany) {
        this.turn = turn;
        this.tooMany = tooMany;
    }

    /** Empties the outbox into a new one of about this many bytes; it is larger where more may not be dropped. */
    static Run drop(Run outbox, long bytes, Turn turn) {
        OldestFirst drop = new OldestFirst(turn, outbox.bytes() - bytes);
        outbox.forEach(drop::take);
        drop.holes.keySet().stream().toList().forEach(drop::closeHole);
        outbox.clear();
        return drop.kept;
    }

    private void take(EncodedFrame frame) {
        LiveRoom room = frame.room();
        if (room == null) {
            kept.add(frame.retain());
        } else if (frame.isGap()) {
            widen(room, frame.after(), frame.offset());
        } else if (tooMany > 0 && frame.isMessage() && room.template.slowConsumer() == SlowConsumer.DROP_OLDEST) {
            tooMany -= frame.length();
            if (frame.offset() > 0) {
                widen(room, frame.after(), frame.offset() + 1);
            }
        } else {
            closeHole(room);
            kept.add(frame.retain());
        }
    }

    private void widen(LiveRoom room, long after, long before) {
        Hole hole = holes.get(room);
        holes.put(room, new Hole(hole == null ? after : hole.after, before));
    }

    private void closeHole(LiveRoom room) {
        Hole hole = holes.remove(room);
        if (hole != null) {
            kept.add(turn.gap(new ServerMessage.Gap(room.id, hole.after, hole.before), room));
        }
    }

    private record Hole(long after, long before) {}
}
