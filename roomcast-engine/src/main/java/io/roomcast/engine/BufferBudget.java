package io.roomcast.engine;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.function.LongSupplier;

/**
 * What all connections together may have waiting in buffers, so that many slow ones cannot do what one cannot: each stays
 * within its outbox, a thousand of them would still take all the memory there is, and the server with it.
 *
 * <p>Up to half of the budget nobody notices it. From there on what one connection may have waiting shrinks, so that those
 * with the most are ended first, down to nothing at the end of the budget. Buffers are counted as the allocator counts
 * them, in chunks and whoever uses them; the budget is half of what the JVM gives to buffers, which, unless
 * {@code MaxDirectMemorySize} says otherwise, is as much as the heap may grow to. From any lane.
 */
final class BufferBudget {
    private final LongSupplier used;
    private final long most;

    BufferBudget(LongSupplier used, long most) {
        this.used = used;
        this.most = most;
    }

    /** The budget of this JVM; one without an end if the allocator does not count. */
    static BufferBudget of(ByteBufAllocator allocator) {
        return allocator instanceof ByteBufAllocatorMetricProvider counting
                ? new BufferBudget(
                        counting.metric()::usedDirectMemory,
                        Runtime.getRuntime().maxMemory() / 2)
                : new BufferBudget(() -> 0, Long.MAX_VALUE);
    }

    /** What may wait for one connection now, if it may be so much when there is plenty. */
    long share(long plenty) {
        long free = free();
        long half = most / 2;
        return free >= half ? plenty : (long) ((double) plenty * free / half);
    }

    /** Whether the share is less than plenty, and what is given up had better be free at once. */
    boolean isShort() {
        return free() < most / 2;
    }

    private long free() {
        return Math.max(0, most - used.getAsLong());
    }
}
