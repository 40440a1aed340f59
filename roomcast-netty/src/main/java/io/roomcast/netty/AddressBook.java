package io.roomcast.netty;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What each address has: connections that have not become WebSockets, WebSockets, and how many it began this second.
 *
 * <p>An IPv4 address stands for itself, an IPv6 address for its /64, which is what one customer gets. Everybody behind
 * one proxy or one router is one address here.
 *
 * <p>Memory: one entry for each address that has a connection, or, if connects are counted, has begun one within the last
 * second. From any thread.
 */
final class AddressBook {
    /** Stands for a limit that is lifted. */
    static final int OFF = 0;

    /** What becomes of a connection that was accepted, or of one that asks to be a WebSocket. */
    enum Answer {
        WELCOME,
        /** It is told to come back later. */
        LATER,
        /** So many are being told to come back later that this one is cut without a word. */
        CUT
    }

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int BYTES_OF_PREFIX = 8;

    private final int mostPending;
    private final int mostConnectsPerSecond;
    private final int mostConnections;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<Source, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong lastSweep;

    /** Each limit may be {@link #OFF}. */
    AddressBook(int mostPending, int mostConnectsPerSecond, int mostConnections, LongSupplier nanoTime) {
        this.mostPending = mostPending;
        this.mostConnectsPerSecond = mostConnectsPerSecond;
        this.mostConnections = mostConnections;
        this.nanoTime = nanoTime;
        this.lastSweep = new AtomicLong(nanoTime.getAsLong());
    }

    /** A connection has been accepted. It is pending, whatever the answer, until it has left or is upgraded. */
    Answer arrived(InetAddress address) {
        long now = nanoTime.getAsLong();
        sweep(now);
        Answer[] answer = new Answer[1];
        entries.compute(Source.of(address), (source, there) -> {
            Entry entry = there == null ? new Entry(now) : there;
            entry.pending++;
            entry.countConnect(now);
            answer[0] = onArrival(entry);
            return entry;
        });
        return answer[0];
    }

    private Answer onArrival(Entry entry) {
        if (mostPending != OFF && entry.pending > 2L * mostPending) {
            return Answer.CUT;
        }
        boolean tooMany = mostPending != OFF && entry.pending > mostPending;
        boolean tooFast = mostConnectsPerSecond != OFF && entry.connects > mostConnectsPerSecond;
        return tooMany || tooFast ? Answer.LATER : Answer.WELCOME;
    }

    /** A pending connection becomes a WebSocket, if the answer is {@link Answer#WELCOME}. */
    Answer upgrades(InetAddress address) {
        Answer[] answer = {Answer.LATER};
        entries.computeIfPresent(Source.of(address), (source, entry) -> {
            if (mostConnections == OFF || entry.connections < mostConnections) {
                entry.pending--;
                entry.connections++;
                answer[0] = Answer.WELCOME;
            }
            return entry;
        });
        return answer[0];
    }

    /** A connection has ended. */
    void left(InetAddress address, boolean wasUpgraded) {
        long now = nanoTime.getAsLong();
        entries.computeIfPresent(Source.of(address), (source, entry) -> {
            if (wasUpgraded) {
                entry.connections--;
            } else {
                entry.pending--;
            }
            return isOfNoUse(entry, now) ? null : entry;
        });
    }

    /** How many addresses it knows. */
    int size() {
        return entries.size();
    }

    /** Forgets those that were kept for their connects alone; once a second at most. */
    private void sweep(long now) {
        long last = lastSweep.get();
        if (mostConnectsPerSecond == OFF || now - last < SECOND || !lastSweep.compareAndSet(last, now)) {
            return;
        }
        for (Iterator<Source> each = entries.keySet().iterator(); each.hasNext(); ) {
            entries.computeIfPresent(each.next(), (source, entry) -> isOfNoUse(entry, now) ? null : entry);
        }
    }

    private boolean isOfNoUse(Entry entry, long now) {
        return entry.pending == 0
                && entry.connections == 0
                && (mostConnectsPerSecond == OFF || now - entry.secondBegan >= SECOND);
    }

    /** Written within the map's {@code compute} only. */
    private static final class Entry {
        private int pending;
        private int connections;
        private int connects;
        private long secondBegan;

        Entry(long now) {
            secondBegan = now;
        }

        void countConnect(long now) {
            if (now - secondBegan >= SECOND) {
                secondBegan = now;
                connects = 0;
            }
            connects++;
        }
    }

    /** Comparable, so that addresses chosen to collide cost the map a logarithm and not a walk. */
    private record Source(boolean six, long prefix) implements Comparable<Source> {
        static Source of(InetAddress address) {
            byte[] bytes = address.getAddress();
            long prefix = 0;
            for (int i = 0; i < Math.min(BYTES_OF_PREFIX, bytes.length); i++) {
                prefix = (prefix << Byte.SIZE) | (bytes[i] & 0xFF);
            }
            return new Source(bytes.length > Integer.BYTES, prefix);
        }

        @Override
        public int compareTo(Source other) {
            return six == other.six ? Long.compare(prefix, other.prefix) : Boolean.compare(six, other.six);
        }
    }
}
