package io.roomcast.engine;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.MemberEntry;
import io.roomcast.protocol.MembersOption;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A session's place in a room, from its first request to join until it is out and nothing of it is under way any more.
 *
 * <p>Threads: the first group of fields is written and read on the session's lane only, the second on the room's home
 * lane only. What one needs of the other travels with the requests and replies between the two.
 */
final class Membership {
    final LiveSession session;
    final LiveRoom room;

    /** Session's lane: requests sent to the home lane so far. When the room has handled as many, nothing is under way. */
    int sent;

    /** Session's lane: whether the last request, as far as sent, leaves the session in the room. */
    boolean wanted;

    /** Session's lane: the audience it is in, null while it is no member. */
    @Nullable
    Audience audience;

    /** Session's lane: its index in the audience. */
    int slot;

    /** Session's lane: the run of which {@link #taken} speaks. */
    private int divergedRun;

    /** Session's lane: how many frames of that run it has had, or is to leave out. */
    private int taken;

    /** Session's lane: whether the connection has ended and the home lane has yet to say what becomes of this. */
    boolean unconfirmed;

    /** Home lane: its id as a number, 0 while it is no member. */
    long number;

    /** Home lane: the same as text, null as long as nobody has asked for it. */
    private @Nullable String id;

    /** Home lane: what it told about itself. */
    @Nullable
    Json about;

    /** Whether it was a member and is none any more. Written on the home lane; whoever brings a session back reads it. */
    volatile boolean isOver;

    /** Home lane: which news it gets. */
    MembersOption option = MembersOption.NONE;

    /** Home lane: the state that it will have from its join on, while that is under way. */
    @Nullable
    JoiningState joiningState;

    /** Home lane: whether keys of the room's state may belong to it. */
    boolean ownsKeys;

    /** Home lane: requests handled so far. */
    int handled;

    /** Home lane: whether an answer of the broker is awaited, or its turn to have a replay; later requests wait for it. */
    boolean awaiting;

    /** Home lane: whether a reply is due to a message of its own that the room has gathered. */
    boolean isOwedReply;

    /** Home lane: whether the connection is gone, so that it says and hears nothing more. */
    boolean dropped;

    /** Home lane: why it is to be removed, while its removal waits; null if none does. */
    @Nullable
    String removal;

    /** Home lane: what came while an answer was awaited, in order. Bounded by pausing the connection's reading. */
    @Nullable
    ArrayDeque<Runnable> waiting;

    /** Home lane: whether what has waited is being taken right now. */
    boolean goingOn;

    /** Home lane: whether reading was paused for the length of {@link #waiting}. */
    boolean paused;

    /** Home lane: how much had happened to the list when this member last saw it whole. */
    long sawEvent;

    /**
     * The absent membership that this one is to take over, null if there is none. Set before the first request goes to
     * the home lane, taken there.
     */
    private @Nullable Membership absent;

    /** @param absent of the same session on an earlier connection, null if there is none */
    Membership(LiveSession session, LiveRoom room, @Nullable Membership absent) {
        this.session = session;
        this.room = room;
        this.absent = absent;
    }

    /** Home lane: the membership to take over, once. */
    @Nullable
    Membership takeAbsent() {
        Membership taken = absent;
        absent = null;
        return taken;
    }

    int takenOf(int runNumber) {
        return divergedRun == runNumber ? taken : 0;
    }

    boolean hasDiverged(int runNumber) {
        return divergedRun == runNumber && taken > 0;
    }

    void diverge(int frames) {
        assert audience != null : "a member diverges from its audience";
        divergedRun = audience.runNumber;
        taken = frames;
    }

    /** Home lane: it is a member by this number from now on; by 0, none any more. */
    void number(long value) {
        number = value;
        id = null;
    }

    /** Home lane: its id as members see it; made once, for those that say something. */
    String id() {
        if (id == null) {
            id = Ids.member(number);
        }
        return id;
    }

    boolean isMember() {
        return number != 0;
    }

    /** How much its entry takes in a frame, about. */
    long entryBytes() {
        String user = session.user();
        return 32 + (user == null ? 0 : 2L * user.length() + 10) + (about == null ? 0 : about.length() + 10);
    }

    MemberEntry entry() {
        return new MemberEntry(Ids.member(number), session.user(), about);
    }
}
