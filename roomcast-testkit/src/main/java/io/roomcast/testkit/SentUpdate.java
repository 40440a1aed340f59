package io.roomcast.testkit;

import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A change of the state that somebody asked for, with what the broker has said to it. Values are JSON as it is written. */
final class SentUpdate {
    final long number;

    /** Null for the server. */
    final @Nullable SimulatedClient client;

    final String room;
    final long sentAtStep;
    final Map<String, String> set = new LinkedHashMap<>();
    final List<String> delete = new ArrayList<>();
    final Map<String, String> add = new LinkedHashMap<>();
    final Map<String, Long> ifVersions = new LinkedHashMap<>();
    boolean own;

    // ---- What the broker has said

    /** Whether it has come to the broker. */
    boolean wasOffered;

    /** What it has become, null unless it was accepted. */
    StateModel.@Nullable Change change;

    /** Why it was not, null unless it was refused. */
    @Nullable
    Refused refused;

    /** Whether the broker has failed to decide. */
    boolean failed;

    /**
     * A refusal by the broker.
     *
     * @param version of the state at that moment
     * @param current of a conflict: what the keys are that did not match
     */
    record Refused(StateModel state, ErrorCode code, long version, Map<String, VersionedValue> current) {}

    SentUpdate(long number, @Nullable SimulatedClient client, String room, long sentAtStep) {
        this.number = number;
        this.client = client;
        this.room = room;
        this.sentAtStep = sentAtStep;
    }

    /** All keys that it changes. */
    Stream<String> keys() {
        return Stream.of(set.keySet(), delete, add.keySet()).flatMap(Collection::stream);
    }

    /** By which it is found again: no two of a run are the same. */
    String content() {
        return content(set, delete, add, ifVersions, own);
    }

    static String content(StateUpdate update) {
        return content(update.set(), update.delete(), update.add(), update.ifVersions(), update.own());
    }

    private static String content(
            Map<String, ?> set, List<String> delete, Map<String, ?> add, Map<String, Long> ifVersions, boolean own) {
        return "set " + set + " delete " + delete + " add " + add + " if " + ifVersions + (own ? " own" : "");
    }

    /** As the fields of a request. */
    String fields() {
        return (set.isEmpty() ? "" : ",\"set\":" + object(set))
                + (delete.isEmpty() ? "" : ",\"delete\":" + keys(delete))
                + (add.isEmpty() ? "" : ",\"add\":" + object(add))
                + (ifVersions.isEmpty() ? "" : ",\"if\":" + object(ifVersions))
                + (own ? ",\"own\":true" : number % 5 == 0 ? ",\"own\":false" : "");
    }

    private String object(Map<String, ?> entries) {
        return entries.entrySet().stream()
                .map(entry -> quote(entry.getKey()) + (number % 2 == 0 ? ":" : " : ") + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String keys(List<String> keys) {
        return keys.stream().map(this::quote).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Now and then with an escape that need not be: a key is what it is without. */
    private String quote(String key) {
        String first = number % 3 == 0
                ? "\\u" + Integer.toHexString(0x10000 + key.charAt(0)).substring(1)
                : "";
        String rest = first.isEmpty() ? key : key.substring(1);
        return "\"" + first + rest.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    @Override
    public String toString() {
        return "update " + number + (client == null ? " of the server" : " of " + client);
    }
}
