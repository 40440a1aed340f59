package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Holds each frame that a client receives to what this client may rightly receive at that point. Messages and their
 * replies are the hot part and are read without building anything; see {@link MembersCheck} for the rest.
 */
final class FrameCheck {
    static final int KEEP = 1;
    static final int ECHO = 2;

    private static final byte[] TYPE_FIRST = bytes("{\"type\":\"");
    private static final byte[] MESSAGE = bytes("message");
    private static final byte[] PUBLISHED = bytes("published");
    private static final byte[] TYPE = bytes("type");
    private static final byte[] ID = bytes("id");
    private static final byte[] ROOM = bytes("room");
    private static final byte[] OFFSET = bytes("offset");
    private static final byte[] FROM = bytes("from");
    private static final byte[] AT = bytes("at");
    private static final byte[] DATA = bytes("data");
    private static final byte[] REQUEST = bytes("request");
    private static final byte[] KEY = bytes("k");
    private static final byte[] SEQUENCE = bytes("s");
    private static final byte[] INTENDED = bytes("t");
    private static final byte[] FLAGS = bytes("f");

    private final Checker checker;
    private final MembersCheck membersCheck;
    private final Fields fields = new Fields();
    private final Fields data = new Fields();

    /** The frame at hand, for the texts of faults. */
    private byte[] frame = new byte[0];

    private int frameLength;

    FrameCheck(Checker checker) {
        this.checker = checker;
        this.membersCheck = new MembersCheck(checker);
    }

    /** Takes one text frame; {@code now} is the nanosecond of its arrival. */
    void received(ClientView view, byte[] bytes, int length, long now) {
        frame = bytes;
        frameLength = length;
        if (length < TYPE_FIRST.length
                || !Arrays.equals(bytes, 0, TYPE_FIRST.length, TYPE_FIRST, 0, TYPE_FIRST.length)
                || !fields.read(bytes, 0, length)) {
            fault(Fault.UNREADABLE, view + " got what is no frame of the protocol");
            return;
        }
        if (!view.welcomed && !fields.text(TYPE).equals("welcome")) {
            fault(Fault.REPLY, view + " got another frame before welcome");
            view.welcomed = true;
        }
        if (fields.is(TYPE, MESSAGE)) {
            message(view, now);
        } else if (fields.is(TYPE, PUBLISHED)) {
            published(view);
        } else {
            other(view);
        }
    }

    private void other(ClientView view) {
        String type = fields.text(TYPE);
        switch (type) {
            case "welcome" -> {
                if (view.welcomed) {
                    fault(Fault.REPLY, view + " was welcomed twice");
                }
                view.welcomed = true;
            }
            case "joined" -> joined(view);
            case "left" -> left(view);
            case "ok" -> ok(view);
            case "members" -> members(view);
            case "error" -> error(view);
            case "closing" -> fault(Fault.CONNECTION, view + " was told that the server closes");
            default -> fault(Fault.UNREADABLE, view + " got a frame of type '" + type + "', which it did not ask for");
        }
    }

    private void message(ClientView view, long now) {
        Membership member = present(view);
        if (member == null) {
            return;
        }
        checker.deliveries++;
        int field = fields.find(DATA);
        if (field < 0 || !data.read(frame, fields.valueFrom(field), fields.valueTo(field))) {
            fault(Fault.DIFFERENT, member + " got a message without the data of this run");
            return;
        }
        Membership publisher = checker.membership(data.number(KEY));
        int sequence = (int) data.number(SEQUENCE);
        if (publisher == null || sequence < 1 || sequence > publisher.sent) {
            fault(Fault.DIFFERENT, member + " got a message that nobody published");
            return;
        }
        if (!Arrays.equals(publisher.seat.roomBytes, member.seat.roomBytes)) {
            fault(Fault.FOREIGN, member + " got a message published to room " + publisher.seat.room);
            return;
        }
        checkEnvelope(member, publisher);
        int flags = (int) data.number(FLAGS);
        boolean fine = (flags & KEEP) == 0 || kept(member, publisher, sequence, fields.number(OFFSET));
        turn(member, publisher, sequence, fine);
        checker.latency(now - data.number(INTENDED));
    }

