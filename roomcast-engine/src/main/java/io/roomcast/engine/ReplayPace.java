package io.roomcast.engine;

import java.util.ArrayDeque;

/**
 * Lets out so many bytes of past messages, and of lists, in each turn of a lane, that what is live goes on in between: when
 * ten thousand clients come back at once, their replays take their turns, and a message published meanwhile waits for one
 * turn's share of them and not for all. Used on its lane only.
 *
 * <p>What waits is bounded by one replay for each connection: see {@link LiveSession#replayBegins}.
 */
final class ReplayPace {
    /** Enough that the turn's other work weighs little, little enough to be written in a fraction of a millisecond. */
    private static final long BYTES_PER_TURN = 262_144;

    private final Turn turn;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    /** What is kept for replays that are alike, to be let go when none waits any more. */
    private final ArrayDeque<Runnable> whenIdle = new ArrayDeque<>();

    private long bytes;
    private boolean endIsPlanned;

    ReplayPace(Turn turn) {
        this.turn = turn;
    }

    /** Runs this replay now or in a later turn, behind those that came before it. It says by {@link #spend} what it cost. */
    void run(Runnable replay) {
        if (waiting.isEmpty() && bytes < BYTES_PER_TURN) {
            replay.run();
        } else {
            waiting.add(replay);
            planEnd();
        }
    }

    void spend(long replayBytes) {
        bytes += replayBytes;
        planEnd();
    }

    /** Runs this at the end of a turn after which no replay waits. */
    void whenIdle(Runnable letGo) {
        whenIdle.add(letGo);
        planEnd();
    }

    private void planEnd() {
        assert turn.lane.inLane();
        if (!endIsPlanned) {
            endIsPlanned = true;
            turn.lane.atEndOfTurn(this::end);
        }
    }

    private void end() {
        endIsPlanned = false;
        bytes = 0;
        if (!waiting.isEmpty()) {
            turn.lane.execute(this::goOn);
            return;
        }
        while (!whenIdle.isEmpty()) {
            whenIdle.remove().run();
        }
    }

    private void goOn() {
        while (bytes < BYTES_PER_TURN && !waiting.isEmpty()) {
            waiting.remove().run();
        }
        planEnd();
    }
}
