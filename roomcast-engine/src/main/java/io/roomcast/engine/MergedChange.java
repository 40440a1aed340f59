package io.roomcast.engine;

import io.roomcast.engine.spi.StateChange;
import io.roomcast.protocol.ServerMessage;
import io.roomcast.protocol.ServerMessage.StatePart;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several changes of a room's state, one right behind the other, as one: what is written last counts. What came and went
 * in between is not named, so it is as large as the state then and now, however many changes there are. Not thread-safe.
 */
final class MergedChange {
    /** The version that the first of them follows; {@link StatePart#WHOLE} if this began as a state. */
    private final long since;

    private long version;
    private final Map<String, VersionedValue> set;
    private final Set<String> delete;

    /** Keys of {@link #set} that were not there at {@link #since}: nobody has to be told when they go again. */
    private final Set<String> born;

    /** Keys of {@link #delete} that were not there: named because the only change has named them. */
    private final Set<String> neverThere;

    /** The author of the only change, null if there are several. */
    private @Nullable String from;

    private int changes;

    /** A state, or what has changed since another, which changes are added to. */
    MergedChange(long version, StatePart part) {
        this.since = part.since();
        this.version = version;
        this.set = new LinkedHashMap<>(part.set());
        this.delete = new LinkedHashSet<>(part.delete());
        this.born = new HashSet<>();
        this.neverThere = new HashSet<>();
        this.changes = 2;
    }

    /** One change, which more are added to. */
    MergedChange(StateChange first, @Nullable String from) {
        this.since = first.version() - 1;
        this.version = first.version();
        this.set = new LinkedHashMap<>(first.set());
        this.delete = new LinkedHashSet<>(first.delete());
        this.born = new HashSet<>(first.absent());
        this.born.retainAll(set.keySet());
        this.neverThere = new HashSet<>(first.absent());
        this.neverThere.retainAll(delete);
        this.from = from;
        this.changes = 1;
    }

    /** The same changes, which more are added to. */
    MergedChange(MergedChange other) {
        this.since = other.since;
        this.version = other.version;
        this.set = new LinkedHashMap<>(other.set);
        this.delete = new LinkedHashSet<>(other.delete);
        this.born = new HashSet<>(other.born);
        this.neverThere = new HashSet<>(other.neverThere);
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
        add(next.set(), next.delete(), next.absent());
    }

    void add(MergedChange next) {
        assert next.since == version : "changes are merged without a hole";
        version = next.version;
        Set<String> absent = new HashSet<>(next.born);
        absent.addAll(next.neverThere);
        add(next.set, next.delete, absent);
    }

    /** @param absent keys of these that were not there right before */
    private void add(Map<String, VersionedValue> nextSet, Iterable<String> nextDelete, Set<String> absent) {
        delete.removeAll(neverThere);
        neverThere.clear();
        @Nullable String last = null;
        nextSet.forEach((key, value) -> {
            if (absent.contains(key) && !delete.contains(key)) {
                born.add(key);
            }
            // To the end, so that whoever writes a key last stands last.
            set.remove(key);
            set.put(key, value);
            delete.remove(key);
        });
        for (String key : nextDelete) {
            set.remove(key);
            boolean wasThere = !born.remove(key) && !absent.contains(key);
            if (since != StatePart.WHOLE && wasThere) {
                delete.add(key);
            }
            last = key;
        }
        if (set.isEmpty() && delete.isEmpty() && since != StatePart.WHOLE && last != null) {
            // All of it has come to nothing; a frame names a key nevertheless, whoever has not got it ignores that.
            delete.add(last);
            neverThere.add(last);
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
