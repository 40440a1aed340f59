package io.roomcast.types;

import io.roomcast.engine.StateEdit;
import io.roomcast.protocol.Json;
import java.math.BigDecimal;

/**
 * What is to change in the state of a typed room, all of it together or nothing. Filled by one thread. What does not fit the
 * room's type throws an IllegalArgumentException.
 */
public final class TypedEdit {
    private final RoomType type;
    private final StateEdit edit = new StateEdit();

    TypedEdit(RoomType type) {
        this.type = type;
    }

    /** Writes a value. */
    public TypedEdit set(String key, Object value) {
        edit.set(key, type.value(key, value));
        return this;
    }

    /** Takes a key away. */
    public TypedEdit delete(String key) {
        type.key(key);
        edit.delete(key);
        return this;
    }

    /** Adds to a number; a key that is not there counts as 0. */
    public TypedEdit add(String key, long number) {
        return add(key, BigDecimal.valueOf(number));
    }

    /** Adds to a number; a key that is not there counts as 0. */
    public TypedEdit add(String key, BigDecimal number) {
        type.checkAddable(key, Json.of(number.toString()));
        edit.add(key, number);
        return this;
    }

    /** Nothing happens unless this key has this version; 0: unless there is no such key. */
    public TypedEdit ifVersion(String key, long version) {
        edit.ifVersion(key, version);
        return this;
    }

    StateEdit untyped() {
        return edit;
    }
}
