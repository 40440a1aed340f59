package io.roomcast.engine;

import io.roomcast.protocol.AsciiText;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session's memberships by room id: open addressing with linear probing, because most connections are in one room and a
 * {@code HashMap} would cost them 200 bytes each. Bounded by {@code roomsPerConnection}. Written on the session's lane only.
 *
 * <p>A client that chooses ids whose hashes collide gains nothing: in a table of more than {@value #PLAIN_SLOTS} slots
 * they are hashed with a seed that it does not know.
 */
final class MembershipTable {
    private static final Membership[] EMPTY = {};

    /** Up to here {@code String}'s own hash does, which is computed once for each string. */
    private static final int PLAIN_SLOTS = 16;

    private final int seed;
    private Membership[] slots = EMPTY;
    private int size;

    MembershipTable(int seed) {
        this.seed = seed;
    }

    int size() {
        return size;
    }

    @Nullable
    Membership get(String room) {
        if (size == 0) {
            return null;
        }
        for (int i = home(room, room.hashCode()); ; i = next(i)) {
            Membership found = slots[i];
            if (found == null || found.room.id.equals(room)) {
                return found;
            }
        }
    }

    /** The same with an id where it stands in a frame. */
    @Nullable
    Membership get(AsciiText room) {
        if (size == 0) {
            return null;
        }
        for (int i = home(room, room.hashAsString()); ; i = next(i)) {
            Membership found = slots[i];
            if (found == null || found.room.id.contentEquals(room)) {
                return found;
            }
        }
    }

    void put(Membership membership) {
        // At least one slot stays free, so that a search ends; beyond two memberships the table is at most half full.
        if (size + 1 >= slots.length || (size > 2 && size * 2 >= slots.length)) {
            Membership[] old = slots;
            slots = new Membership[Math.max(2, old.length * 2)];
            for (Membership each : old) {
                if (each != null) {
                    place(each);
                }
            }
        }
        place(membership);
        size++;
    }

    void remove(Membership membership) {
        int hole = home(membership);
        while (slots[hole] != membership) {
            hole = next(hole);
        }
        slots[hole] = null;
        size--;
        // What stands behind the hole may have been pushed there by what was in it.
        for (int i = next(hole); slots[i] != null; i = next(i)) {
            Membership moved = slots[i];
            slots[i] = null;
            place(moved);
        }
        if (size == 0) {
            slots = EMPTY;
        }
    }

    void forEach(Consumer<Membership> action) {
        for (Membership each : slots.clone()) {
            if (each != null) {
                action.accept(each);
            }
        }
    }

    private void place(Membership membership) {
        int i = home(membership);
        while (slots[i] != null) {
            i = next(i);
        }
        slots[i] = membership;
    }

    private int home(Membership membership) {
        return home(membership.room.id, membership.room.id.hashCode());
    }

    private int home(CharSequence room, int plain) {
        int hash = slots.length <= PLAIN_SLOTS ? plain : seeded(room);
        return (hash ^ (hash >>> 16)) & (slots.length - 1);
    }

    /** Multiplies and folds for each character: a plain polynomial can be made to collide whatever its seed. */
    private int seeded(CharSequence room) {
        long hash = seed;
        for (int i = 0; i < room.length(); i++) {
            hash = (hash ^ room.charAt(i)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 29;
        }
        return (int) hash;
    }

    private int next(int i) {
        return (i + 1) & (slots.length - 1);
    }
}
