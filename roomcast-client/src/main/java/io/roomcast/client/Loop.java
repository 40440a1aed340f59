package io.roomcast.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that owns a client: all that changes in it is changed here. Several clients share it.
 *
 * <p>No code of the user's runs on it, and nothing on it waits; that is left to {@link Workers}.
 */
final class Loop {
    private final EventLoop thread;

    Loop(EventLoop thread) {
        this.thread = thread;
    }

    /** For channels. */
    EventLoop thread() {
        return thread;
    }

    boolean inLoop() {
        return thread.inEventLoop();
    }

    /** Nothing runs in it any more. */
    boolean hasEnded() {
        return thread.isShutdown();
    }

    /**
     * Runs it here, in the order of the calls.
     *
     * @throws RejectedExecutionException if the last client of this loop has ended
     */
    void execute(Runnable task) {
        thread.execute(task);
    }

    /** Runs it here, unless the last client of this loop has ended; then it is false. */
    boolean executeIfAlive(Runnable task) {
        try {
            thread.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs it here after a while; the timer takes it back. */
    Timer later(long nanos, Runnable task) {
        assert inLoop();
        Future<?> scheduled = thread.schedule(task, Math.max(0, nanos), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** Waits for the thread's end, if it has been told to end. */
    void awaitEnd(long nanos) throws InterruptedException {
        if (thread.isShuttingDown()) {
            thread.awaitTermination(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** A task that is to come. */
    interface Timer {
        /** There is none. */
        Timer NONE = () -> {};

        void cancel();
    }
}
