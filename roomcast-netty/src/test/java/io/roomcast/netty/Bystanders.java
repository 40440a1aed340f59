package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Two members of a room who chat without end: one says a number, both read it, then comes the next. What is lost, comes
 * twice, out of order or late fails them, and what fails them fails the test.
 */
final class Bystanders implements AutoCloseable {
    static final String ROOM = "lobby";

    /** The longest that one message may take to come round on a machine that is shared with the attack. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int ROUNDS = 5;

    private final RawClient writer;
    private final RawClient reader;
    private final Thread thread;
    private final ReentrantLock talking = new ReentrantLock(true);
    private volatile boolean closed;
    private final AtomicInteger rounds = new AtomicInteger();
    private volatile @Nullable Throwable failure;
    private long lastOffset;

    Bystanders(int port) {
        writer = RawClient.open(port).join(ROOM);
        reader = RawClient.open(port).join(ROOM);
        thread = new Thread(this::chat, "bystanders");
        thread.start();
    }

    /** They still hear each other. */
    void chatOn() {
        int goal = rounds.get() + ROUNDS;
        long deadline = System.nanoTime() + 2 * LONGEST_NANOS;
        while (rounds.get() < goal && failure == null && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(PACE_NANOS);
        }
        assertThat(failure).as("what disturbed the bystanders").isNull();
        assertThat(rounds.get()).as("rounds of the bystanders").isGreaterThanOrEqualTo(goal);
    }

    /** Keeps still from the end of a round until {@link #goOn()}: nothing of theirs is under way. */
    void keepStill() {
        talking.lock();
    }

    void goOn() {
        talking.unlock();
    }

    private void chat() {
        try {
            while (!closed) {
                talking.lock();
                try {
                    round(rounds.get() + 1);
                } finally {
                    talking.unlock();
                }
                rounds.incrementAndGet();
                LockSupport.parkNanos(PACE_NANOS);
            }
        } catch (Throwable thrown) {
            failure = thrown;
        }
    }

    private void round(int number) {
        long start = System.nanoTime();
        writer.text("{\"type\":\"publish\",\"room\":\"" + ROOM + "\",\"data\":{\"round\":" + number + "}}");
        String heard = writer.readText();
        assertThat(heard).startsWith("{\"type\":\"message\"").endsWith("\"data\":{\"round\":" + number + "}}");
        long offset = Long.parseLong(heard.replaceFirst(".*\"offset\":(\\d+).*", "$1"));
        assertThat(offset).as("offset after %s", lastOffset).isEqualTo(lastOffset == 0 ? offset : lastOffset + 1);
        lastOffset = offset;
        assertThat(reader.readText()).as("the same for both").isEqualTo(heard);
        assertThat(System.nanoTime() - start).as("nanoseconds of a round").isLessThan(LONGEST_NANOS);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        writer.close();
        reader.close();
    }
}
