package io.roomcast.bench;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are read by the clock, each once in {@value #ROUND_MILLIS} ms, and not as messages come: what came
 * meanwhile is one read. The kernel keeps it, and has to have room for it, so all are read before that when the others
 * have read {@value #ENOUGH} bytes each. Who has more than {@value #MOST_UNREAD} bytes unread all the same is a fault, because
 * a server that has to wait for its readers is not what is measured. Of the loop of its crowd.
 */
final class LazyReaders {
    /** Asked of the kernel for each connection, which gives what the system allows. */
    static final int RECEIVE_BUFFER = 1 << 20;

    /** Less than the window that a connection begins with, so that no server has seen it closed. */
    private static final int MOST_UNREAD = 48 * 1024;

    private static final int ENOUGH = 32 * 1024;

    private static final int ROUND_MILLIS = 200;
    /** Parts of a round; after each something else may happen. */
    private static final int SLICES = 20;

    private final EventLoop loop;
    private final PeerCounts counts;
    private final List<PeerConnection> readers = new ArrayList<>();
    /** How many others there are, and what they have read since all were read. */
    private int others;

    private long readByOthers;
    private int slice;
    private @Nullable Future<?> ticks;

    LazyReaders(EventLoop loop, PeerCounts counts) {
        this.loop = loop;
        this.counts = counts;
    }

    /** @param eager how many there are besides, which hear the same */
    void begin(List<PeerConnection> connections, int eager) {
        readers.addAll(connections);
        others = eager;
        readByOthers = 0;
        readers.forEach(PeerConnection::readLazily);
        long nanos = TimeUnit.MILLISECONDS.toNanos(ROUND_MILLIS) / SLICES;
        ticks = loop.scheduleAtFixedRate(this::readSlice, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    private void readSlice() {
        int size = readers.size();
        read(readers.subList(size * slice / SLICES, size * (slice + 1) / SLICES));
        slice = (slice + 1) % SLICES;
    }

    private void read(List<PeerConnection> some) {
        for (PeerConnection reader : some) {
            int read = reader.readNow();
            counts.mostUnread = Math.max(counts.mostUnread, read);
            if (read > MOST_UNREAD) {
                counts.fault("a lazy reader had " + read + " bytes unread, so the server may have waited for it");
            }
        }
    }

    void othersHaveRead(int bytes) {
        readByOthers += bytes;
        if (readByOthers > (long) ENOUGH * others && !readers.isEmpty()) {
            readAll();
        }
    }

    /** All that is there, so that it is counted. */
    void readAll() {
        readByOthers = 0;
        read(readers);
    }

    /** They are read as messages come again. */
    void end() {
        Future<?> running = ticks;
        if (running != null) {
            running.cancel(false);
            ticks = null;
        }
        readers.forEach(reader -> reader.read(true));
        readers.clear();
    }
}
