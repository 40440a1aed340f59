package io.roomcast.bench;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One membership as its client sees it, from the join sent to the {@code left} received or the connection's end. */
final class Membership {
    enum State {
        /** The join is sent and not answered. */
        ASKED,
        /** Between {@code joined} and {@code left}. */
        IN,
        /** {@code left} has arrived. */
        LEFT,
        /** The connection was closed with 1000, and the server answered that: all that was sent before has counted. */
        CLOSED,
        /** The connection was cut: what was under way may have counted or not. */
        DROPPED
    }

    /** What a member has seen of one publisher: from which of its messages to which. */
    static final class Run {
        int first;
        int last;
    }

    /** Stands in the publisher field of its messages; 1 or more, never used twice in a run. */
    final int key;

    final Seat seat;
    State state = State.ASKED;
    /** What the latest answered join asked for. */
    Watch watch = Watch.NOTHING;

    @Nullable
    String memberId;

    /** The same as it stands in frames. */
    byte @Nullable [] memberIdBytes;

    @Nullable
    RoomLife life;

    /** The offset of the first {@code joined}. */
    long cut;

    /** The offset of the latest {@code joined}: the one the next live message has to follow. */
    long latestCut;

    /** The highest offset seen. */
    long last;

    /** How many messages this member has published. */
    int sent;

    /** How many times it told about itself; the number stands in its {@code member}. */
    int told;

    /** What this member saw of each publisher. */
    final Map<Membership, Run> runs = new HashMap<>();

    /** The list as it is after all news, by member id: key and number of tellings. Null unless asked for. */
    @Nullable
    Map<String, Long> list;

    /** The latest count, in the reply or in news. */
    int count;

    /** The latest complete reply to a {@code members} request, and how many have come. */
    @Nullable
    Map<String, Long> answeredList;

    int listsAnswered;

    /** Offsets reported as lost; one that comes later was reordered. Empty in a good run. */
    final Set<Long> missing = new HashSet<>();

    Membership(int key, Seat seat) {
        this.key = key;
        this.seat = seat;
    }

    /** What others must have on their lists about this member. */
    long about() {
        return about(key, told);
    }

    static long about(int key, int told) {
        return ((long) key << 32) | told;
    }

    /** The last of the publisher's messages that this member saw, 0 for none. */
    int seenOf(Membership publisher) {
        Run run = runs.get(publisher);
        return run == null ? 0 : run.last;
    }

    @Override
    public String toString() {
        return "membership " + key + " (" + seat.view + ", room " + seat.room + ", member " + memberId + ", " + state
                + ", cut " + cut + ", last " + last + ", sent " + sent + ")";
    }
}
