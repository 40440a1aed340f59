package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What all clients of a run know together, and the promises that only all of them together can hold a server to.
 *
 * <p>None lost: a room's offsets are consecutive and each membership knows the offset at which it began, so each member
 * must see every offset from there on, and all members the same message at the same offset. A publisher numbers its
 * messages, so those without an offset must leave no hole in its numbers either.
 *
 * <p>Threads: everything here belongs to one thread, the loop that all clients share.
 */
final class Checker {
    /** Beyond this a latency is recorded as this. */
    private static final long MOST_NANOS = 60_000_000_000L;

    final Violations violations = new Violations();
    final FrameCheck frames = new FrameCheck(this);
    long deliveries;
    long published;
    long acknowledged;
    long news;
    /** While true, latencies are recorded. */
    boolean measuring;

    private final Histogram latency = new Histogram(MOST_NANOS, 3);
    /** By key minus one; grows by one for each join, whose number the profile bounds. */
    private final List<Membership> memberships = new ArrayList<>();

    private final Map<String, Membership> byMemberId = new HashMap<>();
    private final Map<String, RoomLife> lives = new HashMap<>();

    Membership newMembership(Seat seat) {
        Membership membership = new Membership(memberships.size() + 1, seat);
        memberships.add(membership);
        return membership;
    }

    @Nullable
    Membership membership(long key) {
        return key >= 1 && key <= memberships.size() ? memberships.get((int) key - 1) : null;
    }

    List<Membership> memberships() {
        return memberships;
    }

    int lives() {
        return lives.size();
    }

    Histogram latency() {
        return latency;
    }

    void latency(long nanos) {
        if (measuring) {
            latency.recordValue(Math.max(0, Math.min(nanos, MOST_NANOS)));
        }
    }

    RoomLife life(String room, String epoch) {
        return lives.computeIfAbsent(room + '\n' + epoch, key -> new RoomLife(room, epoch));
    }

    /** A member id belongs to one membership for ever, and a membership has one member id. */
    void memberIs(Membership membership, String memberId) {
        Membership other = byMemberId.putIfAbsent(memberId, membership);
        if (other != null && other != membership) {
            violations.add(Fault.REPLY, "member id " + memberId + " of " + membership + " was that of " + other);
        }
        if (membership.memberId != null && !membership.memberId.equals(memberId)) {
            violations.add(Fault.DIFFERENT, membership + " appears as " + memberId);
        }
        membership.memberId = memberId;
        membership.memberIdBytes = memberId.getBytes(US_ASCII);
    }

    /** The members of each room as the clients know them, and what each told: what lists have to show in the end. */
    Map<String, Map<String, Long>> expectedLists() {
        Map<String, Map<String, Long>> rooms = new HashMap<>();
        for (Membership membership : memberships) {
            if (membership.state == Membership.State.IN) {
                rooms.computeIfAbsent(membership.seat.room, room -> new HashMap<>())
                        .put(String.valueOf(membership.memberId), membership.about());
            }
        }
        return rooms;
    }

    /** The members whose latest answered list is not what is expected. */
    List<Membership> wrongAnsweredLists(Map<String, Map<String, Long>> expected) {
        List<Membership> wrong = new ArrayList<>();
        for (Membership member : present()) {
            if (!expectedList(expected, member).equals(member.answeredList)) {
                wrong.add(member);
            }
        }
        return wrong;
    }

    /** The members whose list plus news, or whose count, is not what is expected. */
    List<Membership> wrongKeptLists(Map<String, Map<String, Long>> expected) {
        List<Membership> wrong = new ArrayList<>();
        for (Membership member : present()) {
            Map<String, Long> list = expectedList(expected, member);
            boolean fine = switch (member.watch) {
                case NOTHING -> true;
                case COUNT -> member.count == list.size();
                case LIST -> list.equals(member.list) && member.count == list.size();
            };
            if (!fine) {
                wrong.add(member);
            }
        }
        return wrong;
    }

    private static Map<String, Long> expectedList(Map<String, Map<String, Long>> expected, Membership member) {
        return expected.getOrDefault(member.seat.room, Map.of());
    }

    /** The members that have not yet seen all that the members now in their room have published. */
    List<Membership> behind() {
        Map<String, List<Membership>> rooms = new HashMap<>();
        for (Membership member : present()) {
            rooms.computeIfAbsent(member.seat.room, room -> new ArrayList<>()).add(member);
        }
        List<Membership> behind = new ArrayList<>();
        for (List<Membership> room : rooms.values()) {
            for (Membership member : room) {
                if (room.stream().anyMatch(publisher -> member.seenOf(publisher) < publisher.sent)) {
                    behind.add(member);
                }
            }
        }
        return behind;
    }

    /** Whether any member still waits for a reply. */
    boolean waiting() {
        return present().stream().anyMatch(member -> !member.seat.requests.isEmpty());
    }

    /** All that are in a room now. */
    List<Membership> present() {
        return memberships.stream()
                .filter(membership -> membership.state == Membership.State.IN)
                .toList();
    }

    /** The last check, after each member has had all fences of its room: from here on nothing is under way. */
    void finish() {
        Map<String, Membership> firsts = new HashMap<>();
        for (Membership member : present()) {
            Membership first = firsts.putIfAbsent(member.seat.room, member);
            if (first != null && first.life != member.life) {
                violations.add(Fault.EPOCH, member + " is in another life of its room than " + first);
            } else if (first != null && first.last != member.last) {
                violations.add(Fault.LOST, member + " has not seen the same last offset as " + first);
            }
            if (!member.seat.requests.isEmpty()) {
                violations.add(Fault.UNANSWERED, member + " waits for " + member.seat.requests);
            }
        }
        lives.values().forEach(this::finish);
    }

    private void finish(RoomLife life) {
        for (Membership member : life.memberships) {
            for (Membership publisher : life.memberships) {
                finish(member, publisher);
            }
        }
    }

    /**
     * A publisher that came after the member is seen from its first message on; one that did not drop is seen to its
     * last by a member that is there to the end.
     */
    private void finish(Membership member, Membership publisher) {
        boolean fromFirst = publisher.cut > member.cut || publisher == member;
        Membership.Run run = member.runs.get(publisher);
        if (run != null && fromFirst && run.first != 1) {
            violations.add(Fault.LOST, member + " has seen " + publisher + " only from message " + run.first);
        }
        boolean toLast = member.state == Membership.State.IN && publisher.state != Membership.State.DROPPED;
        boolean sawAny = run != null || fromFirst;
        if (toLast && sawAny && member.seenOf(publisher) != publisher.sent) {
            violations.add(
                    Fault.LOST, member + " has seen " + publisher + " only to message " + member.seenOf(publisher));
        }
    }

    /** A message as it is noted in a {@link RoomLife}. */
    static String describe(long message) {
        return "message " + (int) message + " of membership " + (message >>> 32);
    }
}
