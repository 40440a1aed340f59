package io.roomcast.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a client hands to its user, one after the other and in its order: events for listeners, and the ends of
 * futures. It is given here by the loop and done on a thread that may wait, one at a time.
 *
 * <p><b>Order.</b> What is behind a future's end in the order of the frames is told behind it, and the other way round. There
 * is one exception, without which a listener that waits for a future of its own client would wait for ever: when a listener
 * has not returned for {@link #PATIENCE_NANOS}, the futures behind it are ended beside it.
 *
 * <p><b>Bound.</b> When more than a limit waits here, the client stops reading from its connection until half of it is
 * done, and so lets the server feel that its user is slow.
 */
final class Deliveries {
    static final long PATIENCE_NANOS = 500_000_000L;

    /** So many in one go, then other clients have their turn on the thread. */
    private static final int MOST_AT_ONCE = 64;

    private static final Logger LOG = System.getLogger("io.roomcast.client");

    /** What is to be done; whoever claims it does it. */
    private static final class Delivery {
        final Runnable task;
        final boolean isAnswer;
        final AtomicBoolean isClaimed = new AtomicBoolean();

        Delivery(Runnable task, boolean isAnswer) {
            this.task = task;
            this.isAnswer = isAnswer;
        }
    }

    private final Loop loop;
    private final Executor executor;
    private final Executor workers;
    private final int limit;
    private final Runnable whenFull;
    private final Runnable whenDrained;

    private final ConcurrentLinkedQueue<Delivery> queue = new ConcurrentLinkedQueue<>();

    /** Those in the queue, and the one under way; who makes it 1 starts a run. Bounded as the class says. */
    private final AtomicInteger pending = new AtomicInteger();

    /** Written by the thread that is at it, read by any: who it is. */
    private final AtomicReference<@Nullable Thread> deliverer = new AtomicReference<>();

    /** Written by the deliverer, read by the loop, which sees by it whether that is stuck: how many have been done. */
    private final AtomicLong done = new AtomicLong();

    /** Written by the loop when its client has ended, opened by the deliverer when nothing is left. */
    private volatile @Nullable CountDownLatch isThrough;

    /** Of the loop: whether reading is paused because of what waits here. */
    private boolean isFull;

    /** Of the loop. */
    private boolean isWatched;

    /**
     * @param executor runs listeners
     * @param workers runs what cannot wait for them
     * @param limit how much may wait
     * @param whenFull called in the loop, as is {@code whenDrained}
     */
    Deliveries(Loop loop, Executor executor, Executor workers, int limit, Runnable whenFull, Runnable whenDrained) {
        this.loop = loop;
        this.executor = executor;
        this.workers = workers;
        this.limit = limit;
        this.whenFull = whenFull;
        this.whenDrained = whenDrained;
    }

    /** Whether this thread is just handing something over: waiting here for what comes next would be for ever. */
    boolean isDeliverer() {
        return Thread.currentThread() == deliverer.get();
    }

    /** How many wait; from any thread. */
    int pending() {
        return pending.get();
    }

    /** Something for a listener. */
    void event(Runnable task) {
        add(new Delivery(task, false));
    }

    /** The end of a future. */
    void answer(Runnable task) {
        add(new Delivery(task, true));
        watch();
    }

    /** From any thread, when the loop has ended: in its turn, and on this thread if there is no other. */
    void late(Runnable task) {
        add(new Delivery(task, false));
    }

    private void add(Delivery delivery) {
        assert loop.inLoop() || loop.hasEnded();
        queue.add(delivery);
        int now = pending.incrementAndGet();
        if (now == 1) {
            run();
        } else if (now > limit && !isFull) {
            isFull = true;
            whenFull.run();
        }
    }

    private void run() {
        try {
            executor.execute(() -> deliver(MOST_AT_ONCE));
        } catch (RejectedExecutionException hasEnded) {
            try {
                workers.execute(() -> deliver(MOST_AT_ONCE));
            } catch (RejectedExecutionException haveEndedToo) {
                // The last client has ended, and this is what is left to be told of it: all, as nobody else would.
                deliver(Integer.MAX_VALUE);
            }
        }
    }

    private void deliver(int most) {
        deliverer.set(Thread.currentThread());
        int left;
        int count = 0;
        do {
            Delivery delivery = queue.remove();
            if (delivery.isClaimed.compareAndSet(false, true)) {
                safely(delivery.task);
            }
            done.lazySet(done.get() + 1);
            count++;
            left = pending.decrementAndGet();
            if (left == limit / 2) {
                drained();
            }
            CountDownLatch through = isThrough;
            if (left == 0 && through != null) {
                through.countDown();
            }
        } while (left > 0 && count < most);
        // Another may be at it already, where nothing was left.
        deliverer.compareAndSet(Thread.currentThread(), null);
        if (left > 0) {
            run();
        }
    }

    private void drained() {
        loop.executeIfAlive(() -> {
            if (isFull && pending.get() <= limit / 2) {
                isFull = false;
                whenDrained.run();
            }
        });
    }

    // ---- Futures whose turn does not come

    private void watch() {
        if (!isWatched) {
            isWatched = true;
            long before = done.get();
            loop.later(PATIENCE_NANOS, () -> look(before));
        }
    }

    private void look(long before) {
        isWatched = false;
        if (pending.get() == 0) {
            return;
        }
        if (done.get() == before) {
            List<Delivery> answers = claimAnswers();
            if (!answers.isEmpty()) {
                workers.execute(() -> answers.forEach(answer -> safely(answer.task)));
            }
        }
        watch();
    }

    private List<Delivery> claimAnswers() {
        List<Delivery> answers = new ArrayList<>();
        for (Delivery delivery : queue) {
            if (delivery.isAnswer && delivery.isClaimed.compareAndSet(false, true)) {
                answers.add(delivery);
            }
        }
        return answers;
    }

    /** The loop may end with its timers, so that from now on a worker looks, as long as something waits. */
    void ending() {
        assert loop.inLoop();
        CountDownLatch through = new CountDownLatch(1);
        isThrough = through;
        if (pending.get() > 0) {
            workers.execute(() -> lookLast(through));
        }
    }

    private void lookLast(CountDownLatch through) {
        try {
            long before = done.get();
            while (!through.await(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
                if (done.get() == before) {
                    claimAnswers().forEach(answer -> safely(answer.task));
                    return;
                }
                before = done.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A listener that fails harms nobody else: its error is logged. */
    private static void safely(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // Whatever it is: what waits behind it is not to wait for ever.
            LOG.log(Level.ERROR, "A listener of Roomcast failed", e);
        }
    }
}
