package io.roomcast.protocol;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one object, to find a repeated one. Whoever chooses the keys cannot slow it down: its hash is mixed with a
 * number drawn for each set, so keys that are made to collide do so no more often than others. Reused from frame to
 * frame.
 */
final class KeySet {
    private final int capacity;
    private final @Nullable String[] slots;
    private final long seed = ThreadLocalRandom.current().nextLong();
    private int size;

    /** How many slots were looked at since the last {@link #clear}: tests hold it to a small multiple of the keys. */
    private int looks;

    /** @param capacity a power of two; keys beyond it are not kept */
    KeySet(int capacity) {
        this.capacity = capacity;
        this.slots = new String[2 * capacity];
    }

    /** False if the key is there already. */
    boolean add(String key) {
        int mask = slots.length - 1;
        int slot = (int) hash(key) & mask;
        looks++;
        for (String there = slots[slot]; there != null; there = slots[slot]) {
            looks++;
            if (there.equals(key)) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        if (size < capacity) {
            slots[slot] = key;
            size++;
        }
        return true;
    }

    void clear() {
        if (size > 0) {
            Arrays.fill(slots, null);
            size = 0;
            looks = 0;
        }
    }

    int looks() {
        return looks;
    }

    /** Multiplies and folds for each character: a plain polynomial can be made to collide whatever its seed. */
    private long hash(String key) {
        long hash = seed;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
