package io.roomcast.engine;

import io.roomcast.protocol.MemberEntry;
import io.roomcast.protocol.MembersOption;
import io.roomcast.protocol.ServerMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    private final FanOut fanOut;
    private final long intervalMillis;
    private final Map<Long, Membership> joined = new LinkedHashMap<>();
    private final Set<Long> left = new LinkedHashSet<>();
    private final Map<Long, Membership> changed = new LinkedHashMap<>();
    private long events;
    private boolean planned;

    News(LiveRoom room, FanOut fanOut, long intervalMillis) {
        this.room = room;
        this.fanOut = fanOut;
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

    /** Another connection's membership has taken this one's place, which is no news. */
    void replaced(Membership old, Membership fresh) {
        joined.replace(old.number, fresh);
        changed.replace(old.number, fresh);
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
                new ServerMessage.MembersNews(room.id, whoJoined, whoLeft, whoChanged, room.members.size());
        if (room.members.size() > 0) {
            send(list, counts ? new ServerMessage.CountNews(room.id, room.members.size()) : null);
        }
        joined.clear();
        left.clear();
        changed.clear();
    }

    private void send(ServerMessage.MembersNews list, ServerMessage.@Nullable CountNews count) {
        Turn home = room.turn;
        EncodedFrame listFrame = home.encode(list, room);
        EncodedFrame countFrame = count == null ? null : home.encode(count, room);
        Map<Turn, List<RoomShare.OwnFrame>> fresh = forFresh(list, count);
        fanOut.everywhere(lane -> {
            EncodedFrame toList = listFrame.retain();
            EncodedFrame toCount = countFrame == null ? null : countFrame.retain();
            List<RoomShare.OwnFrame> there = fresh.getOrDefault(lane, List.of());
            return share -> share.news(toList, toCount, there);
        });
        listFrame.release();
        if (countFrame != null) {
            countFrame.release();
        }
    }

    /** What fresh members get instead, by their lanes. */
    private Map<Turn, List<RoomShare.OwnFrame>> forFresh(
            ServerMessage.MembersNews list, ServerMessage.@Nullable CountNews count) {
        Map<Turn, List<RoomShare.OwnFrame>> fresh = new HashMap<>();
        for (Membership member : joined.values()) {
            if (member.dropped) {
                continue; // It is absent, there is nobody to send to.
            }
            boolean missedSomething = member.sawEvent < events;
            boolean takesList = member.option == MembersOption.LIST;
            boolean hasNothingToCount = member.option == MembersOption.COUNT && count != null && !missedSomething;
            if (takesList || hasNothingToCount) {
                EncodedFrame own = takesList && missedSomething ? room.turn.encode(without(list, member), room) : null;
                fresh.computeIfAbsent(member.session.turn, lane -> new ArrayList<>())
                        .add(new RoomShare.OwnFrame(member, own));
            }
        }
        return fresh;
    }

    /** This news for a fresh member: its own join is none to it, its own change is. */
    private ServerMessage.MembersNews without(ServerMessage.MembersNews list, Membership fresh) {
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
