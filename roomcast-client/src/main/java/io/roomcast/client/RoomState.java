package io.roomcast.client;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A room's state as it is now: a map from key to JSON that all its members have alike, right behind every frame. Read-only;
 * {@link Room#update} changes it. From any thread; a listener may find it further on than the event that it was told.
 */
public final class RoomState {
    private final SharedMap<VersionedValue> values = new SharedMap<>();
    private final Codec codec;

    // Of the loop.

    private final Map<String, Listeners<Optional<Json>>> listeners = new LinkedHashMap<>();

    RoomState(Codec codec) {
        this.codec = codec;
    }

    /** How often the room's state has changed. */
    public long version() {
        return values.version();
    }

    /** How many keys there are. */
    public int size() {
        return values.size();
    }

    /** The key's value, if it is there. */
    public Optional<Json> get(String key) {
        return Optional.ofNullable(values.get(key)).map(VersionedValue::value);
    }

    /**
     * The key's value as a Java type, by the client's codec.
     *
     * @throws RoomcastException {@code bad_data}, if it does not fit
     */
    public <T> Optional<T> get(String key, Class<T> type) {
        return get(key).map(json -> Typed.read(codec, json, type));
    }

    /** The room's version that wrote this key, 0 if it is not there: for {@link Update#ifVersion}. */
    public long versionOf(String key) {
        VersionedValue value = values.get(key);
        return value == null ? 0 : value.version();
    }

    /** All of it at one instant, with the versions of the keys; what is returned does not change. */
    public Map<String, VersionedValue> snapshot() {
        return values.view();
    }

    @Override
    public String toString() {
        return "RoomState version " + version() + " " + snapshot();
    }

    // ---- For the room, in the loop

    /** Tells the value now, and after each change. */
    void listen(String key, Listeners.Listener<Optional<Json>> listener, Deliveries deliveries) {
        listeners.computeIfAbsent(key, any -> new Listeners<>(deliveries)).add(listener);
        Optional<Json> now = get(key);
        deliveries.event(() -> listener.tell(now));
    }

    /** Takes the pages of a change, or of all there is, which then takes the place of what was known. */
    List<StateChange> apply(List<Frame> parts, long version, boolean isWhole) {
        List<Part> read = new ArrayList<>();
        for (Frame part : parts) {
            read.add(Part.of(part));
        }
        Map<String, StateChange> changes = new LinkedHashMap<>();
        if (isWhole) {
            Map<String, VersionedValue> all = new LinkedHashMap<>();
            for (Part part : read) {
                part.set.forEach((key, value) ->
                        all.put(key, new VersionedValue(part.versions.getOrDefault(key, version), value)));
            }
            Map<String, VersionedValue> before = values.view();
            values.replace(version, all);
            all.forEach((key, value) -> {
                if (!value.equals(before.get(key))) {
                    changes.put(key, new StateChange(key, value.value(), value.version()));
                }
            });
            before.keySet().stream()
                    .filter(key -> !all.containsKey(key))
                    .forEach(key -> changes.put(key, new StateChange(key, null, version)));
        } else {
            values.change(version, map -> read.forEach(part -> change(map, part, version, changes)));
        }
        return List.copyOf(changes.values());
    }

    private static void change(
            Map<String, VersionedValue> map, Part part, long version, Map<String, StateChange> changes) {
        for (String key : part.delete) {
            if (map.remove(key) != null) {
                changes.put(key, new StateChange(key, null, version));
            }
        }
        part.set.forEach((key, value) -> {
            long keyVersion = part.versions.getOrDefault(key, version);
            map.put(key, new VersionedValue(keyVersion, value));
            changes.put(key, new StateChange(key, value, keyVersion));
        });
    }

    /** Tells those who wait for single keys. */
    void tell(List<StateChange> changes) {
        for (StateChange change : changes) {
            Listeners<Optional<Json>> waiting = listeners.get(change.key());
            if (waiting != null) {
                waiting.tell(Optional.ofNullable(change.value()));
            }
        }
    }

    /** A page, found to be one before anything is changed. */
    private record Part(Map<String, Json> set, List<String> delete, Map<String, Long> versions) {
        static Part of(Frame frame) {
            List<String> delete = new ArrayList<>();
            for (Json key : frame.list("delete")) {
                if (!key.isText()) {
                    throw Frame.bad("deletes what is no key");
                }
                delete.add(key.text());
            }
            return new Part(frame.object("set").fields(), delete, frame.integers("versions"));
        }
    }
}
