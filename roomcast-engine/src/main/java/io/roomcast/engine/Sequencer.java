package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the broker's answers into the one order of a room: strictly by offset, whatever order they come in. A message that
 * is not kept has no offset and takes its place when its answer comes; one that repeats another is answered behind that
 * one. Written on the room's home lane only.
 */
final class Sequencer {
    private final Broker.RoomLog log;

    /** The offset of the last message that became part of the room. */
    private long offset;

    /** Answers that came before an earlier offset's; bounded by what members may have under way: one message each. */
    private @Nullable Map<Long, Publishing> early;

    /** Repeats of messages that are not part of the room yet; bounded like these. */
    private @Nullable List<Publishing> earlyRepeats;

    private boolean closed;

    Sequencer(Broker.RoomLog log) {
        this.log = log;
        this.offset = log.offset();
    }

    Broker.RoomLog log() {
        return log;
    }

    String epoch() {
        return log.epoch();
    }

    long offset() {
        return offset;
    }

    void publish(Publishing publishing) {
        log.publish(publishing.publication, publishing);
    }

    /** Applies this answer and those that waited for it, or keeps it until it is its turn. */
    void answered(Publishing publishing, Consumer<Publishing> apply) {
        if (publishing.isRepeated() && publishing.offset() > offset) {
            if (earlyRepeats == null) {
                earlyRepeats = new ArrayList<>();
            }
            earlyRepeats.add(publishing);
        } else if (publishing.failure() != null || publishing.isRepeated() || publishing.offset() == 0) {
            apply.accept(publishing);
        } else if (publishing.offset() == offset + 1) {
            applyNext(publishing, apply);
            applyEarly(apply);
        } else {
            if (early == null) {
                early = new HashMap<>();
            }
            early.put(publishing.offset(), publishing);
        }
    }

    private void applyEarly(Consumer<Publishing> apply) {
        while (early != null) {
            Publishing next = early.remove(offset + 1);
            if (next == null) {
                return;
            }
            if (early.isEmpty()) {
                early = null;
            }
            applyNext(next, apply);
        }
    }

    private void applyNext(Publishing publishing, Consumer<Publishing> apply) {
        offset++;
        apply.accept(publishing);
        if (earlyRepeats != null) {
            List<Publishing> due = earlyRepeats.stream()
                    .filter(repeat -> repeat.offset() <= offset)
                    .toList();
            earlyRepeats.removeAll(due);
            if (earlyRepeats.isEmpty()) {
                earlyRepeats = null;
            }
            due.forEach(apply);
        }
    }

    /** Closes the log; more calls do nothing. */
    void close() {
        if (!closed) {
            closed = true;
            log.close();
        }
    }
}
