package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The timer of a lane on a ring: an operation of the ring's own for the task that is due first.
 *
 * <p>A task given to the loop's own timer would do the same, but as long as one is there, each wait of the loop takes an
 * operation more to end it in time. Here a wait has nothing to do with the tasks, and an operation stays until it is due.
 *
 * <p>Used on its lane only. An operation is added only if it is due before all that are under way, and it comes back before
 * them; so they are a stack, and no more than the tasks.
 */
final class RingTimer implements IoUringIoHandle {
    // Linux, io_uring.h; io_uring_enter(2).
    private static final byte TIMEOUT = 11;
    private static final int NO_DESCRIPTOR = -1;
    /** The kernel's timespec: seconds, then nanoseconds, each of 64 bits. */
    private static final int TIMESPEC_BYTES = 16;

    /** As far from now as a task may be due: 146 years, so that any two can be compared (see {@link System#nanoTime}). */
    private static final long MOST_NANOS = Long.MAX_VALUE / 2;

    private record Task(long dueNanos, long turn, Runnable what) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int order = Long.compare(dueNanos - other.dueNanos, 0);
            return order == 0 ? Long.compare(turn, other.turn) : order;
        }
    }

    private final UringLane lane;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();

    /** The order in which tasks came, for those that are due at the same time. */
    private long turns;

    /** When the operations under way are due, the first at the end. */
    private long[] underWay = new long[4];

    private int underWayCount;

    /**
     * Read by the kernel when the ring is submitted. If there are two operations until then, the second is due earlier, and
     * the first comes back early with it, which does no harm.
     */
    private final ByteBuf timespec = Unpooled.directBuffer(TIMESPEC_BYTES, TIMESPEC_BYTES);

    /** Null until it is registered with the loop, which it is with the first task. */
    private @Nullable IoRegistration registration;

    /** The loop ends: nothing is due any more. */
    private boolean closed;

    /** What the kernel knows the operations by. */
    private long known;

    RingTimer(UringLane lane) {
        this.lane = lane;
    }

    /** The time of {@link System#nanoTime} that is so far from now; what is over already is now. */
    static long dueIn(long delayMillis) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(delayMillis);
        return System.nanoTime() + Math.max(0, Math.min(nanos, MOST_NANOS));
    }

    /** Runs the task on the lane as soon as that time of {@link System#nanoTime} has come. */
    void add(Runnable what, long dueNanos) {
        assert lane.inLane();
        if (closed) {
            return;
        }
        tasks.add(new Task(dueNanos, turns++, what));
        watch();
    }

    /** How many tasks are not due yet. */
    int size() {
        assert lane.inLane();
        return tasks.size();
    }

    /** How many operations are under way. */
    int underWay() {
        assert lane.inLane();
        return underWayCount;
    }

    /** Makes sure that an operation comes back when the first task is due. */
    private void watch() {
        Task first = tasks.peek();
        if (first == null || (underWayCount > 0 && underWay[underWayCount - 1] - first.dueNanos <= 0)) {
            return;
        }
        if (underWayCount == underWay.length) {
            underWay = Arrays.copyOf(underWay, 2 * underWayCount);
        }
        underWay[underWayCount++] = first.dueNanos;
        long nanos = Math.max(0, first.dueNanos - System.nanoTime());
        long second = TimeUnit.SECONDS.toNanos(1);
        timespec.setLongLE(0, nanos / second).setLongLE(Long.BYTES, nanos % second);
        known = registration()
                .submit(UringLane.operation(TIMEOUT, NO_DESCRIPTOR, UringLane.address(timespec), 1, 0, 0));
    }

    private IoRegistration registration() {
        if (registration == null) {
            try {
                registration = lane.register(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return registration;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        if (((IoUringIoEvent) event).opcode() == TIMEOUT && underWayCount > 0) {
            underWayCount--;
            runThoseDue();
            watch();
        }
    }

    private void runThoseDue() {
        long now = System.nanoTime();
        Task first = tasks.peek();
        while (first != null && first.dueNanos - now <= 0) {
            tasks.remove();
            lane.execute(first.what); // in this turn; by the loop, which knows what to do with exceptions
            first = tasks.peek();
        }
    }

    /** The loop ends, and waits for all operations. */
    @Override
    public void close() {
        closed = true;
        tasks.clear();
        IoRegistration registered = registration;
        if (registered != null) {
            if (underWayCount > 0) {
                registered.submit(
                        UringLane.operation(UringLane.CANCEL, NO_DESCRIPTOR, known, 0, UringLane.CANCEL_ALL, 0));
            }
            registered.cancel();
        }
    }

    /** Gives its memory back, when the loop has ended. */
    void release() {
        timespec.release();
    }
}