    private void checkEnvelope(Membership member, Membership publisher) {
        int flags = (int) data.number(FLAGS);
        if (((flags & KEEP) != 0) != fields.has(OFFSET)) {
            fault(Fault.DIFFERENT, member + " got a message whose offset does not fit its keep");
        }
        if (publisher == member && (flags & ECHO) == 0) {
            fault(Fault.FOREIGN, member + " got its own message in spite of echo:false");
        }
        if (fields.number(AT) <= 0) {
            fault(Fault.DIFFERENT, member + " got a message without its time");
        }
        if (publisher.memberIdBytes == null) {
            checker.memberIs(publisher, fields.text(FROM));
        } else if (!fields.is(FROM, publisher.memberIdBytes)) {
            fault(Fault.DIFFERENT, member + " got a message in the name of another than " + publisher);
        }
    }

    /** A kept message at its place in the room's order; false if the place is wrong. */
    private boolean kept(Membership member, Membership publisher, int sequence, long offset) {
        RoomLife life = member.life;
        if (life == null || offset < 1 || offset > RoomLife.MOST) {
            fault(Fault.DIFFERENT, member + " got a message with an offset out of range");
            return false;
        }
        boolean fine = offset == member.last + 1;
        if (fine) {
            member.last = offset;
        } else {
            misplaced(member, offset);
        }
        if (publisher.life != null && publisher.life != life) {
            fault(
                    Fault.EPOCH,
                    member + " got a message published in epoch " + publisher.life.epoch + " while in epoch "
                            + life.epoch);
        }
        if (!life.agree(offset, RoomLife.message(publisher.key, sequence))) {
            fault(
                    Fault.DIFFERENT,
                    member + " sees another message at offset " + offset + " than others: "
                            + Checker.describe(life.at(offset)));
        }
        return fine;
    }

    private void misplaced(Membership member, long offset) {
        if (offset > member.last) {
            boolean first = member.last == member.latestCut;
            fault(
                    first ? Fault.WRONG_CUT : Fault.LOST,
                    member + (first ? " joined at offset " : " saw offset ") + member.last + " and next got " + offset);
            // Bounded: a lost range of any length is one fault, and only its ends are told apart later.
            for (long lost = member.last + 1; lost < offset && member.missing.size() < 100; lost++) {
                member.missing.add(lost);
            }
            member.last = offset;
        } else if (member.missing.remove(offset)) {
            fault(Fault.REORDERED, member + " got offset " + offset + " behind " + member.last);
        } else if (offset <= member.cut) {
            fault(Fault.WRONG_CUT, member + " joined at offset " + member.cut + " and then got " + offset);
        } else {
            fault(Fault.DOUBLED, member + " got offset " + offset + " again, behind " + member.last);
        }
    }

    /** One publisher's messages, kept or not, come in the order of their numbers and without a hole. */
    private void turn(Membership member, Membership publisher, int sequence, boolean placed) {
        Membership.Run run = member.runs.get(publisher);
        if (run == null) {
            run = new Membership.Run();
            run.first = sequence;
            run.last = sequence;
            member.runs.put(publisher, run);
            return;
        }
        if (sequence != run.last + 1 && placed) {
            Fault kind = sequence > run.last ? Fault.LOST : sequence == run.last ? Fault.DOUBLED : Fault.REORDERED;
            fault(kind, member + " saw message " + run.last + " of " + publisher + " and next " + sequence);
        }
        run.last = Math.max(run.last, sequence);
    }

