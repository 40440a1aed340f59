package io.roomcast.engine;

import io.roomcast.protocol.CloseCode;
import java.time.Duration;
import java.util.Arrays;

/**
 * Finds the silent connections of one lane. Time is counted in ticks of an eighth of the heartbeat; a connection notes the
 * tick at which it last heard something, which costs it four bytes and no timer. Silent for seven ticks it is sent a ping;
 * silent for fifteen, so before two heartbeats have passed, it is closed with 4410.
 *
 * <p>Written on its lane only.
 */
final class Heartbeat {
    private static final int TICKS = 8;
    private static final int PING_AFTER = TICKS - 1;
    private static final int CLOSE_AFTER = 2 * TICKS - 1;

    private final Turn turn;
    private final long tickMillis;
    private LiveSession[] sessions = new LiveSession[16];
    private int size;
    private int tick;
    private boolean running;

    Heartbeat(Turn turn, Duration interval) {
        this.turn = turn;
        this.tickMillis = Math.max(1, interval.toMillis() / TICKS);
    }

    int tick() {
        return tick;
    }

    void add(LiveSession session) {
        if (size == sessions.length) {
            sessions = Arrays.copyOf(sessions, size * 2);
        }
        session.heartbeatSlot = size;
        session.heardTick = tick;
        sessions[size++] = session;
        if (!running) {
            running = true;
            turn.lane.executeAfter(this::beat, tickMillis);
        }
    }

    void remove(LiveSession session) {
        LiveSession last = sessions[--size];
        sessions[session.heartbeatSlot] = last;
        last.heartbeatSlot = session.heartbeatSlot;
        sessions[size] = null;
    }

    int size() {
        return size;
    }

    LiveSession at(int index) {
        return sessions[index];
    }

    private void beat() {
        tick++;
        // From the end, because ending a session moves the last one, which was looked at already, to its place.
        for (int i = size - 1; i >= 0; i--) {
            LiveSession session = sessions[i];
            if (session.isPaused()) {
                // It may have said something: we are the ones who do not listen.
                session.heardTick = tick;
            }
            int silent = tick - session.heardTick;
            if (silent == PING_AFTER) {
                session.connection.ping();
            } else if (silent >= CLOSE_AFTER) {
                session.end(CloseCode.HEARTBEAT_MISSED);
            }
        }
        running = size > 0;
        if (running) {
            turn.lane.executeAfter(this::beat, tickMillis);
        }
    }
}
