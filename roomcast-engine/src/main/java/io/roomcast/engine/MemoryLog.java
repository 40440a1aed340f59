package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.Retention;
import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.ServerMessage.StatePart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One room's log in memory. The room's home lane reads and writes it; when a room has ended and a new one of its id has
 * another home, that one goes on, and what the first wrote is there for it, because the room was handed on through the
 * registry.
 *
 * <p>What is kept hangs on one reference, which any thread may cut off (the broker, when all rooms together keep too
 * much). A lane that is just writing then writes to what is cut off, so that message is trimmed as well, and it finds out
 * with the next: nothing is read by halves.
 */
final class MemoryLog implements Broker.RoomLog {
    final String room;

    /** Tells logs apart that are equal in time. */
    final long number;

    final Retention retention;
    private final MemoryBroker broker;
    private final String epoch;
    private final Clock clock;

    /** What is kept; null before the first, and when it was given up. Set on the home lane, cut off by any thread. */
    private final AtomicReference<@Nullable MemoryKept> kept = new AtomicReference<>();

    /** Home lane: the offset of the last kept message. */
    private long offset;

    /** Home lane: whether there has ever been anything to keep. */
    private boolean hasKeptAnything;

    /** Home lane: the state; null before the first update. It is not given up while the room is alive. */
    private @Nullable MemoryState state;

    /** What the broker's budget holds for it. */
    private long countedState;

    /** When it was last used, in the broker's time. Written on the home lane, read by the broker, for which about is enough. */
    private volatile long lastUse;

    // ---- Guarded by the broker

    /** How many have it open: two, for the moment in which one room ends and the next has begun. */
    int openings;

    /** When it was last used, as far as the broker has looked. */
    long seenUse;

    /** Closed: when it is to be forgotten, in the broker's time. */
    long forgetAt;

    MemoryLog(MemoryBroker broker, String room, long number, String epoch, Retention retention, Clock clock) {
        this.broker = broker;
        this.room = room;
        this.number = number;
        this.epoch = epoch;
        this.retention = retention;
        this.clock = clock;
    }

    boolean isClosed() {
        return openings == 0;
    }

    boolean hasKeptAnything() {
        return hasKeptAnything;
    }

    /** For how long it is of use when nobody has it open: what it keeps, or the keys it knows. */
    long lastsNanos() {
        MemoryKept current = kept.get();
        long age = retention.age().toNanos();
        return current == null || !current.hasKeys()
                ? age
                : Math.max(age, retention.keyAge().toNanos());
    }

    long lastUse() {
        return lastUse;
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public void publish(Publication publication, Broker.PublishAnswer answer) {
        long now = broker.sinceStart();
        MemoryKept current = kept.get();
        if (publication.key() != null && current != null) {
            long before = current.offsetOf(publication.key(), now);
            if (before != MemoryKept.UNKNOWN) {
                answer.repeated(before);
                return;
            }
        }
        long atMillis = clock.wallMillis();
        long place = publication.keep() ? ++offset : 0;
        if (publication.key() != null || (publication.keep() && keepsMessages())) {
            keep(place, publication, atMillis, now);
        }
        answer.accepted(place, atMillis);
    }

    /** Whether it keeps what messages say, or only gives them their places. */
    boolean keepsMessages() {
        return retention.messages() > 0;
    }

    /** Accepts a message that is to have a place and has no key, of which nothing is kept. */
    long acceptUnkept() {
        assert !keepsMessages();
        return ++offset;
    }

    /** Accepts and keeps a message that is to have a place and has no key. */
    long accept(Publication publication, long atMillis) {
        assert publication.keep() && publication.key() == null;
        keep(++offset, publication, atMillis, broker.sinceStart());
        return offset;
    }

    private void keep(long place, Publication publication, long atMillis, long now) {
        lastUse = now;
        MemoryKept current = kept.get();
        if (current == null) {
            current = begin();
        }
        current.add(place, publication, atMillis, now);
    }

    // ---- State

    @Override
    public long version() {
        return state == null ? 0 : state.version();
    }

    @Override
    public void update(StateUpdate update, Broker.UpdateAnswer answer) {
        boolean onlyDeletes = update.set().isEmpty() && update.add().isEmpty();
        if (broker.isFull() && !onlyDeletes) {
            answer.refused(ErrorCode.UNAVAILABLE, "All rooms together keep as much as they may.", version(), Map.of());
            return;
        }
        if (state == null) {
            state = new MemoryState(retention);
            hasKeptAnything = true;
        }
        lastUse = broker.sinceStart();
        state.update(update, answer);
        countState();
    }

    @Override
    public void release(String memberId, Broker.UpdateAnswer answer) {
        if (state == null) {
            answer.unchanged();
        } else {
            state.release(memberId, answer);
            countState();
        }
    }

    @Override
    public void readState(long since, Broker.StateAnswer answer) {
        if (state == null) {
            long known = since == 0 ? 0 : StatePart.WHOLE;
            answer.read(0, new StatePart(known, new LinkedHashMap<>(), new ArrayList<>()));
        } else {
            lastUse = broker.sinceStart();
            answer.read(state.version(), state.since(since));
        }
    }

    private void countState() {
        long now = state == null ? 0 : state.bytes();
        long more = now - countedState;
        countedState = now;
        if (more != 0) {
            broker.count(more);
        }
    }

    /** The log is forgotten, and nobody has it open. */
    void forgetState() {
        state = null;
        countState();
    }

    boolean hasState() {
        return state != null;
    }

    @Override
    public void find(MessageKey key, Broker.KeyAnswer answer) {
        MemoryKept current = kept.get();
        long before = current == null ? MemoryKept.UNKNOWN : current.offsetOf(key, broker.sinceStart());
        if (before == MemoryKept.UNKNOWN) {
            answer.unknown();
        } else {
            answer.found(before);
        }
    }

    private MemoryKept begin() {
        MemoryKept fresh = new MemoryKept(broker, retention);
        hasKeptAnything = true;
        kept.set(fresh);
        broker.keeps(this);
        return fresh;
    }

    @Override
    public void read(HistoryRange range, Broker.ReadAnswer answer) {
        MemoryKept current = kept.get();
        if (current == null) {
            answer.read(List.of(), false);
        } else {
            lastUse = broker.sinceStart();
            current.read(range, lastUse, answer);
        }
    }

    @Override
    public void close() {
        broker.close(this);
    }

    /** Cuts off all that is kept. From any thread. Whether there was anything. */
    boolean giveUp() {
        MemoryKept cut = kept.getAndSet(null);
        if (cut == null) {
            return false;
        }
        cut.giveUp();
        return true;
    }
}
