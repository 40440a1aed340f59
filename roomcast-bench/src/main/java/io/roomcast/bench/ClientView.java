package io.roomcast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection as its client knows it: makes the frames of its requests, remembers what has to come back, and holds
 * what was received. Does no I/O. Owned by the one thread that owns the {@link Checker}.
 */
final class ClientView {
    enum State {
        OPEN,
        /** The close frame is sent; what was under way may still arrive. */
        CLOSING,
        ENDED
    }

    /** Padding for the data of publishes; cut to length. */
    private static final String PADDING = "roomcast".repeat(512);

    final int number;
    final Checker checker;
    final List<Seat> seats = new ArrayList<>();
    State state = State.OPEN;
    boolean welcomed;
    private long lastId;

    ClientView(int number, Checker checker) {
        this.number = number;
        this.checker = checker;
    }

    /** Asks to join, or to re-sync if there is or will be a membership. With {@code tagged}, the request has an id. */
    String join(String room, Watch watch, boolean tagged) {
        Seat seat = seat(room);
        Membership membership = seat.asked;
        if (membership == null) {
            membership = checker.newMembership(seat);
            seat.asked = membership;
        }
        long id = id(tagged);
        seat.requests.add(new Seat.Request(Seat.Kind.JOIN, id, membership, watch, 0, true, true));
        return "{\"type\":\"join\"" + idField(id) + ",\"room\":\"" + room + "\"" + watch.json + ",\"member\":"
                + about(membership) + "}";
    }

    /** The membership in the room that is, or will be when all requests are answered. */
    Membership asked(String room) {
        return Objects.requireNonNull(seat(room).asked, room);
    }

    String leave(Membership membership, boolean tagged) {
        Seat seat = membership.seat;
        seat.asked = null;
        long id = id(tagged);
        seat.requests.add(new Seat.Request(Seat.Kind.LEAVE, id, membership, Watch.NOTHING, 0, true, true));
        return "{\"type\":\"leave\"" + idField(id) + ",\"room\":\"" + seat.room + "\"}";
    }

    /**
     * Publishes the next message of a membership.
     *
     * @param intended when it was due by the schedule, in nanoseconds, for the latency
     * @param dataBytes the length of {@code data}
     */
    String publish(Membership membership, boolean tagged, boolean echo, boolean keep, long intended, int dataBytes) {
        int sequence = ++membership.sent;
        checker.published++;
        long id = id(tagged);
        if (tagged || !echo) {
            membership.seat.requests.add(
                    new Seat.Request(Seat.Kind.PUBLISH, id, membership, Watch.NOTHING, sequence, echo, keep));
        }
        String known = "{\"k\":" + membership.key + ",\"s\":" + sequence + ",\"t\":" + intended + ",\"f\":"
                + ((keep ? FrameCheck.KEEP : 0) | (echo ? FrameCheck.ECHO : 0)) + ",\"p\":\"";
        int padding = Math.min(Math.max(0, dataBytes - known.length() - 2), PADDING.length());
        return "{\"type\":\"publish\"" + idField(id) + ",\"room\":\"" + membership.seat.room + "\""
                + (echo ? "" : ",\"echo\":false") + (keep ? "" : ",\"keep\":false") + ",\"data\":" + known
                + PADDING.substring(0, padding) + "\"}}";
    }

    /** Tells the room about me anew. */
    String tell(Membership membership, boolean tagged) {
        membership.told++;
        long id = id(tagged);
        if (tagged) {
            membership.seat.requests.add(
                    new Seat.Request(Seat.Kind.MEMBER, id, membership, Watch.NOTHING, 0, true, true));
        }
        return "{\"type\":\"member\"" + idField(id) + ",\"room\":\"" + membership.seat.room + "\",\"member\":"
                + about(membership) + "}";
    }

    String members(Membership membership) {
        long id = id(true);
        membership.seat.requests.add(new Seat.Request(Seat.Kind.MEMBERS, id, membership, Watch.NOTHING, 0, true, true));
        return "{\"type\":\"members\"" + idField(id) + ",\"room\":\"" + membership.seat.room + "\"}";
    }

    /** The close frame was sent: nothing more is asked, what was asked still counts. */
    void closing() {
        state = State.CLOSING;
        seats.forEach(seat -> seat.asked = null);
    }

    /** The server answered the close, so all that was sent before has counted. */
    void closed() {
        end(Membership.State.CLOSED);
    }

    /** The connection is gone without a close: what was under way may have counted or not. */
    void dropped() {
        end(Membership.State.DROPPED);
    }

    private void end(Membership.State how) {
        state = State.ENDED;
        for (Seat seat : seats) {
            seat.requests.forEach(request -> ended(request.membership(), how));
            ended(seat.in, how);
            ended(seat.asked, how);
            seat.in = null;
            seat.asked = null;
            seat.requests.clear();
        }
    }

    private static void ended(@Nullable Membership membership, Membership.State how) {
        if (membership != null && membership.state != Membership.State.LEFT) {
            membership.state = how;
        }
    }

    private Seat seat(String room) {
        for (Seat seat : seats) {
            if (seat.room.equals(room)) {
                return seat;
            }
        }
        Seat seat = new Seat(this, room);
        seats.add(seat);
        return seat;
    }

    private long id(boolean tagged) {
        return tagged ? ++lastId : 0;
    }

    private static String idField(long id) {
        return id == 0 ? "" : ",\"id\":" + id;
    }

    private static String about(Membership membership) {
        return "{\"k\":" + membership.key + ",\"v\":" + membership.told + "}";
    }

    @Override
    public String toString() {
        return "connection " + number;
    }
}
