package io.roomcast.engine;

import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What holds for the rooms whose id matches a pattern. Of several templates the first that matches counts.
 *
 * @param pattern the whole id, where {@code *} stands for any number of characters
 * @param slowConsumer what happens to members that do not read fast enough
 * @param limits the server's limits, or these with some of {@link #LIMITS} made stricter
 */
public record RoomTemplate(String pattern, SlowConsumer slowConsumer, Limits limits) {
    /** The limits that a template may set: those that are held in the room. */
    public static final Set<Limit> LIMITS = Collections.unmodifiableSet(EnumSet.of(
            Limit.MEMBERS_PER_ROOM,
            Limit.MEMBER_BYTES,
            Limit.DATA_BYTES,
            Limit.HISTORY_MESSAGES,
            Limit.HISTORY_BYTES,
            Limit.HISTORY_AGE_MS,
            Limit.RESUME_MESSAGES));

    /** The template of the rooms that no other matches. */
    static RoomTemplate standard(Limits limits) {
        return new RoomTemplate("*", SlowConsumer.DISCONNECT, limits);
    }

    /** Whether the id matches the pattern; in time linear in both for all patterns with one star. */
    boolean matches(String id) {
        List<String> parts = parts();
        String first = parts.get(0);
        String last = parts.get(parts.size() - 1);
        if (parts.size() == 1) {
            return id.equals(first);
        }
        if (!id.startsWith(first) || !id.endsWith(last) || id.length() < first.length() + last.length()) {
            return false;
        }
        int from = first.length();
        int end = id.length() - last.length();
        for (String part : parts.subList(1, parts.size() - 1)) {
            int found = id.indexOf(part, from);
            if (found < 0 || found + part.length() > end) {
                return false;
            }
            from = found + part.length();
        }
        return true;
    }

    private List<String> parts() {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int star = pattern.indexOf('*'); star >= 0; star = pattern.indexOf('*', from)) {
            parts.add(pattern.substring(from, star));
            from = star + 1;
        }
        parts.add(pattern.substring(from));
        return parts;
    }
}
