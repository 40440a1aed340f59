package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a room, by id in the order of joining: list plus news is the list (PROTOCOL.md). */
final class MemberList {
    private final SharedMap<Member> members = new SharedMap<>();

    MemberList(List<Json> entries) {
        Map<String, Member> all = new LinkedHashMap<>();
        toMembers(entries).forEach(member -> all.put(member.id(), member));
        members.replace(0, all);
    }

    static List<Member> toMembers(List<Json> entries) {
        List<Member> members = new ArrayList<>(entries.size());
        for (Json entry : entries) {
            Frame frame = Frame.of(entry, "member");
            members.add(new Member(frame.text("id"), frame.optionalText("user"), frame.get("member")));
        }
        return List.copyOf(members);
    }

    /** As it is now, from any thread. */
    Map<String, Member> view() {
        return members.view();
    }

    int size() {
        return members.size();
    }

    /** Those who left, then those who joined, then those who changed. Tells what is new of it. */
    MembersEvent apply(Frame news) {
        List<String> left = new ArrayList<>();
        for (Json id : news.list("left")) {
            if (id.isText() && members.get(id.text()) != null) {
                left.add(id.text());
            }
        }
        List<Member> joined = toMembers(news.list("joined"));
        List<Member> changed = toMembers(news.list("changed"));
        List<Member> newcomers = new ArrayList<>();
        List<Member> others = new ArrayList<>();
        members.change(0, map -> {
            left.forEach(map::remove);
            for (Member member : joined) {
                Member known = map.get(member.id());
                if (known == null) {
                    newcomers.add(member);
                } else if (!known.equals(member)) {
                    others.add(member);
                }
            }
            joined.forEach(member -> map.put(member.id(), member));
            changed.forEach(member -> map.put(member.id(), member));
        });
        others.addAll(changed);
        return new MembersEvent(List.copyOf(newcomers), List.copyOf(left), List.copyOf(others), news.count("count"));
    }

    /** What has become of one list, as news. Where one of them is not known, only the count. */
    static MembersEvent difference(@Nullable MemberList before, @Nullable MemberList after, int count) {
        if (before == null || after == null) {
            return new MembersEvent(List.of(), List.of(), List.of(), count);
        }
        Map<String, Member> old = before.view();
        Map<String, Member> now = after.view();
        return new MembersEvent(
                now.values().stream().filter(m -> !old.containsKey(m.id())).toList(),
                old.keySet().stream().filter(id -> !now.containsKey(id)).toList(),
                now.values().stream()
                        .filter(m -> old.containsKey(m.id()) && !m.equals(old.get(m.id())))
                        .toList(),
                count);
    }
}
