package io.roomcast.engine;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a room decides to the lanes of its members, in the order of the decisions: one way for each lane, by which
 * everything of the room goes there. Used on the home lane only.
 */
final class FanOut {
    private final Turn home;

    /** By lane; null where the room has never had anybody. */
    private final @Nullable RoomShare[] shares;

    FanOut(Turn home, int lanes) {
        this.home = home;
        this.shares = new RoomShare[lanes];
    }

    /** This session is a member from here on: what is for all goes to its lane too. */
    void entered(Membership membership) {
        share(membership).decidedMembers++;
    }

    /** This session is no member from here on. */
    void left(Membership membership) {
        share(membership).decidedMembers--;
    }

    /** Has a decision about this session carried out on its lane, behind all earlier ones. */
    void at(Membership membership, Consumer<RoomShare> decision) {
        send(share(membership), decision);
    }

    /** Has a decision carried out on each lane that has members; it is made for each lane, here and now. */
    void everywhere(Function<Turn, Consumer<RoomShare>> decisionFor) {
        for (RoomShare share : shares) {
            if (share != null && share.decidedMembers > 0) {
                send(share, decisionFor.apply(share.turn));
            }
        }
    }

    /** Has a frame sent to all members. Takes over one reference. */
    void toAll(EncodedFrame frame) {
        toAll(frame, (Membership) null);
    }

    /** Has a frame sent to all members, or to all but one. Takes over one reference. */
    void toAll(EncodedFrame frame, @Nullable Membership except) {
        for (RoomShare share : shares) {
            if (share != null && share.decidedMembers > 0) {
                frame.retain();
                boolean isOfShare = except != null && except.session.turn == share.turn;
                send(share, frame, isOfShare ? except : null);
            }
        }
        frame.release();
    }

    private void send(RoomShare share, EncodedFrame frame, @Nullable Membership except) {
        if (share.turn == home && !share.isHeld()) {
            share.toAllExcept(frame, except);
        } else {
            home.send(share.turn, new ToAll(share, frame, except));
        }
    }

    /** A frame on its way to a share, and then behind what is held there. */
    private record ToAll(
            RoomShare share, EncodedFrame frame, @Nullable Membership except) implements Runnable {
        @Override
        public void run() {
            if (!share.holds(this)) {
                share.toAllExcept(frame, except);
            }
        }
    }

    /** Has a frame sent to all members, but for those that get one of their own instead. Takes over one reference to each. */
    void toAll(EncodedFrame frame, Map<Turn, List<RoomShare.OwnFrame>> own) {
        everywhere(lane -> {
            frame.retain();
            List<RoomShare.OwnFrame> there = own.getOrDefault(lane, List.of());
            return share -> share.toAll(frame, there);
        });
        frame.release();
    }

    /** Has a change of the state sent to all members that take it. Takes over one reference. */
    void toStateTakers(EncodedFrame frame) {
        for (RoomShare share : shares) {
            if (share != null && share.decidedMembers > 0) {
                frame.retain();
                send(share, there -> there.toStateTakers(frame));
            }
        }
        frame.release();
    }

    private void send(RoomShare share, Consumer<RoomShare> decision) {
        home.send(share.turn, () -> share.carryOut(() -> decision.accept(share)));
    }

    private RoomShare share(Membership membership) {
        Turn lane = membership.session.turn;
        RoomShare share = shares[lane.lane.index()];
        if (share == null) {
            share = new RoomShare(lane);
            shares[lane.lane.index()] = share;
        }
        return share;
    }
}
