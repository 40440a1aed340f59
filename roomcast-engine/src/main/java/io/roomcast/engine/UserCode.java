package io.roomcast.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the application's listeners: never on a lane, one at a time and in order for each connection, on a bounded number
 * of threads.
 *
 * <p>A call that has not ended within the time-out, counted from when it was asked for, is answered as failed, and the
 * connection goes on. If it was running, its thread is interrupted and written off: another takes its place, up to
 * {@value #MOST_WRITTEN_OFF} of them. Beyond that, nothing is started until one comes back, so that calls are refused
 * after the time-out: a listener that never returns costs the application's answers, and nobody else's rooms.
 *
 * <p>Bounds: each connection has one question under way (its later messages wait, with reading paused). While more than
 * some notices of a connection wait, its reading is paused, so that only its leaving of the rooms it is in adds to them.
 */
final class UserCode {
    private static final Logger LOG = LoggerFactory.getLogger(UserCode.class);
    private static final int MOST_WRITTEN_OFF = 16;
    private static final long WATCH_MILLIS = 20;

    /** What comes of a listener: null, or what to tell the client. Called on the session's lane. */
    interface Answer {
        void done(@Nullable String failure);
    }

    private final int threads;
    private final long timeoutNanos;
    private final LinkedBlockingQueue<Task> ready = new LinkedBlockingQueue<>();

    /** All tasks in the order of their deadlines, for the watch. */
    private final Queue<Task> byDeadline = new ConcurrentLinkedQueue<>();

    private final AtomicInteger threadNumber = new AtomicInteger();

    /** Guarded by itself: the threads there are, those written off among them. */
    private final Set<Thread> workers = new HashSet<>();

    /** Guarded by {@link #workers}. */
    private int writtenOff;

    private volatile boolean closed;
    private @Nullable Thread watch;

    UserCode(int threads, Duration timeout) {
        this.threads = threads;
        this.timeoutNanos = timeout.toNanos();
    }

    /** Asks a listener; the answer comes on the session's lane, exactly once, also when the listener never ends. */
    void ask(LiveSession session, Runnable listener, Answer answer) {
        serial(session).add(new Task(this, session, listener, answer));
    }

    /** Tells a listener something that needs no answer. */
    void tell(LiveSession session, Runnable listener) {
        session.noticeBegins();
        serial(session).add(new Task(this, session, listener, failure -> session.noticeEnds()));
    }

    /** Interrupts what is running and starts nothing more. */
    void close() {
        closed = true;
        synchronized (workers) {
            workers.forEach(Thread::interrupt);
            if (watch != null) {
                watch.interrupt();
            }
        }
    }

    private Serial serial(LiveSession session) {
        Serial serial = session.serial;
        if (serial == null) {
            serial = new Serial();
            session.serial = serial;
        }
        return serial;
    }

    private void start(Task task) {
        task.deadline = System.nanoTime() + timeoutNanos;
        byDeadline.add(task);
        ready.add(task);
        synchronized (workers) {
            startWorkerIfNeeded();
            if (watch == null && !closed) {
                watch = daemon("roomcast-listener-watch", this::watch);
                watch.start();
            }
        }
    }

    /** Starts a thread if too few go on, unless as many as may be are written off without a place of their own. */
    private void startWorkerIfNeeded() {
        if (workers.size() < threads + Math.min(writtenOff, MOST_WRITTEN_OFF) && !closed) {
            startWorker();
        }
    }

    private void startWorker() {
        Thread worker = daemon("roomcast-listener-" + threadNumber.incrementAndGet(), this::work);
        workers.add(worker);
        worker.start();
    }

    private static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    private void work() {
        try {
            boolean stays = true;
            while (stays && !closed) {
                stays = ready.take().runHere();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (workers) {
                workers.remove(Thread.currentThread());
            }
        }
    }

    private void watch() {
        while (!closed) {
            long now = System.nanoTime();
            for (Task first = byDeadline.peek();
                    first != null && (first.isOver() || first.deadline - now <= 0);
                    first = byDeadline.peek()) {
                byDeadline.remove();
                first.expire();
            }
            try {
                TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
            } catch (InterruptedException closing) {
                return;
            }
        }
    }

    private void writeOff(Thread worker) {
        synchronized (workers) {
            writtenOff++;
            startWorkerIfNeeded();
            worker.interrupt();
        }
    }

    /** A written-off thread has come back after all. Whether it is still needed: its place may have been taken. */
    private boolean comeBack() {
        synchronized (workers) {
            writtenOff--;
            return workers.size() - writtenOff <= threads;
        }
    }

    /** Calls that no thread has taken up; bounded by the connections, since what expires is taken out. */
    int waiting() {
        return ready.size();
    }

    /** A session's calls, one after another. */
    static final class Serial {
        /** Guarded by this: what waits for the one that is under way. */
        private final ArrayDeque<Task> waiting = new ArrayDeque<>();

        /** Guarded by this. */
        private boolean busy;

        void add(Task task) {
            synchronized (this) {
                if (busy) {
                    waiting.add(task);
                    return;
                }
                busy = true;
            }
            task.userCode.start(task);
        }

        void next() {
            Task next;
            synchronized (this) {
                next = waiting.poll();
                busy = next != null;
            }
            if (next != null) {
                next.userCode.start(next);
            }
        }
    }

    /** One call of a listener. */
    private static final class Task {
        private enum State {
            WAITING,
            RUNNING,
            OVER
        }

        final UserCode userCode;
        final LiveSession session;
        final Runnable listener;
        final Answer answer;
        long deadline;

        /** Guarded by this. */
        private State state = State.WAITING;

        /** Guarded by this: the thread it runs on. */
        private @Nullable Thread thread;

        /** Guarded by this: whether its thread was written off. */
        private boolean writtenOff;

        Task(UserCode userCode, LiveSession session, Runnable listener, Answer answer) {
            this.userCode = userCode;
            this.session = session;
            this.listener = listener;
            this.answer = answer;
        }

        synchronized boolean isOver() {
            return state == State.OVER;
        }

        /** Runs the listener. Whether the thread goes on to the next. */
        boolean runHere() {
            synchronized (this) {
                if (state != State.WAITING) {
                    return true;
                }
                state = State.RUNNING;
                thread = Thread.currentThread();
            }
            String failure = null;
            try {
                listener.run();
            } catch (Throwable thrown) {
                // Whatever an application throws, errors included, ends this call and nothing else.
                LOG.warn("A listener failed for connection {}", session.id(), thrown);
                failure = "The application failed to handle this; try again later.";
            }
            synchronized (this) {
                thread = null;
                if (writtenOff) {
                    boolean stays = userCode.comeBack();
                    boolean interrupted = Thread.interrupted();
                    LOG.info(
                            "A listener that was given up has come back{}", interrupted ? " before its interrupt" : "");
                    return stays;
                }
                state = State.OVER;
            }
            over(failure);
            return true;
        }

        void expire() {
            synchronized (this) {
                if (state == State.OVER) {
                    return;
                }
                if (thread != null) {
                    writtenOff = true;
                    userCode.writeOff(thread);
                } else {
                    // Near the head, as both queues have the order of the deadlines.
                    userCode.ready.remove(this);
                }
                state = State.OVER;
            }
            LOG.warn("A listener took longer than its time for connection {}", session.id());
            over("The application took too long to handle this; try again later.");
        }

        private void over(@Nullable String failure) {
            session.turn.lane.execute(() -> answer.done(failure));
            Serial serial = session.serial;
            if (serial != null) {
                serial.next();
            }
        }
    }
}
