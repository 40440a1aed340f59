package io.roomcast.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a room of the {@link SmallServer} keeps: its last messages, and which keys have been published. */
final class SmallLog {
    private record Kept(long offset, String entry, int dataBytes) {}

    private final List<Kept> messages = new ArrayList<>();

    /** What each key was answered with: an offset, 0 for none. */
    final Map<String, Long> keys = new HashMap<>();

    long offset;

    boolean hasKeptAnything() {
        return offset > 0 || !keys.isEmpty();
    }

    /** @param said the rest of a message frame behind its offset */
    void keep(String said, String data) {
        messages.add(new Kept(offset, "{\"offset\":" + offset + said + "}", data.getBytes(UTF_8).length));
        while (messages.size() > limit("historyMessages")
                || messages.stream().mapToInt(Kept::dataBytes).sum() > limit("historyBytes")) {
            messages.remove(0);
        }
    }

    private static int limit(String name) {
        return SmallServer.LIMITS.getOrDefault(name, 0);
    }

    /** The reason why nothing can be resumed from there, or "". */
    String refusal(long stood) {
        if (stood > offset) {
            return "future";
        }
        if (offset - stood > limit("resumeMessages")) {
            return "too_many";
        }
        return between(stood, Long.MAX_VALUE).size() < offset - stood ? "trimmed" : "";
    }

    /** The entries behind the one offset and before the other. */
    List<String> between(long after, long before) {
        return messages.stream()
                .filter(message -> message.offset > after && message.offset < before)
                .map(Kept::entry)
                .toList();
    }
}
