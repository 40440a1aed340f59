package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.KeptMessage;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.Retention;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one room keeps in memory: the last messages, in a ring that grows as it is filled, and the keys that were
 * published. Written on the room's home lane only; only what it counts for in the broker's budget is settled with the
 * thread that gives it up.
 */
final class MemoryKept {
    /** In the place of an offset: this key has not been published, or too long ago. */
    static final long UNKNOWN = -1;

    /** What a room takes as soon as it keeps anything: its log, its id, an empty ring, its places in the broker's tables. */
    static final long BYTES_PER_ROOM = 768;

    /** What a message takes beside its data and its texts: its objects and its places in the ring. */
    static final long BYTES_PER_MESSAGE = 160;

    static final long BYTES_PER_KEY = 240;

    private static final int SMALLEST_RING = 4;

    /** In the place of a count: given up. */
    private static final long GIVEN_UP = -1;

    private record Place(long offset, long nanos) {}

    private final MemoryBroker broker;
    private final Retention retention;
    private final long ageNanos;
    private final long keyAgeNanos;

    // The ring: the message with offset o is at o modulo the capacity, which is a power of two.

    private @Nullable Publication[] publications = new Publication[SMALLEST_RING];
    private long[] atMillis = new long[SMALLEST_RING];
    private long[] nanos = new long[SMALLEST_RING];

    /** The first message that is kept; where none is, the next offset there will be. 0 before the first. */
    private long first;

    /** The offset behind the last message. */
    private long next;

    /** Of the data of the messages, which the retention bounds. */
    private long dataBytes;

    /** Of the messages with all that they take. */
    private long messageBytes;

    /** In the order of publishing; null where there is none. */
    private @Nullable LinkedHashMap<MessageKey, Place> keys;

    private long keyBytes;

    /** What the broker's budget holds for it, or {@link #GIVEN_UP}. Written by the home lane and whoever gives it up. */
    private final AtomicLong counted = new AtomicLong();

    MemoryKept(MemoryBroker broker, Retention retention) {
        this.broker = broker;
        this.retention = retention;
        this.ageNanos = retention.age().toNanos();
        this.keyAgeNanos = retention.keyAge().toNanos();
    }

    /**
     * Keeps what is to be kept of a message: itself, its key, or both.
     *
     * @param offset 0 for a message that is not kept
     */
    void add(long offset, Publication publication, long at, long now) {
        if (publication.keep() && retention.messages() > 0) {
            addMessage(offset, publication, at, now);
        }
        if (publication.key() != null) {
            addKey(publication.key(), offset, now);
        }
        trim(now);
        count();
    }

    /** Lets go of what is too old, and of the oldest while there is too much. */
    private void trim(long now) {
        while (first < next && (dataBytes > retention.bytes() || now - nanos[slot(first)] > ageNanos)) {
            dropFirst();
        }
        if (first == next) {
            resize(SMALLEST_RING);
        }
        if (keys != null) {
            trimKeys(keys, now);
            keys = keys.isEmpty() ? null : keys;
        }
    }

    // ---- Messages

    private void addMessage(long offset, Publication publication, long at, long now) {
        if (first == 0) {
            first = offset;
            next = offset;
        }
        assert offset == next : "no offset is left out";
        if (next - first == retention.messages()) {
            dropFirst();
        }
        if (next - first == publications.length) {
            resize(publications.length * 2);
        }
        int slot = slot(offset);
        publications[slot] = publication;
        atMillis[slot] = at;
        nanos[slot] = now;
        next++;
        dataBytes += publication.data().length();
        messageBytes += bytes(publication);
    }

    private void dropFirst() {
        int slot = slot(first);
        Publication dropped = publication(slot);
        dataBytes -= dropped.data().length();
        messageBytes -= bytes(dropped);
        publications[slot] = null;
        first++;
    }

    private void resize(int capacity) {
        if (capacity == publications.length) {
            return;
        }
        @Nullable Publication[] newPublications = new Publication[capacity];
        long[] newAtMillis = new long[capacity];
        long[] newNanos = new long[capacity];
        for (long offset = first; offset < next; offset++) {
            int to = (int) (offset & (capacity - 1));
            int from = slot(offset);
            newPublications[to] = publications[from];
            newAtMillis[to] = atMillis[from];
            newNanos[to] = nanos[from];
        }
        publications = newPublications;
        atMillis = newAtMillis;
        nanos = newNanos;
    }

    void read(HistoryRange range, long now, Broker.ReadAnswer answer) {
        trim(now);
        long from = Math.max(first, range.after() + 1);
        long to = range.before() == HistoryRange.OPEN ? next : Math.min(next, range.before());
        boolean more = to - from > range.limit();
        if (more && range.after() == HistoryRange.OPEN) {
            from = to - range.limit();
        } else if (more) {
            to = from + range.limit();
        }
        List<KeptMessage> messages = new ArrayList<>((int) Math.max(0, to - from));
        for (long offset = from; offset < to; offset++) {
            int slot = slot(offset);
            messages.add(new KeptMessage(offset, atMillis[slot], publication(slot)));
        }
        count();
        answer.read(messages, more);
    }

    private int slot(long offset) {
        return (int) (offset & (publications.length - 1));
    }

    private Publication publication(int slot) {
        Publication there = publications[slot];
        assert there != null : "between first and next every slot is filled";
        return there;
    }

    // ---- Keys

    boolean hasKeys() {
        return keys != null;
    }

    /** The offset that this key's message got, or {@link #UNKNOWN}. */
    long offsetOf(MessageKey key, long now) {
        Place place = keys == null ? null : keys.get(key);
        return place == null || now - place.nanos > keyAgeNanos ? UNKNOWN : place.offset;
    }

    private void addKey(MessageKey key, long offset, long now) {
        if (keys == null) {
            keys = new LinkedHashMap<>();
        }
        if (keys.remove(key) != null) {
            keyBytes -= bytes(key);
        }
        keys.put(key, new Place(offset, now));
        keyBytes += bytes(key);
    }

    private void trimKeys(Map<MessageKey, Place> all, long now) {
        Iterator<Map.Entry<MessageKey, Place>> oldest = all.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<MessageKey, Place> entry = oldest.next();
            if (all.size() <= retention.keys() && now - entry.getValue().nanos <= keyAgeNanos) {
                return;
            }
            keyBytes -= bytes(entry.getKey());
            oldest.remove();
        }
    }

    // ---- The budget

    /** Brings what the broker's budget holds for it up to date. */
    private void count() {
        boolean isEmpty = first == next && keys == null;
        long bytes = isEmpty ? 0 : BYTES_PER_ROOM + messageBytes + keyBytes;
        long before = counted.get();
        if (before != bytes && before != GIVEN_UP && counted.compareAndSet(before, bytes)) {
            broker.count(bytes - before);
        }
    }

    /** With its key, which it may hold for longer than the table of keys does. */
    private static long bytes(Publication publication) {
        return BYTES_PER_MESSAGE
                + publication.data().length()
                + bytes(publication.event())
                + bytes(publication.user())
                + (publication.key() == null ? 0 : bytes(publication.key()));
    }

    private static long bytes(MessageKey key) {
        return BYTES_PER_KEY + bytes(key.key()) + bytes(key.owner());
    }

    /** What a text takes at the most. */
    private static long bytes(@Nullable String text) {
        return text == null ? 0 : 2L * text.length();
    }

    /** It is cut off from its log, and counts no more. */
    void giveUp() {
        long before = counted.getAndSet(GIVEN_UP);
        if (before != GIVEN_UP) {
            broker.count(-before);
        }
    }
}
