package io.roomcast.client;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that may wait, shared by all clients of a JVM: at most {@value #MOST_THREADS} for listeners, and as many helpers,
 * which look up names, call token providers and end futures that a listener holds up. There are none when nothing has been to
 * do for a while. Each client has one task at most in the queue of the first, see {@link Deliveries}, and a few in that of
 * the others.
 */
final class Workers {
    static final int MOST_THREADS = 16;

    static final String LISTENERS = "roomcast-listener";
    static final String HELPERS = "roomcast-helper";

    private static final int IDLE_SECONDS = 5;

    private Workers() {}

    static ThreadPoolExecutor start(String name) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST_THREADS, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    // A listener that never returns must not keep a program from ending.
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
