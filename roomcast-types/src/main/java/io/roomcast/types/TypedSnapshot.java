package io.roomcast.types;

import io.roomcast.engine.NamePattern;
import io.roomcast.engine.SharedState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The state of a typed room at one instant. Immutable. */
public final class TypedSnapshot {
    private final RoomType type;
    private final SharedState.Snapshot state;

    TypedSnapshot(RoomType type, SharedState.Snapshot state) {
        this.type = type;
        this.state = state;
    }

    /** Of the last change. */
    public long version() {
        return state.version();
    }

    /** The version that last wrote this key, 0 if there is no such key: what {@link TypedEdit#ifVersion} wants. */
    public long version(String key) {
        return state.version(key);
    }

    /**
     * The value of this key, empty if it is not there.
     *
     * @param as the type with which the key was declared
     * @throws IllegalArgumentException if the key is not of this type, or its value is not, which only the server itself
     *     can have written, past the type
     */
    public <T> Optional<T> value(String key, Class<T> as) {
        Content content = type.key(key);
        if (Content.boxed(content.type()) != Content.boxed(as)) {
            throw new IllegalArgumentException(Shown.quoted(key) + " is a "
                    + content.type().getSimpleName() + ", and cannot be read as a " + as.getSimpleName());
        }
        return state.value(key).map(json -> Content.boxed(as).cast(content.read(json, key)));
    }

    /** The values of all keys that match the pattern, by key, as {@link #value} reads them. */
    public <T> Map<String, T> values(String pattern, Class<T> as) {
        NamePattern keys = NamePattern.of(pattern);
        Map<String, T> values = new LinkedHashMap<>();
        for (String key : state.values().keySet()) {
            if (keys.matches(key)) {
                value(key, as).ifPresent(value -> values.put(key, value));
            }
        }
        return values;
    }
}
