package io.roomcast.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Netty's leak detector, which tells nobody but the log, made to tell the tests: how many buffers are in use, and which
 * were lost. Netty makes it by name, hence public; see the surefire settings of this module.
 */
public final class BufferWatch<T> extends ResourceLeakDetector<T> {
    private static final List<BufferWatch<?>> ALL = new CopyOnWriteArrayList<>();
    private static final Queue<String> LOST = new ConcurrentLinkedQueue<>();
    private static final AtomicLong CANARIES = new AtomicLong();
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(20);

    /** Between two collections, each of which stops all of the process. */
    private static final int LOOKS = 20;

    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    public BufferWatch(Class<?> resource, int samplingInterval) {
        super(resource, samplingInterval);
        ALL.add(this);
    }

    public BufferWatch(Class<?> resource, int samplingInterval, long maxActive) {
        this(resource, samplingInterval);
    }

    /** How many buffers have been allocated and not yet released. */
    static int inUse() {
        return ALL.stream().mapToInt(watch -> watch.open().size()).sum();
    }

    /**
     * The buffers that nobody released and nobody can any more. It loses one itself and waits until that is found, so
     * that an empty answer means something.
     */
    static List<String> lost() {
        String canary = "canary " + CANARIES.incrementAndGet();
        ByteBufAllocator.DEFAULT.buffer().touch(canary);
        long deadline = System.nanoTime() + DEADLINE;
        while (!isKnown(canary)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the leak detector does not work: is its level paranoid?");
            }
            System.gc();
            // What it has found comes by a thread of its own; and bystanders of another scene are to breathe in
            // between.
            for (int looks = 0; looks < LOOKS && !isKnown(canary); looks++) {
                LockSupport.parkNanos(PACE_NANOS);
                ByteBufAllocator.DEFAULT.buffer().release(); // looks through what has come
            }
        }
        return LOST.stream().filter(record -> !record.contains("canary ")).toList();
    }

    private static boolean isKnown(String canary) {
        return LOST.stream().anyMatch(record -> record.contains(canary));
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resource, String records) {
        LOST.add(resource + records);
    }

    @Override
    protected void reportUntracedLeak(String resource) {
        LOST.add(resource);
    }

    private Collection<?> open() {
        try {
            Field open = ResourceLeakDetector.class.getDeclaredField("allLeaks");
            open.setAccessible(true);
            return (Collection<?>) open.get(this);
        } catch (ReflectiveOperationException otherNetty) {
            throw new LinkageError(otherNetty.getMessage(), otherNetty);
        }
    }
}
