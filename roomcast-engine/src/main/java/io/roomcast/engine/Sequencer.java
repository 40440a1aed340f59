package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Publication;
import io.roomcast.protocol.PlainPublish;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the broker's answers into the one order of a room: messages strictly by offset, changes of the state strictly by
 * version, whatever order they come in. A message that is not kept has no offset and takes its place when its answer
 * comes; one that repeats another is answered behind that one. Written on the room's home lane only.
 */
final class Sequencer {
    private final Broker.RoomLog log;
    private final InOrder<Publishing> messages;
    private final InOrder<Updating> changes;
    /** The log, if it answers within the call, always. */
    private final @Nullable MemoryLog atOnce;

    private boolean closed;

    Sequencer(Broker.RoomLog log) {
        this.log = log;
        this.atOnce = log instanceof MemoryLog inMemory ? inMemory : null;
        this.messages = new InOrder<>(log.offset());
        this.changes = new InOrder<>(log.version());
    }

    Broker.RoomLog log() {
        return log;
    }

    String epoch() {
        return log.epoch();
    }

    /** Of the last kept message that became part of the room. */
    long offset() {
        return messages.last();
    }

    /** Of the last change that became part of the room. */
    long version() {
        return changes.last();
    }

    void publish(Publishing publishing) {
        log.publish(publishing.publication, publishing);
    }

    /** Whether {@link #place} can be asked: all messages of before have their places, and so can the next, within the call. */
    boolean placesAtOnce() {
        return atOnce != null;
    }

    /** Gives a message of this member, which has no key, its place in the room: its offset, 0 if it is not kept. */
    long place(PlainPublish said, Membership from, long atMillis) {
        assert atOnce != null : "it was asked for before";
        if (!said.keep()) {
            return 0;
        }
        long offset = atOnce.keepsMessages()
                ? atOnce.accept(
                        new Publication(from.id(), from.session.user(), said.event(), said.data(), true, null),
                        atMillis)
                : atOnce.acceptUnkept();
        messages.taken(offset);
        return offset;
    }

    /** Applies this answer and those that waited for it, or keeps it until it is its turn. */
    void answered(Publishing publishing, Consumer<Publishing> apply) {
        if (publishing.isRepeated()) {
            messages.behind(publishing.offset(), () -> apply.accept(publishing));
        } else if (publishing.failure() != null || publishing.offset() == 0) {
            apply.accept(publishing);
        } else {
            messages.take(publishing.offset(), publishing, apply);
        }
    }

    /** Applies this change and those that waited for it, or keeps it until it is its turn. */
    void changed(long version, Updating updating, Consumer<Updating> apply) {
        changes.take(version, updating, apply);
    }

    /** Runs this step as soon as the message with this offset is part of the room. */
    void behindOffset(long offset, Runnable step) {
        messages.behind(offset, step);
    }

    /** Runs this step as soon as the change with this version is part of the room. */
    void behindVersion(long version, Runnable step) {
        changes.behind(version, step);
    }

    /** Closes the log; more calls do nothing. */
    void close() {
        if (!closed) {
            closed = true;
            log.close();
        }
    }
}
