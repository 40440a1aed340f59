package io.roomcast.engine;

import io.roomcast.protocol.MembersOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lane's share of a room: its members there, by what they asked for. The home lane decides what happens and in which
 * order; here it is carried out, on this share's lane only, in that order.
 */
final class RoomShare {
    final Turn turn;
    /** At most one for each option, with state and without. */
    private final List<Audience> audiences = new ArrayList<>(1);

    /** Home lane only: how many members this lane has, as far as decided; no fan-out goes to a lane without. */
    int decidedMembers;

    /**
     * What is to happen here once a large audience has been written, null while none is being written. Bounded by the
     * few turns that takes.
     */
    private @Nullable ArrayDeque<Runnable> held;

    /** How many of the audiences are being written in slices. */
    private int beingWritten;

    RoomShare(Turn turn) {
        this.turn = turn;
    }

    /** Carries out a decision of the home lane now, or behind the slices of a large audience that are being written. */
    void carryOut(Runnable decision) {
        if (!holds(decision)) {
            decision.run();
        }
    }

    /** Keeps a decision, if it is to be carried out behind the slices of a large audience. Whether it does. */
    boolean holds(Runnable decision) {
        assert turn.lane.inLane();
        if (held != null) {
            held.add(decision);
        }
        return held != null;
    }

    /** Whether a large audience is being written, and decisions wait. */
    boolean isHeld() {
        assert turn.lane.inLane();
        return held != null;
    }

    /** A frame for all members here. Takes over one reference. */
    void toAll(EncodedFrame frame) {
        for (int i = 0; i < audiences.size(); i++) {
            audiences.get(i).add(frame.retain());
        }
        frame.release();
    }

    /** A frame for all members here, but for those that get one of their own instead. Takes over one reference to each. */
    void toAll(EncodedFrame frame, List<OwnFrame> own) {
        own.forEach(RoomShare::giveInstead);
        toAll(frame);
    }

    /** A frame for those members here that take the room's state. Takes over one reference. */
    void toStateTakers(EncodedFrame frame) {
        for (Audience audience : audiences) {
            if (audience.takesState) {
                audience.add(frame.retain());
            }
        }
        frame.release();
    }

    /** A frame for all members here, or all but one. Takes over one reference. */
    void toAllExcept(EncodedFrame frame, @Nullable Membership except) {
        if (except != null && except.audience != null) {
            except.audience.skipNext(except);
        }
        toAll(frame);
    }

    /** A frame for one member, or for a session that is none, at its place in the order. Takes over one reference. */
    void toOne(EncodedFrame frame, Membership membership) {
        if (membership.audience != null) {
            membership.audience.catchUp(membership);
        }
        membership.session.queue(frame);
    }

    /** The cut, in one frame or several, and from here on what is for all. Takes over one reference to each frame. */
    void enter(List<EncodedFrame> cut, Membership membership, MembersOption option, boolean takesState) {
        LiveSession session = membership.session;
        if (membership.audience != null) {
            membership.audience.exit(membership);
        }
        session.queue(cut);
        if (!session.isGone()) {
            audience(option, takesState).enter(membership);
        }
    }

    void exit(EncodedFrame left, Membership membership) {
        forget(membership);
        membership.session.queue(left);
    }

    void forget(Membership membership) {
        if (membership.audience != null) {
            membership.audience.exit(membership);
        }
    }

    /**
     * News of the members. Takes over one reference to each frame; fresh members get what was made for them instead.
     *
     * @param list null while the room gives no lists
     */
    void news(@Nullable EncodedFrame list, @Nullable EncodedFrame count, List<OwnFrame> fresh) {
        fresh.forEach(RoomShare::giveInstead);
        if (list != null) {
            addTo(MembersOption.LIST, list);
        }
        if (count != null) {
            addTo(MembersOption.COUNT, count);
        }
    }

    /**
     * The room gives no lists any more: who had one goes over to those who have the count, and this is the first that they
     * hear of it. Takes over one reference.
     */
    void endNames(EncodedFrame count) {
        for (Audience audience : List.copyOf(audiences)) {
            if (audience.option == MembersOption.LIST) {
                Audience counting = audience(MembersOption.COUNT, audience.takesState);
                while (audience.size > 0) {
                    Membership member = audience.members[audience.size - 1];
                    audience.exit(member);
                    counting.enter(member);
                }
            }
        }
        addTo(MembersOption.COUNT, count);
    }

    /** A member that does not get the next frame of its audience, and what it gets instead, null for nothing. */
    record OwnFrame(Membership membership, @Nullable EncodedFrame frame) {}

    /** Leaves the next frame of its audience out for a member. Takes over one reference to what it gets instead. */
    private static void giveInstead(OwnFrame own) {
        Audience audience = own.membership().audience;
        EncodedFrame frame = own.frame();
        if (audience == null) {
            if (frame != null) {
                frame.release();
            }
            return;
        }
        audience.catchUp(own.membership());
        if (frame != null) {
            own.membership().session.queue(frame);
        }
        audience.skipNext(own.membership());
    }

    /** A large audience is being written in slices: decisions wait from now on. */
    void hold() {
        beingWritten++;
        if (held == null) {
            held = new ArrayDeque<>();
        }
    }

    /** A large audience's last slice has been written: if it was the last audience, what waited happens now, in order. */
    void resume() {
        if (--beingWritten > 0) {
            return;
        }
        ArrayDeque<Runnable> decisions = held;
        held = null;
        if (decisions != null) {
            decisions.forEach(this::carryOut);
        }
    }

    private void addTo(MembersOption option, EncodedFrame frame) {
        for (Audience audience : audiences) {
            if (audience.option == option) {
                audience.add(frame.retain());
            }
        }
        frame.release();
    }

    private Audience audience(MembersOption option, boolean takesState) {
        for (Audience audience : audiences) {
            if (audience.option == option && audience.takesState == takesState) {
                return audience;
            }
        }
        Audience fresh = new Audience(this, option, takesState);
        audiences.add(fresh);
        return fresh;
    }
}
