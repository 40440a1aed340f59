package io.roomcast.engine;

import io.roomcast.protocol.MembersOption;
import java.util.Arrays;

/**
 * The members of one room on one lane that asked for the same frames, so that the same run is pending for all of them.
 * Written on that lane only.
 *
 * <p>A frame for all is appended to the run once, whatever the number of members. A member that gets something of its own
 * in between <i>diverges</i> for this turn: what it has of the run so far goes into its own outbox, the private frame
 * behind it, and {@link Membership#taken} remembers where it goes on. So a reply stands at its place in the order and the
 * others notice nothing.
 */
final class Audience {
    private static final Membership[] NOBODY = {};

    final RoomShare share;

    /** What they asked for. */
    final MembersOption option;

    /** Whether they take the room's state. */
    final boolean takesState;

    /** What this turn has for all members; emptied when it has been written. */
    final Run run = new Run();

    /** Dense: the first {@link #size} places, in no order that means anything. */
    Membership[] members = NOBODY;

    int size;

    /** Counts runs, so that what a membership noted in an earlier run is not mistaken for this one. */
    int runNumber = 1;

    /** Whether the lane's turn has it on its list. */
    boolean dirty;

    /** How many members have been given the current run: more than 0 only while a large audience is written in slices. */
    int written;

    Audience(RoomShare share, MembersOption option, boolean takesState) {
        this.share = share;
        this.option = option;
        this.takesState = takesState;
    }

    void enter(Membership membership) {
        if (size == members.length) {
            members = Arrays.copyOf(members, Math.max(1, size * 2));
        }
        members[size] = membership;
        membership.audience = this;
        membership.slot = size++;
        membership.diverge(run.size());
    }

    /** Takes the member out; its share of the run goes to its outbox first. */
    void exit(Membership membership) {
        catchUp(membership);
        Membership last = members[--size];
        members[size] = null;
        if (last != membership) {
            members[membership.slot] = last;
            last.slot = membership.slot;
        }
        if (size < members.length / 4) {
            members = size == 0 ? NOBODY : Arrays.copyOf(members, members.length / 2);
        }
        membership.audience = null;
    }

    /** Appends a frame for everybody and takes over the caller's reference. */
    void add(EncodedFrame frame) {
        if (size == 0) {
            frame.release();
            return;
        }
        run.add(frame);
        share.turn.dirty(this);
    }

    /** Moves what the member has not yet had of the run into its own outbox. */
    void catchUp(Membership membership) {
        int from = membership.takenOf(runNumber);
        if (from < run.size()) {
            membership.session.queueFrom(run, from);
        }
        membership.diverge(run.size());
    }

    /** Leaves out the frame that will be appended next, for this member only. */
    void skipNext(Membership membership) {
        catchUp(membership);
        membership.diverge(run.size() + 1);
    }

    /** The run has been written to all. */
    void startNewRun() {
        run.clear();
        runNumber++;
        written = 0;
    }
}
