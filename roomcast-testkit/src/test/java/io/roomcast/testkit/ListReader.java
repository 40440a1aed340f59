package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client's part as PROTOCOL.md has it under "A member list that is always right", and no more. */
final class ListReader {
    private static final JsonMapper JSON = new JsonMapper();

    /** By id, null while there is none. */
    private @Nullable Map<String, JsonNode> list;

    private int count;

    /** Whether pages of a cut are still to come. */
    private boolean more;

    /** Takes these frames, which are of one room and may hold other things. What kinds of frames there were. */
    List<String> take(List<String> frames) {
        List<String> kinds = new ArrayList<>();
        for (String text : frames) {
            JsonNode frame = JSON.readTree(text);
            String type = frame.path("type").asString("");
            assertThat(more && !type.equals("snapshot"))
                    .as("between pages comes " + text)
                    .isFalse();
            switch (type) {
                case "joined" -> joined(frame);
                case "snapshot" -> {
                    put(frame.path("members"));
                    more = frame.path("more").asBoolean();
                }
                case "members" -> {
                    if (!frame.has("members")) {
                        news(frame);
                    }
                }
                default -> {}
            }
            if (list != null && !more) {
                assertThat(list).as("behind " + text).hasSize(count);
            }
            kinds.add(kind(type, frame));
        }
        return kinds;
    }

    private void joined(JsonNode frame) {
        count = frame.path("count").asInt();
        more = frame.path("more").asBoolean(false);
        list = frame.has("members") ? new LinkedHashMap<>() : null;
        put(frame.path("members"));
    }

    private void news(JsonNode frame) {
        count = frame.path("count").asInt();
        if (!frame.has("joined") && !frame.has("left") && !frame.has("changed")) {
            list = null;
        }
        assertThat(list != null || !hasNames(frame))
                .as("names for who has no list: " + frame)
                .isTrue();
        if (list != null) {
            frame.path("left").forEach(id -> remove(id.asString()));
            put(frame.path("joined"));
            put(frame.path("changed"));
        }
    }

    private static boolean hasNames(JsonNode news) {
        return news.has("joined") || news.has("left") || news.has("changed");
    }

    private void remove(String id) {
        if (list != null) {
            list.remove(id);
        }
    }

    private void put(JsonNode entries) {
        for (JsonNode entry : entries) {
            if (list != null) {
                list.put(entry.path("id").asString(), entry);
            }
        }
    }

    /** Of news, whether it has names; of pages, what of. */
    private static String kind(String type, JsonNode frame) {
        return switch (type) {
            case "members" -> frame.has("members") ? "reply" : hasNames(frame) ? "names" : "count";
            case "snapshot" -> frame.has("members") ? "page of members" : "page of state";
            case "joined" -> frame.has("members") ? "joined with list" : "joined";
            default -> type;
        };
    }

    boolean hasList() {
        return list != null;
    }

    List<String> ids() {
        return list == null ? List.of() : List.copyOf(list.keySet());
    }

    int count() {
        return count;
    }
}
