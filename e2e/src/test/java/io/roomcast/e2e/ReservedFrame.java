package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The frames of protocol version 1 that no server sends yet: which fields each has, and which it may have. */
record ReservedFrame(Set<String> always, Set<String> sometimes) {
    private static final Map<String, ReservedFrame> BY_TYPE =
            Map.ofEntries(shape("authenticated", "user expiresAt", "id"));

    private static Map.Entry<String, ReservedFrame> shape(String type, String always, String sometimes) {
        return Map.entry(type, new ReservedFrame(words(always), words(sometimes)));
    }

    private static Set<String> words(String text) {
        return new TreeSet<>(text.isEmpty() ? List.of() : List.of(text.split(" ", -1)));
    }

    static Set<String> types() {
        return BY_TYPE.keySet();
    }

    /** Whether it is none that a server sends. */
    static boolean isReserved(JsonNode frame) {
        return BY_TYPE.containsKey(frame.get("type").stringValue());
    }

    /** Fails unless the frame begins with a reserved type, and has all the fields it must have and none that it may not. */
    static void check(JsonNode frame) {
        List<String> fields = new ArrayList<>(frame.propertyNames());
        assertThat(fields.remove(0)).isEqualTo("type");
        String type = frame.get("type").stringValue();
        ReservedFrame shape = Objects.requireNonNull(BY_TYPE.get(type), type);
        assertThat(fields).containsAll(shape.always);
        fields.removeAll(shape.always);
        assertThat(shape.sometimes).as("optional fields of " + type).containsAll(fields);
    }
}
