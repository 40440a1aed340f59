package io.roomcast.testkit;

import io.netty.buffer.ByteBuf;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A lane without a thread: it works when a test calls {@link #turn()}, on the test's thread. What the engine may not do
 * to a lane (a second write to a connection in a turn, a write from outside, to a blocked or ended connection) is noted
 * in {@link #complaints()} rather than thrown, since an engine may catch what its callees throw.
 */
public final class ScriptedLane implements Lane {
    private final int index;
    private final ManualClock clock;

    /** Given from any thread, run by the turns; as long as the engine makes it. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Given from any thread, run by the turns; guarded by itself. */
    private final PriorityQueue<DelayedTask> delayed = new PriorityQueue<>();

    private final ArrayDeque<Runnable> endOfTurn = new ArrayDeque<>();
    private final Set<Connection> writtenThisTurn = new HashSet<>();
    private final List<WriteCall> lastTurn = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    /** Runs that were handed to {@link #write} and are still held by somebody; those let go are dropped each turn. */
    private final List<ByteBuf> heldRuns = new ArrayList<>();

    /** The thread that runs a turn, which is the lane while it does. */
    private volatile @Nullable Thread running;

    /** Guarded by {@link #delayed}; keeps delayed tasks of one time in their order. */
    private long delayedCount;

    private long writeCalls;

    public ScriptedLane(int index, ManualClock clock) {
        this.index = index;
        this.clock = clock;
    }

    /**
     * One call of {@link #write}.
     *
     * @param connections those written to, in the order given
     * @param run the engine's buffer; its content is only valid while somebody holds it
     * @param bytes what the run held
     */
    @SuppressWarnings("ArrayRecordComponent") // a test compares its content, never two calls
    public record WriteCall(List<RecordingConnection> connections, ByteBuf run, byte[] bytes) {}

    private record DelayedTask(long dueNanos, long sequence, Runnable task) implements Comparable<DelayedTask> {
        @Override
        public int compareTo(DelayedTask other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inLane() {
        return Thread.currentThread() == running;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void executeAfter(Runnable task, long delayMillis) {
        synchronized (delayed) {
            delayed.add(new DelayedTask(clock.nanoTime() + delayMillis * 1_000_000, delayedCount++, task));
        }
    }

    @Override
    public void atEndOfTurn(Runnable task) {
        complainUnless(inLane(), "atEndOfTurn was called from outside the lane");
        endOfTurn.add(task);
    }

    @Override
    public void write(Connection[] connections, int count, ByteBuf run) {
        complainUnless(inLane(), "write was called from outside the lane");
        complainUnless(count > 0 && run.isReadable(), "write was called with nothing to write");
        writeCalls++;
        heldRuns.add(run);
        byte[] bytes = new byte[run.readableBytes()];
        run.getBytes(run.readerIndex(), bytes);
        RecordingConnection[] written = new RecordingConnection[count];
        for (int i = 0; i < count; i++) {
            written[i] = (RecordingConnection) connections[i];
            complainUnless(writtenThisTurn.add(written[i]), "a connection was written to twice in one turn");
            written[i].take(run, bytes);
        }
        lastTurn.add(new WriteCall(List.copyOf(Arrays.asList(written)), run, bytes));
    }

    /** One turn with all the tasks that are there at its beginning. */
    public void turn() {
        turn(Integer.MAX_VALUE);
    }

    /** One turn with at most so many of the tasks that are there at its beginning, then all end-of-turn tasks. */
    public void turn(int mostTasks) {
        if (running != null) {
            throw new IllegalStateException("Lane " + index + " is in a turn already");
        }
        running = Thread.currentThread();
        try {
            writtenThisTurn.clear();
            lastTurn.clear();
            heldRuns.removeIf(run -> run.refCnt() == 0);
            makeDueTasksReady();
            for (int left = Math.min(mostTasks, tasks.size()); left > 0; left--) {
                tasks.remove().run();
            }
            while (!endOfTurn.isEmpty()) {
                endOfTurn.remove().run();
            }
        } finally {
            running = null;
        }
    }

    /** Turns until there is nothing left to do at the present time. */
    public void turnUntilIdle() {
        while (hasWork()) {
            turn();
        }
    }

    /** Whether a turn would do anything at the present time. */
    public boolean hasWork() {
        if (!tasks.isEmpty() || !endOfTurn.isEmpty()) {
            return true;
        }
        synchronized (delayed) {
            DelayedTask next = delayed.peek();
            return next != null && next.dueNanos <= clock.nanoTime();
        }
    }

    /** How many tasks wait for their turn, those of a later time not counted. */
    int waitingTasks() {
        return tasks.size();
    }

    /** How many tasks wait for their time. */
    int delayedTasks() {
        synchronized (delayed) {
            return delayed.size();
        }
    }

    /** How often {@link #write} was called, in all turns. */
    public long writeCalls() {
        return writeCalls;
    }

    /** The calls of {@link #write} in the last turn. */
    public List<WriteCall> lastTurn() {
        return List.copyOf(lastTurn);
    }

    /** How many of the runs written so far somebody still holds. */
    public int heldRuns() {
        heldRuns.removeIf(run -> run.refCnt() == 0);
        return heldRuns.size();
    }

    /** What the engine did that a lane or a connection does not allow. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    void complainUnless(boolean allowed, String complaint) {
        if (!allowed) {
            complaints.add("lane " + index + ": " + complaint);
        }
    }

    ManualClock clock() {
        return clock;
    }

    private void makeDueTasksReady() {
        synchronized (delayed) {
            while (!delayed.isEmpty() && delayed.peek().dueNanos <= clock.nanoTime()) {
                tasks.add(delayed.remove().task);
            }
        }
    }
}
