package io.roomcast.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One client's copy of a room's state, kept by the few lines of PROTOCOL.md, "A map that is always right", and by nothing
 * else: it shares no code with the server.
 */
final class StateView {
    /** @param value as JSON */
    record Entry(String value, long version) {}

    private final BiConsumer<String, Entry> written;
    private final Map<String, Entry> map = new HashMap<>();
    private long version;
    /** The version that it will have with the last page. */
    private long target;

    private boolean paging;
    /** Of all entries, in any order. */
    private long digest;

    /** @param written hears of each value that comes, also of one that it has already */
    StateView(BiConsumer<String, Entry> written) {
        this.written = written;
    }

    Map<String, Entry> map() {
        return map;
    }

    long version() {
        return version;
    }

    /** Equal for equal maps, and as good as never for others; what is compared at every version. */
    long digest() {
        return digest;
    }

    /** Further pages have to come before anything else of the room. */
    boolean isPaging() {
        return paging;
    }

    /** The connection is gone; what it has of some pages is worth nothing by itself. */
    void disconnected() {
        paging = false;
    }

    void joined(JsonNode frame) {
        target = frame.path("version").asLong();
        if (!frame.path("state").has("since")) {
            map.clear();
            digest = 0;
            version = 0;
        }
        snapshot(frame);
    }

    void snapshot(JsonNode frame) {
        apply(frame.path("state"), 0);
        paging = frame.path("more").asBoolean(false);
        if (!paging) {
            version = target;
        }
    }

    /** Takes it in any case; whether it follows what was there, and if not there is a hole, or something came twice. */
    boolean state(JsonNode frame) {
        long to = frame.path("version").asLong();
        long after = frame.has("since") ? frame.path("since").asLong() : to - 1;
        boolean follows = after == version && to > after;
        apply(frame, to);
        version = to;
        return follows;
    }

    private void apply(JsonNode part, long oneVersion) {
        for (JsonNode key : part.path("delete")) {
            digest ^= digest(key.asString(), map.remove(key.asString()));
        }
        JsonNode versions = part.path("versions");
        part.path("set").properties().forEach(field -> {
            String key = field.getKey();
            long at = versions.isMissingNode() ? oneVersion : versions.path(key).asLong();
            Entry entry = new Entry(field.getValue().toString(), at);
            digest ^= digest(key, map.put(key, entry)) ^ digest(key, entry);
            written.accept(key, entry);
        });
    }

    private static long digest(String key, @Nullable Entry entry) {
        if (entry == null) {
            return 0;
        }
        long mixed = key.hashCode() + 31L * entry.value.hashCode() + 0x9E3779B97F4A7C15L * entry.version;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
