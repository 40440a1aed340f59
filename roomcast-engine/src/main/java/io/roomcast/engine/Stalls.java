package io.roomcast.engine;

import io.roomcast.protocol.CloseCode;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Finds the connections of one lane that are blocked and do not move: their sockets have taken nothing for
 * {@value #MOST_SECONDS} seconds although frames wait, whatever the kernel's buffers have swallowed before. They are closed
 * with 4008, so that what waits for them is bounded in time as the outbox bounds it in bytes. Where all that waits may be
 * dropped by its room's template, the connection stays, and its heartbeat decides. And when buffers are short
 * ({@link BufferBudget}), those that have more than their share are not waited for.
 *
 * <p>Written on its lane only; looks once a second while any connection is blocked, and not at all otherwise.
 */
final class Stalls {
    private static final int MOST_SECONDS = 8;
    private static final long TICK_MILLIS = 1_000;

    private final Turn turn;

    /** Each session once, however often it was blocked since the last look: who is looked at twice does not move in between. */
    private final Set<LiveSession> blocked = new LinkedHashSet<>();

    private boolean running;

    Stalls(Turn turn) {
        this.turn = turn;
    }

    /** This session has just become blocked; it is looked at until it is not. */
    void add(LiveSession session) {
        blocked.add(session);
        if (!running) {
            running = true;
            turn.lane.executeAfter(this::look, TICK_MILLIS);
        }
    }

    private void look() {
        blocked.removeIf(session -> !isStillBlocked(session));
        running = !blocked.isEmpty();
        if (running) {
            turn.lane.executeAfter(this::look, TICK_MILLIS);
        }
    }

    private static boolean isStillBlocked(LiveSession session) {
        if (!session.isBlocked()) {
            return false;
        }
        long pending = session.connection.pendingBytes();
        session.stalledSeconds = pending < session.pendingBytes ? 0 : session.stalledSeconds + 1;
        session.pendingBytes = pending;
        boolean stalls =
                session.stalledSeconds >= MOST_SECONDS && (session.hasWhatMustNotBeDropped() || session.isReplaying());
        if (stalls || session.hasTooMuch()) {
            session.end(CloseCode.SLOW_CONSUMER);
        }
        return session.isBlocked();
    }
}
