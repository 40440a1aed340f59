package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Which fields each frame of the server has, and which it may have: the tables of PROTOCOL.md for machines. */
record ServerFrameShape(Set<String> always, Set<String> sometimes) {
    private static final Map<String, ServerFrameShape> BY_TYPE = Map.ofEntries(
            shape("welcome", "connection protocol heartbeatMs limits", ""),
            shape("joined", "room memberId epoch offset version count", "id members"),
            shape("left", "room", "id reason"),
            shape("published", "room", "id offset"),
            shape("message", "room at data", "offset from user event to"),
            shape("ok", "room id", ""),
            shape("members", "room count", "id members more joined left changed"),
            shape("pong", "", "id"),
            shape("closing", "retryAfterMs", ""),
            shape("error", "code message", "id request room retryAfterMs"),
            shape("authenticated", "user expiresAt", "id"),
            shape("session", "session graceMs restored rooms", "id"),
            shape("updated", "room version", "id values"),
            shape("state", "room version", "set delete from since versions"),
            shape("history", "room epoch messages more", "id"),
            shape("snapshot", "room more", "members state"),
            shape("gap", "room after before", ""));

    private static Map.Entry<String, ServerFrameShape> shape(String type, String always, String sometimes) {
        return Map.entry(type, new ServerFrameShape(words(always), words(sometimes)));
    }

    private static Set<String> words(String text) {
        return new TreeSet<>(text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1)));
    }

    static Set<String> types() {
        return BY_TYPE.keySet();
    }

    /** Fails unless the frame has a known type, first, then all the fields it must have and none that it may not. */
    static void check(JsonNode frame) {
        List<String> fields = new ArrayList<>(frame.propertyNames());
        assertThat(fields).first().isEqualTo("type");
        String type = frame.get("type").stringValue();
        assertThat(BY_TYPE).containsKey(type);
        ServerFrameShape shape = BY_TYPE.get(type);
        fields.remove("type");
        assertThat(fields).containsAll(shape.always);
        fields.removeAll(shape.always);
        assertThat(shape.sometimes).as("optional fields of " + type).containsAll(fields);
    }
}
