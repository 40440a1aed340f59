package io.roomcast.engine;

import io.roomcast.protocol.MemberEntry;
import io.roomcast.protocol.ServerMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gathers who came, went and changed in a room, and sends it together: at the latest after the interval, at once when
 * {@value #MOST} joins have gathered. Written on the room's home lane only.
 *
 * <p>What is sent together is applied as left, then joined, then changed, so: who came and went within the interval is
 * only named as left (a list in between may have named it), and an entry tells what holds when it is sent. A member that
 * joined within the interval is <i>fresh</i>: it gets a frame of its own, in which its own join does not stand, or none if
 * its list was taken after everything that is to tell.
 */
final class News {
    private static final int MOST = 256;

    private final LiveRoom room;
    private final long intervalMillis;
    private final Map<Long, Membership> joined = new LinkedHashMap<>();
    private final Set<Long> left = new LinkedHashSet<>();
    private final Map<Long, Membership> changed = new LinkedHashMap<>();
    private long events;
    private boolean planned;

    News(LiveRoom room, long intervalMillis) {
        this.room = room;
        this.intervalMillis = intervalMillis;
    }

    /** How much has happened to the list since the room's birth. */
    long events() {
        return events;
    }

    void joined(Membership member) {
        joined.put(member.number, member);
        happened();
    }

    void left(Membership member) {
        joined.remove(member.number);
        changed.remove(member.number);
        left.add(member.number);
        happened();
    }

    void changed(Membership member) {
        changed.put(member.number, member);
        happened();
    }

    private void happened() {
        events++;
        if (joined.size() >= MOST) {
            tell();
        } else if (!planned) {
            planned = true;
            room.turn.lane.executeAfter(this::intervalIsOver, intervalMillis);
        }
    }

    private void intervalIsOver() {
        planned = false;
        tell();
    }

    private void tell() {
        if (joined.isEmpty() && left.isEmpty() && changed.isEmpty()) {
            return;
        }
        List<MemberEntry> whoJoined = entries(joined.values());
        List<String> whoLeft = left.stream().map(Ids::member).toList();
        List<MemberEntry> whoChanged = new ArrayList<>();
        changed.forEach((number, member) -> {
            if (!joined.containsKey(number)) {
                whoChanged.add(member.entry());
            }
        });
        boolean counts = !joined.isEmpty() || !left.isEmpty();
        ServerMessage.MembersNews list =
                new ServerMessage.MembersNews(room.id, whoJoined, whoLeft, whoChanged, room.size());
        room.tellNews(
                list, counts ? new ServerMessage.CountNews(room.id, room.size()) : null, List.copyOf(joined.values()));
        joined.clear();
        left.clear();
        changed.clear();
    }

    /** This news for a fresh member: its own join is none to it, its own change is. */
    ServerMessage.MembersNews without(ServerMessage.MembersNews list, Membership fresh) {
        String id = Ids.member(fresh.number);
        List<MemberEntry> others = new ArrayList<>(list.joined());
        others.removeIf(entry -> entry.id().equals(id));
        List<MemberEntry> changes = new ArrayList<>(list.changed());
        if (changed.containsKey(fresh.number)) {
            changes.add(fresh.entry());
        }
        return new ServerMessage.MembersNews(list.room(), others, list.left(), changes, list.count());
    }

    private static List<MemberEntry> entries(Iterable<Membership> members) {
        List<MemberEntry> entries = new ArrayList<>();
        members.forEach(member -> entries.add(member.entry()));
        return entries;
    }
}
