package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the broker's answers into the one order of a room: strictly by offset, whatever order they come in. A message that
 * is not kept has no offset and takes its place when its answer comes. Written on the room's home lane only.
 */
final class Sequencer {
    private final Broker.RoomLog log;

    /** The offset of the last message that became part of the room. */
    private long offset;

    /** Answers that came before an earlier offset's; bounded by what members may have under way: one message each. */
    private @Nullable Map<Long, Publishing> early;

    private boolean closed;

    Sequencer(Broker.RoomLog log) {
        this.log = log;
        this.offset = log.offset();
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
        if (publishing.failure() != null || publishing.offset() == 0) {
            apply.accept(publishing);
        } else if (publishing.offset() == offset + 1) {
            offset++;
            apply.accept(publishing);
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
            offset++;
            if (early.isEmpty()) {
                early = null;
            }
            apply.accept(next);
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
