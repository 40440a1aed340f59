package io.roomcast.server;

import io.roomcast.client.Member;
import io.roomcast.client.MembersEvent;
import io.roomcast.protocol.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the members of a room are called to a person: by the user that the server vouches for, else by the name that they tell,
 * else by their id. As many as the server lists. Of the thread that tells events.
 */
final class Names {
    private final Map<String, String> names = new HashMap<>();

    /** How many go by each name. */
    private final Map<String, Integer> bearers = new HashMap<>();

    void add(Collection<Member> members) {
        members.forEach(this::put);
    }

    /** Those who came and have changed; those who left keep their names until {@link #forget}. */
    void add(MembersEvent event) {
        add(event.joined());
        add(event.changed());
    }

    void forget(Collection<String> ids) {
        ids.forEach(this::remove);
    }

    private void put(Member member) {
        remove(member.id());
        String name = nameOf(member);
        if (name != null) {
            names.put(member.id(), name);
            bearers.merge(name, 1, Integer::sum);
        }
    }

    private void remove(String id) {
        String name = names.remove(id);
        if (name != null) {
            bearers.computeIfPresent(name, (known, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Who this is; with the id where that is needed to tell two apart. */
    String of(String id) {
        String name = names.get(id);
        if (name == null) {
            return PlainText.name(id);
        }
        return bearers.getOrDefault(name, 0) > 1 ? withId(name, id) : name;
    }

    /** Name and id, for whoever wants to write to them. */
    String inFull(String id) {
        String name = names.get(id);
        return name == null ? PlainText.name(id) : withId(name, id);
    }

    /** Whoever sent a message, who may have left. */
    String of(@Nullable String id, @Nullable String user) {
        if (id == null) {
            return "(server)";
        }
        return user != null && !names.containsKey(id) ? PlainText.name(user) : of(id);
    }

    private static String withId(String name, String id) {
        return name + " (" + PlainText.name(id) + ")";
    }

    private static @Nullable String nameOf(Member member) {
        if (member.user() != null) {
            return PlainText.name(member.user());
        }
        Json told = member.member();
        Json name = told == null || !told.isObject() ? null : told.fields().get("name");
        return name == null || !name.isText() || name.text().isBlank()
                ? null
                : PlainText.name(Objects.requireNonNull(name).text().strip());
    }
}
