package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.Retention;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The broker in this process: answers within the call.
 *
 * <h2>Threads</h2>
 *
 * A log is read and written on its room's home lane, without a lock. What is rare goes through the broker's lock: to open
 * and close a log, to begin to keep something in it, and to take something away from it when all rooms together keep too
 * much. The last can hit a log that another lane is writing to, so a log's content can be cut off from it by any thread:
 * see {@link MemoryLog}.
 *
 * <h2>Memory</h2>
 *
 * All rooms together keep at most {@code roomBytes}, and a few messages more for the moment it takes to give some up.
 * Whole rooms give up what they keep, the one that was used least recently first, until a sixteenth is free again. A log
 * that is closed stays for the age of its retention, if it has ever kept anything, so that its epoch and its offsets go
 * on; as many do as would fill the budget again with nothing in them, and beyond it the one goes that would be forgotten
 * next.
 *
 * <p>What is too old is trimmed when a log is used, and with a closed log as a whole. A room that nobody uses holds old
 * messages longer, in nobody's sight; they count, and are the first to go.
 */
final class MemoryBroker implements Broker {
    /** So many logs are looked at before others have the lock, so that no lane waits for all. The next message goes on. */
    private static final int MOST_LOOKS = 1_000;

    /** What a closed log takes with nothing in it: its id, its epoch, its places in the tables. */
    static final int BYTES_PER_CLOSED = 512;

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;
    private final long mostBytes;
    private final long start;

    /** What all logs keep. Written by the lanes as they keep and trim, so that a publish needs no lock. */
    private final AtomicLong bytes = new AtomicLong();

    // ---- Guarded by this

    private final Map<String, MemoryLog> logs = new HashMap<>();

    /** Those that keep something, by when they were last used, as far as was looked. */
    private final TreeSet<MemoryLog> byUse = new TreeSet<>(
            Comparator.comparingLong((MemoryLog log) -> log.seenUse).thenComparing(log -> log.number));

    /** Those that are closed, by when they are to be forgotten. */
    private final TreeSet<MemoryLog> closed = new TreeSet<>(
            Comparator.comparingLong((MemoryLog log) -> log.forgetAt).thenComparing(log -> log.number));

    private long numbers;
    private long roomsGivenUp;

    /** @param mostBytes what all rooms together may keep */
    MemoryBroker(Clock clock, long mostBytes) {
        this.clock = clock;
        this.mostBytes = mostBytes;
        this.start = clock.nanoTime();
    }

    @Override
    public void open(String room, Retention retention, OpenAnswer answer) {
        answer.opened(opened(room, retention));
    }

    private synchronized MemoryLog opened(String room, Retention retention) {
        MemoryLog log = logs.get(room);
        if (log != null && log.isClosed() && log.forgetAt - sinceStart() <= 0) {
            forget(log);
            log = null;
        }
        if (log != null && !log.isClosed() && !log.hasKeptAnything()) {
            log = null; // The room that has it open has ended and leaves nothing behind; its closing is on its way.
        }
        if (log == null) {
            String epoch = Long.toString(random.nextLong() >>> 1, 36);
            log = new MemoryLog(this, room, ++numbers, epoch, retention, clock);
            logs.put(room, log);
        } else if (log.isClosed()) {
            closed.remove(log);
        }
        log.openings++;
        return log;
    }

    synchronized void close(MemoryLog log) {
        log.openings--;
        if (!log.isClosed()) {
            return;
        }
        if (log.hasKeptAnything()) {
            log.forgetAt = sinceStart() + log.lastsNanos();
            closed.add(log);
            if (closed.size() > mostBytes / BYTES_PER_CLOSED) {
                forget(closed.first());
            }
        } else {
            logs.remove(log.room, log);
        }
    }

    @Override
    public synchronized boolean forget() {
        long now = sinceStart();
        while (!closed.isEmpty() && closed.first().forgetAt <= now) {
            forget(closed.first());
        }
        return !closed.isEmpty();
    }

    private void forget(MemoryLog log) {
        assert Thread.holdsLock(this);
        closed.remove(log);
        logs.remove(log.room, log);
        byUse.remove(log);
        log.giveUp();
    }

    /** This log begins to keep something. */
    synchronized void keeps(MemoryLog log) {
        byUse.remove(log);
        log.seenUse = log.lastUse();
        byUse.add(log);
    }

    /** Counts what a log keeps more, or less. */
    void count(long more) {
        if (bytes.addAndGet(more) > mostBytes && more > 0) {
            giveUpSome();
        }
    }

    private synchronized void giveUpSome() {
        long enough = mostBytes - mostBytes / 16;
        for (int looks = 0; looks < MOST_LOOKS && bytes.get() > enough && !byUse.isEmpty(); looks++) {
            MemoryLog first = byUse.first();
            byUse.remove(first);
            if (first.lastUse() > first.seenUse) {
                // It was used since: where it stands now, others may have been used less recently.
                first.seenUse = first.lastUse();
                byUse.add(first);
            } else if (first.giveUp()) {
                roomsGivenUp++;
            }
        }
    }

    /** Times of a clock with an arbitrary zero compare by difference only; these are small enough to be sorted. */
    long sinceStart() {
        return clock.nanoTime() - start;
    }

    /** How many logs there are, open or closed. */
    synchronized int size() {
        return logs.size();
    }

    /** How many of them are in the order of use. */
    synchronized int sizeByUse() {
        return byUse.size();
    }

    @Override
    public synchronized Kept kept() {
        return new Kept(bytes.get(), roomsGivenUp);
    }
}
