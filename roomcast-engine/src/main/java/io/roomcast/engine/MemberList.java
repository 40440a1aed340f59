package io.roomcast.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The members of a room in the order of joining, which is the order of their numbers: a dense array with binary search.
 * A join appends; a leave moves what is behind it, 8 bytes a member and in cache, which costs less than a tree's nodes up
 * to tens of thousands. Written on the home lane only.
 */
final class MemberList {
    private static final Membership[] NOBODY = {};

    private Membership[] members = NOBODY;
    private int size;

    int size() {
        return size;
    }

    Membership at(int index) {
        return members[index];
    }

    void append(Membership membership) {
        assert size == 0 || members[size - 1].number < membership.number : "numbers grow";
        if (size == members.length) {
            members = Arrays.copyOf(members, Math.max(1, size * 2));
        }
        members[size++] = membership;
    }

    void remove(Membership membership) {
        int index = indexBehind(membership.number) - 1;
        assert members[index] == membership : "a member is in the list";
        System.arraycopy(members, index + 1, members, index, --size - index);
        members[size] = null;
        if (size < members.length / 4) {
            members = size == 0 ? NOBODY : Arrays.copyOf(members, members.length / 2);
        }
    }

    /** Puts one in the place of another, whose number it has. */
    void replace(Membership old, Membership fresh) {
        int index = indexBehind(old.number) - 1;
        assert members[index] == old && fresh.number == old.number : "a member is in the list";
        members[index] = fresh;
    }

    @Nullable
    Membership find(long number) {
        int index = indexBehind(number) - 1;
        return index >= 0 && members[index].number == number ? members[index] : null;
    }

    /** The index of the first member with a greater number; where there is none, the size. */
    int indexBehind(long number) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (members[middle].number <= number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
