package io.roomcast.engine;

import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to change in a room's state, all of it together or nothing: {@code new StateEdit().set("score", json).add("hits",
 * 1)}. Filled by one thread, then given to {@link SharedState#update}. A key may be named once.
 */
public final class StateEdit {
    private final Map<String, Json> set = new LinkedHashMap<>();
    private final List<String> delete = new ArrayList<>();
    private final Map<String, Json> add = new LinkedHashMap<>();
    private final Map<String, Long> ifVersions = new LinkedHashMap<>();

    public StateEdit() {}

    /** Writes a value. */
    public StateEdit set(String key, Json value) {
        check(key);
        set.put(key, value);
        return this;
    }

    /** Takes a key away. */
    public StateEdit delete(String key) {
        check(key);
        delete.add(key);
        return this;
    }

    /** Adds to a number; a key that is not there counts as 0. */
    public StateEdit add(String key, long number) {
        return add(key, BigDecimal.valueOf(number));
    }

    /** Adds to a number; a key that is not there counts as 0. */
    public StateEdit add(String key, BigDecimal number) {
        check(key);
        add.put(key, Json.of(number.toString()));
        return this;
    }

    /** Nothing happens unless this key has this version; 0: unless there is no such key. */
    public StateEdit ifVersion(String key, long version) {
        ifVersions.put(key, version);
        return this;
    }

    private void check(String key) {
        if (key.isEmpty() || set.containsKey(key) || add.containsKey(key) || delete.contains(key)) {
            throw new IllegalArgumentException("A key is not empty, and named once in an edit: \"" + key + "\"");
        }
    }

    StateUpdate toUpdate() {
        if (set.isEmpty() && delete.isEmpty() && add.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to change: set, delete or add something");
        }
        return new StateUpdate(null, set, delete, add, ifVersions, false);
    }
}
