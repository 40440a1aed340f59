package io.roomcast.testkit;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One membership that a client knows it has or had. With a session it may pass from one connection to the next. */
final class Member {
    static final long NEVER = Long.MAX_VALUE;

    final String id;
    final MessageOrder order;
    final long joinSentAtStep;
    final long joinReadAtStep;
    private final World world;

    /** All connections that have had it. */
    private final Set<SimulatedClient> clients = new HashSet<>();

    /** The connection that has joined with it last. */
    SimulatedClient client;

    /** When something happened that will end it, whatever becomes of its connection: a leave was sent, it was removed. */
    long endingSinceStep = NEVER;

    /** When it had surely ended. */
    long endedAtStep = NEVER;

    /** Whether its session has left the room without joining: that has been answered, and is done when all is quiet. */
    boolean wasLeft;

    /** Which of its connection's texts is its leave, if nothing can have kept that from the room once it was read. */
    long leaveText = NEVER;

    /** The number in what it last told about itself. */
    long told;

    /** Whether it may have told something else: a request was under way when its connection was lost. */
    boolean mayHaveToldMore;

    /** When its grace ends whatever happens, because its session may have another membership in the room. */
    private long standsUntilNanos = NEVER;

    /** Whether its session may have another membership in the room; and since when all was quiet then. */
    private boolean isLeftBehind;

    private long quietSinceNanos = NEVER;

    /** Whether the time of its grace may have passed before its session was brought back. */
    boolean mayHaveExpired;

    /** The last step at which it was seen to be absent. */
    private long absentAtStep = -1;

    Member(
            String id,
            SimulatedClient client,
            MessageOrder order,
            long joinSentAtStep,
            long joinReadAtStep,
            World world) {
        this.id = id;
        this.client = client;
        this.order = order;
        this.joinSentAtStep = joinSentAtStep;
        this.joinReadAtStep = joinReadAtStep;
        this.world = world;
        clients.add(client);
    }

    @Nullable
    SessionModel session() {
        return client.sessions.session();
    }

    /** Whether this connection has had it, or has had its session. */
    boolean wasOf(SimulatedClient connection) {
        return clients.contains(connection) || connection.sessions.mayHave(session());
    }

    void ending(long step) {
        endingSinceStep = Math.min(endingSinceStep, step);
    }

    void ended(long step) {
        if (!hasSurelyEnded()) {
            world.note(this, "has ended", "");
        }
        ending(step);
        endedAtStep = Math.min(endedAtStep, step);
    }

    /** This connection has brought the session back and has joined again. */
    void joinedAgainBy(SimulatedClient connection) {
        absentAtStep = world.step;
        leaveText = NEVER;
        mayHaveExpired = false;
        standsUntilNanos = NEVER;
        isLeftBehind = false;
        quietSinceNanos = NEVER;
        client = connection;
        clients.add(connection);
    }

    /** Its session may have another membership in the room by then: this one may wait a grace from then on, not longer. */
    void leftBehind(long nanos) {
        isLeftBehind = true;
        standsUntilNanos = Math.min(standsUntilNanos, nanos + world.grace.toNanos());
    }

    /** Its session has another membership in the room, with which it has joined: this one waits for nobody. */
    void leftBehind() {
        mayHaveExpired |= !isLeftBehind;
        isLeftBehind = true;
    }

    boolean isLeftBehind() {
        return isLeftBehind;
    }

    boolean isAbsent() {
        return !client.isLive();
    }

    /** Whether it was without a connection at some time from this step on. */
    boolean wasAbsentSince(long step) {
        return isAbsent() || absentAtStep >= step;
    }

    /** Whether nothing has happened that could have ended it. */
    boolean isSurelyThere() {
        if (endingSinceStep != NEVER) {
            return false;
        }
        if (world.clock.nanoTime() >= standsUntilNanos) {
            return false;
        }
        SessionModel session = session();
        return session == null ? client.isLive() : session.surelyStands(this);
    }

    boolean hasSurelyEnded() {
        return endedAtStep != NEVER;
    }

    /** All is quiet: what was ending has ended, unless its connection is there and has not read it. */
    void quiet() {
        if (hasSurelyEnded() || !isAbsent()) {
            return;
        }
        boolean leaveWasTaken = leaveWasTaken();
        if (wasLeft || leaveWasTaken) {
            world.countIf(leaveWasTaken && session() != null, Exercised.LEAVES_BEFORE_THE_END);
            ended(world.step);
            return;
        }
        if (isLeftBehind && quietSinceNanos == NEVER) {
            quietSinceNanos = world.clock.nanoTime();
        }
        if (client.sessions.leavesNothingBehind() && (!isLeftBehind || world.isPastGrace(quietSinceNanos))) {
            boolean byGrace = client.sessions.session() != null && !client.end.isForGood();
            if (byGrace && endingSinceStep == NEVER) {
                world.tally.count(Exercised.MEMBERSHIPS_ENDED_BY_GRACE);
            }
            ended(world.step);
        }
    }

    /** A request that was read takes effect (PROTOCOL.md, order), though its connection has ended before the reply. */
    private boolean leaveWasTaken() {
        return client.end.isByPeer()
                && client.connection.closeCode() == null
                && client.connection.textsRead() >= leaveText;
    }

    void hasTold(long number) {
        told = number;
        mayHaveToldMore = false;
    }

    boolean mayHaveTold(long number) {
        return told == number || mayHaveToldMore;
    }

    @Override
    public String toString() {
        return id + " of " + client + (isAbsent() ? " (absent)" : "");
    }
}
