package io.roomcast.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of a room's state, all of it or nothing:
 * {@code Update.create().set("topic", "Tea").add("visits", 1).delete("draft").ifVersion("topic", 9)}. Immutable.
 *
 * @param set values by key: JSON, or what the client's codec makes JSON of
 * @param delete keys to delete
 * @param add what to add to numbers by key; a key that is not there counts as 0
 * @param own the keys that are set belong to me, and go when I am gone
 * @param ifVersions the versions that keys must have, 0 for a key that must not be there; else it fails with
 *     {@code conflict}
 * @param timeout how long it may take; null for the client's
 */
public record Update(
        Map<String, Object> set,
        List<String> delete,
        Map<String, Number> add,
        boolean own,
        Map<String, Long> ifVersions,
        @Nullable Duration timeout) {

    public Update {
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        delete = List.copyOf(delete);
        add = Collections.unmodifiableMap(new LinkedHashMap<>(add));
        ifVersions = Collections.unmodifiableMap(new LinkedHashMap<>(ifVersions));
    }

    /** Changes nothing yet. */
    public static Update create() {
        return new Update(Map.of(), List.of(), Map.of(), false, Map.of(), null);
    }

    public Update set(String key, Object value) {
        return new Update(and(set, key, value), delete, add, own, ifVersions, timeout);
    }

    public Update delete(String key) {
        List<String> keys = new ArrayList<>(delete);
        keys.add(key);
        return new Update(set, keys, add, own, ifVersions, timeout);
    }

    public Update add(String key, Number number) {
        return new Update(set, delete, and(add, key, number), own, ifVersions, timeout);
    }

    /** Whether the keys that are set are to be mine. */
    public Update own(boolean own) {
        return new Update(set, delete, add, own, ifVersions, timeout);
    }

    /** Only if the key has this version, see {@link RoomState#versionOf}; 0: only if it is not there. */
    public Update ifVersion(String key, long version) {
        return new Update(set, delete, add, own, and(ifVersions, key, version), timeout);
    }

    public Update timeout(Duration timeout) {
        return new Update(set, delete, add, own, ifVersions, timeout);
    }

    private static <V> Map<String, V> and(Map<String, V> map, String key, V value) {
        Map<String, V> more = new LinkedHashMap<>(map);
        more.put(key, value);
        return more;
    }
}
