package io.roomcast.engine;

import io.netty.buffer.ByteBuf;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A lane that works when the test says so, on the test's thread. Timers run when the test says so, whatever their delay. */
final class FakeLane implements Lane {
    private final int index;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> timers = new ArrayDeque<>();
    private final Queue<Runnable> ends = new ArrayDeque<>();
    private volatile @Nullable Thread working;

    /** Runs before each write. */
    Runnable beforeWrite = () -> {};

    FakeLane(int index) {
        this.index = index;
    }

    static List<FakeLane> lanes(int count) {
        List<FakeLane> lanes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lanes.add(new FakeLane(i));
        }
        return lanes;
    }

    /** One turn: the tasks there are, this one first, then what was left for the end. */
    void turn(Runnable first) {
        working = Thread.currentThread();
        try {
            first.run();
            for (int left = tasks.size(); left > 0; left--) {
                tasks.remove().run();
            }
            for (Runnable end = ends.poll(); end != null; end = ends.poll()) {
                end.run();
            }
        } finally {
            working = null;
        }
    }

    /** Turn after turn of all lanes, until none has anything left to do. */
    static void work(List<FakeLane> lanes) {
        while (lanes.stream().anyMatch(lane -> !lane.tasks.isEmpty() || !lane.ends.isEmpty())) {
            lanes.forEach(lane -> lane.turn(() -> {}));
        }
    }

    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    int timers() {
        return timers.size();
    }

    void timersPass() {
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        turn(() -> due.forEach(Runnable::run));
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inLane() {
        return working == Thread.currentThread();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void executeAfter(Runnable task, long delayMillis) {
        timers.add(task);
    }

    @Override
    public void atEndOfTurn(Runnable task) {
        ends.add(task);
    }

    @Override
    public void write(Connection[] connections, int count, ByteBuf run) {
        beforeWrite.run();
        for (int i = 0; i < count; i++) {
            ((FakeClient) connections[i]).receive(run.duplicate());
        }
    }
}
