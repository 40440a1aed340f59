package io.roomcast.engine;

import io.roomcast.engine.spi.StateChange;
import io.roomcast.protocol.ServerMessage;
import io.roomcast.protocol.ServerMessage.StatePart;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several changes of a room's state, one right behind the other, as one: what is written last counts. As large as the
 * state at the most, however many changes there are. Not thread-safe.
 */
final class MergedChange {
    /** The version that the first of them follows; {@link StatePart#WHOLE} if this began as a state. */
    private final long since;

    private long version;
    private final Map<String, VersionedValue> set;
    private final Set<String> delete;

    /** The author of the only change, null if there are several. */
    private @Nullable String from;

    private int changes;

    /** A state, or what has changed since another, which changes are added to. */
    MergedChange(long version, StatePart part) {
        this.since = part.since();
        this.version = version;
        this.set = new LinkedHashMap<>(part.set());
        this.delete = new LinkedHashSet<>(part.delete());
        this.changes = 2;
    }

    /** One change, which more are added to. */
    MergedChange(StateChange first, @Nullable String from) {
        this.since = first.version() - 1;
        this.version = first.version();
        this.set = new LinkedHashMap<>(first.set());
        this.delete = new LinkedHashSet<>(first.delete());
        this.from = from;
        this.changes = 1;
    }

    /** The same changes, which more are added to. */
    MergedChange(MergedChange other) {
        this.since = other.since;
        this.version = other.version;
        this.set = new LinkedHashMap<>(other.set);
        this.delete = new LinkedHashSet<>(other.delete);
        this.from = other.from;
        this.changes = other.changes;
    }

    long since() {
        return since;
    }

    long version() {
        return version;
    }

    void add(StateChange next) {
        assert next.version() == version + 1 : "changes are merged without a hole";
        version = next.version();
        add(next.set(), next.delete());
    }

    void add(MergedChange next) {
        assert next.since == version : "changes are merged without a hole";
        version = next.version;
        add(next.set, next.delete);
    }

    private void add(Map<String, VersionedValue> nextSet, Iterable<String> nextDelete) {
        nextSet.forEach((key, value) -> {
            // To the end, so that whoever writes a key last stands last.
            set.remove(key);
            set.put(key, value);
            delete.remove(key);
        });
        for (String key : nextDelete) {
            set.remove(key);
            if (since != StatePart.WHOLE) {
                delete.add(key);
            }
        }
        from = null;
        changes++;
    }

    /** As a joined frame has it. */
    StatePart part() {
        return new StatePart(since, set, new ArrayList<>(delete));
    }

    /** As members see it. */
    ServerMessage.State frame(String room) {
        long follows = changes == 1 ? StatePart.WHOLE : since;
        return new ServerMessage.State(room, version, follows, set, new ArrayList<>(delete), from);
    }
}
