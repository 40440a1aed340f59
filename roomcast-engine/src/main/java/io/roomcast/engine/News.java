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
 * {@value #MOST} names, or as many as fill a page, have gathered. Written on the room's home lane only.
 *
 * <p>What is sent together is applied as left, then joined, then changed, so: who came and went within the interval is
 * only named as left (a list in between may have named it), and an entry tells what holds when it is sent. A member that
 * joined within the interval is <i>fresh</i>: it gets a frame of its own, in which its own join does not stand, or none if
 * its list was taken after everything that is to tell.
 *
 * <p>While the room gives no lists, there are no names to gather: after the interval one frame with the count goes to all
 * who take news, whatever has happened.
 *
 * <p>Each frame goes to everybody, so where thousands are in a room and people keep coming and going, the interval becomes
 * longer: in the long run there are {@value #PER_INTERVAL} frames in an interval at most. A storm that is over soon has its
 * news at the usual pace, {@value #BURST_INTERVALS} intervals' worth of it.
 */
final class News {
    private static final int MOST = 256;

    private static final int PER_INTERVAL = 1_000;
    private static final int BURST_INTERVALS = 40;

    /** An id in {@code left}, about. */
    private static final int LEFT_BYTES = 16;

    private final LiveRoom room;
    private final FanOut fanOut;
    private final long intervalMillis;
    private final Map<Long, Membership> joined = new LinkedHashMap<>();
    private final Set<Long> left = new LinkedHashSet<>();
    private final Map<Long, Membership> changed = new LinkedHashMap<>();

    /** Whether the count has changed. */
    private boolean counts;

    /** What the names take in a frame, about. */
    private long bytes;

    /** Whether the room gives lists, and news has names. Written on the home lane, read by any. */
    private volatile boolean hasNames = true;

    private long events;
    private boolean planned;

    /** Members who take news, as list or as count, the absent among them. While there are none, nothing is gathered. */
    private int takers;

    /** When what has been sent would have been sent at {@value #PER_INTERVAL} frames in an interval, by the clock's nanos. */
    private long evenNanos;

    News(LiveRoom room, FanOut fanOut, long intervalMillis) {
        this.room = room;
        this.fanOut = fanOut;
        this.intervalMillis = intervalMillis;
        this.evenNanos = room.rooms.clock().nanoTime();
    }

    /** How much has happened to the list since the room's birth. */
    long events() {
        return events;
    }

    /** Whether the room gives lists, and news has names. From any thread. */
    boolean hasNames() {
        return hasNames;
    }

    /** From now on this member takes news like this. What happened before is in the list or the count that it gets. */
    void takes(Membership member, MembersOption option) {
        takers += (option == MembersOption.NONE ? 0 : 1) - (member.option == MembersOption.NONE ? 0 : 1);
        member.option = option;
        if (takers == 0) {
            clear(); // who takes news next begins with a list or a count of its own
        }
    }

    /** Somebody comes. What news it takes is told later. */
    void joined(Membership member) {
        if (happens()) {
            joined.put(member.number, member);
            counts = true;
            gathered(member.entryBytes());
            tellIfMuch();
        }
    }

    /** Somebody goes. It is not told at once, since who goes is still to have its last word; the caller then does that. */
    void left(Membership member) {
        takes(member, MembersOption.NONE);
        joined.remove(member.number);
        changed.remove(member.number);
        if (happens()) {
            if (hasNames) {
                left.add(member.number);
            }
            counts = true;
            gathered(LEFT_BYTES);
        }
    }

    void changed(Membership member) {
        if (hasNames && happens()) {
            boolean isFirst = changed.put(member.number, member) == null;
            gathered(isFirst ? member.entryBytes() : 0);
            tellIfMuch();
        }
    }

    /** Another connection's membership has taken this one's place, which is no news. */
    void replaced(Membership old, Membership fresh) {
        takes(old, MembersOption.NONE);
        joined.replace(old.number, fresh);
        changed.replace(old.number, fresh);
    }

    /**
     * The room gives no lists from here on, as too many are in it. Who has one is told so, by a frame with the count and
     * no names, and gets the count from then on; nobody needs the names that have gathered.
     */
    void endNames() {
        hasNames = false;
        Turn home = room.turn;
        EncodedFrame end = home.encode(new ServerMessage.CountNews(room.id, room.members.size()), room);
        fanOut.everywhere(lane -> {
            EncodedFrame toAll = end.retain();
            return share -> share.endNames(toAll);
        });
        end.release();
        clear();
    }

    /** The room gives lists again. What has gathered goes out first: nobody has a list that it could change. */
    void beginNames() {
        tell();
        hasNames = true;
    }

    /** Counts an event; whether anybody is to hear of it. */
    private boolean happens() {
        events++;
        return takers > 0;
    }

    private void gathered(long nameBytes) {
        bytes += nameBytes;
        if (!planned) {
            planned = true;
            room.turn.lane.executeAfter(this::intervalIsOver, millisToGather());
        }
    }

    /** The interval, or longer where more has been sent than may be. */
    private long millisToGather() {
        long aheadMillis = (evenNanos - room.rooms.clock().nanoTime()) / 1_000_000;
        return Math.max(intervalMillis, aheadMillis - BURST_INTERVALS * intervalMillis);
    }

    private void spend(int frames) {
        long now = room.rooms.clock().nanoTime();
        long begin = evenNanos - now > 0 ? evenNanos : now;
        evenNanos = begin + intervalMillis * 1_000_000 / PER_INTERVAL * frames;
    }

    /** Tells what has gathered if that is as much as goes into one frame. */
    void tellIfMuch() {
        if (hasNames && (joined.size() + left.size() + changed.size() >= MOST || bytes >= Page.BYTES)) {
            tell();
        }
    }

    private void intervalIsOver() {
        planned = false;
        tell();
    }

    private void tell() {
        int size = room.members.size();
        if (size > 0 && (counts || !changed.isEmpty())) {
            send(hasNames ? names(size) : null, counts ? new ServerMessage.CountNews(room.id, size) : null);
            spend(size);
        }
        clear();
    }

    private void clear() {
        joined.clear();
        left.clear();
        changed.clear();
        counts = false;
        bytes = 0;
    }

    private ServerMessage.MembersNews names(int size) {
        List<MemberEntry> whoJoined = entries(joined.values());
        List<String> whoLeft = left.stream().map(Ids::member).toList();
        List<MemberEntry> whoChanged = new ArrayList<>();
        changed.forEach((number, member) -> {
            if (!joined.containsKey(number)) {
                whoChanged.add(member.entry());
            }
        });
        return new ServerMessage.MembersNews(room.id, whoJoined, whoLeft, whoChanged, size);
    }

    private void send(ServerMessage.@Nullable MembersNews list, ServerMessage.@Nullable CountNews count) {
        EncodedFrame listFrame = list == null ? null : encodeNames(list);
        EncodedFrame countFrame = count == null ? null : room.turn.encode(count, room);
        Map<Turn, List<RoomShare.OwnFrame>> fresh = forFresh(list, count);
        fanOut.everywhere(lane -> {
            EncodedFrame toList = listFrame == null ? null : listFrame.retain();
            EncodedFrame toCount = countFrame == null ? null : countFrame.retain();
            List<RoomShare.OwnFrame> there = fresh.getOrDefault(lane, List.of());
            return share -> share.news(toList, toCount, there);
        });
        if (listFrame != null) {
            listFrame.release();
        }
        if (countFrame != null) {
            countFrame.release();
        }
    }

    private EncodedFrame encodeNames(ServerMessage.MembersNews list) {
        assert !(list.joined().isEmpty()
                        && list.left().isEmpty()
                        && list.changed().isEmpty())
                : "without names it would end the list";
        return room.turn.encode(list, room);
    }

    /** What fresh members get instead, by their lanes. */
    private Map<Turn, List<RoomShare.OwnFrame>> forFresh(
            ServerMessage.@Nullable MembersNews list, ServerMessage.@Nullable CountNews count) {
        Map<Turn, List<RoomShare.OwnFrame>> fresh = new HashMap<>();
        for (Membership member : joined.values()) {
            if (member.dropped) {
                continue; // It is absent, there is nobody to send to.
            }
            boolean missedSomething = member.sawEvent < events;
            boolean takesList = member.option == MembersOption.LIST;
            boolean hasNothingToCount = member.option == MembersOption.COUNT && count != null && !missedSomething;
            if ((list != null && takesList) || hasNothingToCount) {
                EncodedFrame own =
                        list != null && takesList && missedSomething ? encodeNames(without(list, member)) : null;
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
