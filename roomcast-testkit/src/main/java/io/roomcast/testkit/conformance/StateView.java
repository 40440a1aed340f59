package io.roomcast.testkit.conformance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one connection knows about the state of one room: the map it was given, and the changes applied to it, as
 * PROTOCOL.md has it under "A map that is always right".
 */
final class StateView {
    private record Entry(JsonValue value, long version) {}

    private final Map<String, Entry> map = new LinkedHashMap<>();
    private long version;

    /** False where a change came since a version that this connection has not been at. */
    private boolean isWhole = true;

    // ---- Rules for every frame

    /** Holds a {@code state} frame, and the state in a {@code joined} or {@code snapshot}, against the rules. */
    static void check(JsonValue.Obj frame) {
        switch (frame.text("type")) {
            case "state" -> {
                boolean isMerged = frame.field("since").isPresent();
                require(size(frame, "set") + frame.items("delete").size() > 0, "a change of the state", frame);
                require(
                        isMerged == frame.field("versions").isPresent(),
                        "since and versions together or not at all",
                        frame);
                require(!isMerged || frame.field("from").isEmpty(), "no from where changes are merged", frame);
                checkKeys(frame, frame);
                checkVersions(frame, frame, number(frame, "version"));
            }
            case "joined", "snapshot" ->
                part(frame).ifPresent(state -> {
                    require(
                            state.field("set").isPresent()
                                    && state.field("versions").isPresent(),
                            "a state with set and versions",
                            frame);
                    require(
                            state.field("since").isPresent()
                                    || state.field("delete").isEmpty(),
                            "no delete in a whole state",
                            frame);
                    checkKeys(state, frame);
                    checkVersions(state, frame, frame.text("type").equals("joined") ? number(frame, "version") : -1);
                });
            default -> {}
        }
    }

    private static void checkKeys(JsonValue.Obj part, JsonValue.Obj frame) {
        List<String> keys = new ArrayList<>(keys(part, "set"));
        part.items("delete").forEach(key -> keys.add(((JsonValue.Str) key).value()));
        require(new HashSet<>(keys).size() == keys.size(), "each key of the state once", frame);
    }

    /** @param at the version of the state, -1 where the frame does not say it */
    private static void checkVersions(JsonValue.Obj part, JsonValue.Obj frame, long at) {
        if (part.field("versions").orElse(null) instanceof JsonValue.Obj versions) {
            Set<String> keys = Set.copyOf(keys(part, "set"));
            require(keys.equals(Set.copyOf(keys(part, "versions"))), "a version for each key in set", frame);
            long since = part.field("since").isPresent() ? number(part, "since") : 0;
            for (JsonValue.Field field : versions.fields()) {
                long written = number(versions, field.name());
                require(
                        written > since && (at < 0 || written <= at),
                        "versions behind since, up to that of the state",
                        frame);
            }
        }
    }

    // ---- What is known

    /** Takes the state of a {@code joined}: all of it, or what has changed since an earlier one. */
    static @Nullable StateView joined(JsonValue.Obj join, JsonValue.Obj joined, @Nullable StateView before) {
        String asked = join.field("state").map(JsonValue::raw).orElse("");
        Optional<JsonValue.Obj> given = part(joined);
        require(!asked.equals("true") || given.isPresent(), "the state, as the join asked for it", joined);
        require(!asked.equals("false") || given.isEmpty(), "no state, as the join wanted none", joined);
        if (given.isEmpty()) {
            return null;
        }
        JsonValue.Obj state = given.get();
        StateView view = new StateView();
        if (state.field("since").isPresent()) {
            long since = number(state, "since");
            boolean resumed =
                    joined.field("resumed").map(JsonValue::raw).orElse("").equals("true");
            require(resumed, "a change of the state only where something was resumed", joined);
            long stood = join.field("resume").orElse(join) instanceof JsonValue.Obj position
                    ? number(position, "version")
                    : -1;
            require(since == stood, "what has changed since the version that was given", joined);
            view.isWhole = since == 0 || (before != null && before.isWhole && before.version == since);
            if (before != null) {
                view.map.putAll(before.map);
            }
        }
        view.apply(state, 0);
        view.version = number(joined, "version");
        return view;
    }

    /** Takes a page of what the {@code joined} began. */
    void page(JsonValue.Obj snapshot) {
        apply(part(snapshot).orElseThrow(() -> new ConversationFailure("a page of the state", snapshot.raw())), 0);
    }

    /** Takes a change, which has to follow what is known. */
    void change(JsonValue.Obj frame) {
        long follows = frame.field("since").isPresent() ? number(frame, "since") : number(frame, "version") - 1;
        require(follows == version, "a change that follows version " + version, frame);
        version = number(frame, "version");
        require(version > follows, "a later version", frame);
        apply(frame, version);
    }

    private void apply(JsonValue.Obj part, long written) {
        part.items("delete").forEach(key -> map.remove(((JsonValue.Str) key).value()));
        if (part.field("set").orElse(null) instanceof JsonValue.Obj set) {
            for (JsonValue.Field field : set.fields()) {
                long at = part.field("versions").orElse(null) instanceof JsonValue.Obj versions
                        ? number(versions, field.name())
                        : written;
                map.put(field.name(), new Entry(field.value(), at));
            }
        }
    }

    /** The first difference to what somebody else knows, to the last character; or "". */
    String difference(StateView other) {
        if (!isWhole || !other.isWhole) {
            return "";
        }
        if (version != other.version) {
            return "version " + version + " and version " + other.version;
        }
        return text().equals(other.text()) ? "" : text() + " and " + other.text();
    }

    private String text() {
        List<String> entries = new ArrayList<>();
        map.forEach((key, entry) ->
                entries.add(JsonValue.quote(key) + ":" + entry.value.raw() + " of version " + entry.version));
        entries.sort(String::compareTo);
        return entries.toString();
    }

    private static Optional<JsonValue.Obj> part(JsonValue.Obj frame) {
        return frame.field("state").map(state -> {
            require(state instanceof JsonValue.Obj, "a state that is an object", frame);
            return (JsonValue.Obj) state;
        });
    }

    private static List<String> keys(JsonValue.Obj part, String name) {
        return part.field(name).orElse(null) instanceof JsonValue.Obj object
                ? object.fields().stream().map(JsonValue.Field::name).toList()
                : List.of();
    }

    private static int size(JsonValue.Obj part, String name) {
        return keys(part, name).size();
    }

    private static long number(JsonValue.Obj object, String name) {
        return object.field(name).orElse(object) instanceof JsonValue.Num number && number.isInteger()
                ? number.value().longValue()
                : 0;
    }

    private static void require(boolean holds, String rule, JsonValue.Obj frame) {
        if (!holds) {
            throw new ConversationFailure(rule, frame.raw());
        }
    }
}
