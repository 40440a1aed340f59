package io.roomcast.engine;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.RequestId;
import io.roomcast.protocol.ServerMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * That part of a session by which it outlives its connection. Only sessions that were asked for have one.
 *
 * <h2>Threads</h2>
 *
 * Each connection that has the session has a grace of its own, which is written on that connection's lane only. What
 * goes from one to the next goes as a task from lane to lane. Who is next is decided in {@link Sessions}, in one atomic
 * step, so that each has at most one successor and they form a chain.
 *
 * <h2>How a session is brought back</h2>
 *
 * <ol>
 *   <li>The connection ends: each membership is made {@link LiveRoom#absent absent} at its home lane, which confirms it.
 *   <li>Another connection claims the session. The one before it is ended if it is still there (4409); as soon as all is
 *       confirmed it hands its memberships over by name: they stay where they are, with this session, on this lane.
 *   <li>A join of the new connection takes its membership over, at the home lane, so in one instant of the room.
 *   <li>Whatever has not been taken over when the time has passed, is dropped.
 * </ol>
 *
 * <h2>Memory</h2>
 *
 * Nothing is stored for a session with a connection but this object and an entry in {@link Sessions}.
 */
final class Grace {
    private final long number;
    private final LiveSession session;
    private final Rooms rooms;
    private final Sessions sessions;

    /** Memberships of connections before this one, by room, that this one has not taken over yet. */
    private final Map<String, Membership> inherited = new HashMap<>(2);

    /** Whose reply waits until the connection before this one has handed over; null if none does. */
    private @Nullable RequestId restoring;

    /** Whether the connection has ended and the time runs. */
    private boolean isWaiting;

    /** How many memberships it had then. */
    private int weight;

    /** Memberships of which the home lane has yet to say whether they are absent or over. */
    private int unconfirmed;

    /** Who has claimed the session and waits to be handed over to; null if nobody does. */
    private @Nullable LiveSession successor;

    private boolean handedOver;

    /** Whether nothing can be brought back from here any more. */
    private boolean isOver;

    /** By the clock's monotonic time. */
    private long untilNanos;

    private boolean timerRuns;

    /**
     * The session's part on a connection.
     *
     * @param number that of the connection on which the session began
     * @param restoring the request that brings the session back, null if it is a new one
     */
    Grace(long number, LiveSession session, Rooms rooms, @Nullable RequestId restoring) {
        this.number = number;
        this.session = session;
        this.rooms = rooms;
        this.sessions = rooms.sessions();
        this.restoring = restoring;
    }

    long number() {
        return number;
    }

    // ---- The connection is there

    /** The membership that a join of this room may take over. */
    @Nullable
    Membership absentIn(String room) {
        return inherited.get(room);
    }

    /** The room has been joined or left on this connection: what there was before is not to be taken over any more. */
    void forget(String room) {
        if (!inherited.isEmpty()) {
            inherited.remove(room);
        }
    }

    /** The membership that a leave of this room is to end although the room was not joined on this connection. */
    @Nullable
    Membership takeAbsent(String room) {
        return inherited.remove(room);
    }

    // ---- The connection has ended

    /** Begins to wait, if an end with this code allows it. Else all is over now. */
    void connectionEnded(int closeCode) {
        weight = session.memberships.size();
        if (!sessions.mayWait(closeCode, weight)) {
            sessions.end(number, session);
            dropAll();
            return;
        }
        isWaiting = true;
        waitAnew();
        inherited.values().forEach(absent -> atHolder(absent, Grace::waitAnew));
        unconfirmed = weight;
        session.memberships.forEach(membership -> {
            membership.sent++;
            membership.unconfirmed = true;
            LiveRoom room = membership.room;
            if (membership.wanted) {
                session.turn.send(room.turn, () -> room.absent(membership));
            } else {
                // Its last word was to leave; whether the room has taken it or it still waits there.
                session.turn.send(room.turn, () -> room.drop(membership));
            }
        });
        handOverIfReady();
    }

    /** A membership is absent, or has turned out to be none. */
    void confirmed(Membership membership) {
        if (membership.unconfirmed) {
            membership.unconfirmed = false;
            unconfirmed--;
            handOverIfReady();
        }
    }

    /** The whole time once more. */
    private void waitAnew() {
        untilNanos = rooms.clock().nanoTime() + sessions.grace().toNanos();
        if (!timerRuns && !isOver) {
            timerRuns = true;
            session.turn.lane.executeAfter(this::look, sessions.grace().toMillis());
        }
    }

    private void look() {
        timerRuns = false;
        long restNanos = untilNanos - rooms.clock().nanoTime();
        if (isOver) {
            return;
        }
        if (restNanos > 0) {
            timerRuns = true;
            session.turn.lane.executeAfter(this::look, TimeUnit.NANOSECONDS.toMillis(restNanos) + 1);
        } else {
            end();
        }
    }

    /** The time is over, or there is none any more. */
    void end() {
        if (!isWaiting || isOver) {
            return;
        }
        if (!handedOver && !sessions.end(number, session)) {
            waitAnew(); // Somebody has claimed it at this moment; the word of it is on its way.
            return;
        }
        dropAll();
    }

    private void dropAll() {
        isOver = true;
        if (isWaiting) {
            sessions.waitsNoMore(weight);
        }
        rooms.dispatcher().dropAll(session);
        inherited.values().forEach(absent -> atHolder(absent, grace -> grace.dropOne(absent)));
        inherited.clear();
        handOverIfReady();
    }

    private void dropOne(Membership absent) {
        if (session.memberships.get(absent.room.id) == absent) {
            rooms.dispatcher().drop(absent);
        }
    }

    // ---- From one connection to the next

    /** This connection has claimed the session. */
    void handOver(LiveSession to) {
        successor = to;
        session.end(CloseCode.CONNECTED_AGAIN);
        handOverIfReady();
    }

    private void handOverIfReady() {
        LiveSession to = successor;
        if (to == null || !(isWaiting || isOver) || unconfirmed > 0 || restoring != null) {
            return;
        }
        successor = null;
        handedOver = true;
        Map<String, Membership> absent = new HashMap<>();
        if (!isOver) {
            session.memberships.forEach(membership -> absent.put(membership.room.id, membership));
            inherited.values().forEach(older -> inherit(absent, older));
            absent.values().forEach(membership -> atHolder(membership, Grace::waitAnew));
        }
        inherited.clear();
        session.turn.send(to.turn, () -> to.restored(absent));
    }

    /** As many as one connection may be in are passed on, its own before older ones; or they would gather on and on. */
    private void inherit(Map<String, Membership> absent, Membership older) {
        if (older.isOver || absent.containsKey(older.room.id)) {
            return;
        }
        if (absent.size() < rooms.limits().get(Limit.ROOMS_PER_CONNECTION)) {
            absent.put(older.room.id, older);
        } else {
            atHolder(older, grace -> grace.dropOne(older));
        }
    }

    /** The connection before this one has handed these memberships over. */
    void restored(Map<String, Membership> absent) {
        RequestId request = restoring;
        restoring = null;
        inherited.putAll(absent);
        inherited.values().removeIf(was -> was.isOver || isLeftBehind(was));
        if (isOver) {
            inherited.values().forEach(membership -> atHolder(membership, grace -> grace.dropOne(membership)));
            inherited.clear();
        } else if (!session.isGone() && request != null) {
            rooms.counters().restored.increment();
            session.tell(
                    reply(request, true, inherited.keySet().stream().sorted().toList()));
            session.goOn();
        }
        handOverIfReady();
    }

    /** The reply to a request for this session. */
    ServerMessage.Session reply(RequestId request, boolean restored, List<String> stillIn) {
        return new ServerMessage.Session(
                request, sessions.secret(number), sessions.grace().toMillis(), restored, stillIn);
    }

    /**
     * Whether this connection is in the room by itself; then the older membership ends with the grace, however often the
     * session is handed on.
     */
    private boolean isLeftBehind(Membership older) {
        if (session.memberships.get(older.room.id) == null) {
            return false;
        }
        atHolder(older, grace -> grace.dropLater(older));
        return true;
    }

    private void dropLater(Membership absent) {
        session.turn.lane.executeAfter(() -> dropOne(absent), sessions.grace().toMillis());
    }

    private interface Step {
        void take(Grace grace);
    }

    /** Does something with the grace that holds this membership, on its lane. */
    private void atHolder(Membership absent, Step step) {
        LiveSession holder = absent.session;
        session.turn.send(holder.turn, () -> {
            Grace grace = holder.grace;
            if (grace != null) {
                step.take(grace);
            }
        });
    }
}