    private void published(ClientView view) {
        Membership member = present(view);
        Seat.Request request = member == null ? null : answered(member.seat, Seat.Kind.PUBLISH);
        if (member == null || request == null) {
            return;
        }
        checker.acknowledged++;
        long offset = fields.number(OFFSET);
        if (request.keep() != fields.has(OFFSET)) {
            fault(Fault.REPLY, member + " was told an offset that does not fit the message's keep");
            return;
        }
        if (!request.echo()) {
            boolean fine = !request.keep() || kept(member, member, request.sequence(), offset);
            turn(member, member, request.sequence(), fine);
        } else if (member.seenOf(member) != request.sequence() || (request.keep() && offset != member.last)) {
            fault(
                    Fault.REPLY,
                    member + " got published for its message " + request.sequence()
                            + " elsewhere than directly behind that message");
        }
    }

    private void joined(ClientView view) {
        Seat seat = seat(view);
        Seat.Request request = seat == null ? null : answered(seat, Seat.Kind.JOIN);
        if (seat != null && request != null) {
            membersCheck.joined(seat, request, fields, frame, frameLength);
        }
    }

    private void left(ClientView view) {
        Seat seat = seat(view);
        Seat.Request request = seat == null ? null : answered(seat, Seat.Kind.LEAVE);
        if (seat == null || request == null) {
            return;
        }
        Membership member = seat.in;
        seat.in = null;
        seat.wasIn = true;
        if (member == null) {
            return;
        }
        member.state = Membership.State.LEFT;
        if (member.seenOf(member) != member.sent) {
            fault(Fault.LOST, member + " left having seen only " + member.seenOf(member) + " of its own messages");
        }
    }

    private void ok(ClientView view) {
        Membership member = present(view);
        if (member != null) {
            answered(member.seat, Seat.Kind.MEMBER);
        }
    }

    /** The reply has {@code more}, news never has. */
    private void members(ClientView view) {
        Membership member = present(view);
        if (member == null) {
            return;
        }
        if (fields.has(MembersCheck.MORE)) {
            if (answered(member.seat, Seat.Kind.MEMBERS) != null) {
                membersCheck.reply(member, fields, frame, frameLength);
            }
        } else {
            membersCheck.news(member, fields, frame, frameLength);
        }
    }

    private void error(ClientView view) {
        fault(Fault.REFUSED, view + " was refused");
        Seat seat = find(view);
        Seat.Request request = seat == null ? null : seat.requests.peek();
        if (seat != null && request != null && request.kind().name().equalsIgnoreCase(fields.text(REQUEST))) {
            seat.requests.remove();
        }
    }

    /** Takes the request that this reply has to belong to: the oldest one of the room. */
    private Seat.@Nullable Request answered(Seat seat, Seat.Kind kind) {
        Seat.Request request = seat.requests.peek();
        if (request == null) {
            fault(Fault.REPLY, seat.view + " got a reply in room " + seat.room + " and has asked nothing");
            return null;
        }
        if (request.kind() != kind) {
            fault(Fault.REPLY, seat.view + " waits for the reply to " + request + " and got another");
            return null;
        }
        seat.requests.remove();
        if (request.id() == 0 ? fields.has(ID) : fields.number(ID) != request.id()) {
            fault(Fault.REPLY, seat.view + " got a reply whose id is not " + request.id());
        }
        return request;
    }

    /** The membership that the frame's room belongs to, or null after the fault is noted. */
    private @Nullable Membership present(ClientView view) {
        Seat seat = seat(view);
        if (seat == null) {
            return null;
        }
        Membership member = seat.in;
        if (member == null) {
            fault(
                    seat.wasIn ? Fault.AFTER_LEFT : Fault.BEFORE_JOINED,
                    view + " got a frame of room " + seat.room + (seat.wasIn ? " after left" : " before joined"));
        }
        return member;
    }

    private @Nullable Seat seat(ClientView view) {
        Seat seat = find(view);
        if (seat == null) {
            fault(Fault.FOREIGN, view + " got a frame of a room that it never asked for");
        }
        return seat;
    }

    private @Nullable Seat find(ClientView view) {
        for (Seat seat : view.seats) {
            if (fields.is(ROOM, seat.roomBytes)) {
                return seat;
            }
        }
        return null;
    }

    private void fault(Fault fault, String text) {
        checker.violations.add(fault, text + ": " + new String(frame, 0, frameLength, UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
