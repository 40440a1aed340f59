package io.roomcast.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A map that the loop changes and any thread looks at. What is looked at as a whole never changes: it is copied before the
 * next change, and only then.
 */
final class SharedMap<V> {
    /** Changed by the loop only; guarded by this, as what follows. */
    private LinkedHashMap<String, V> map = new LinkedHashMap<>();

    /** Somebody may be looking at {@link #map}. */
    private boolean isShared;

    private long version;

    /** As it is now; what is returned does not change. */
    synchronized Map<String, V> view() {
        isShared = true;
        return Collections.unmodifiableMap(map);
    }

    synchronized @Nullable V get(String key) {
        return map.get(key);
    }

    synchronized int size() {
        return map.size();
    }

    /** A number that goes with what is in it. */
    synchronized long version() {
        return version;
    }

    /** In one step for who looks. */
    synchronized void change(long version, Consumer<Map<String, V>> change) {
        if (isShared) {
            map = new LinkedHashMap<>(map);
            isShared = false;
        }
        change.accept(map);
        this.version = version;
    }

    /** Takes another map in its place, in one step for who looks. */
    synchronized void replace(long version, Map<String, V> other) {
        map = new LinkedHashMap<>(other);
        isShared = false;
        this.version = version;
    }
}
