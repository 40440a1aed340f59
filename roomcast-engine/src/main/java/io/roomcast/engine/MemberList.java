package io.roomcast.engine;

import io.roomcast.protocol.MemberEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    /** The entries from this index on, so many at most and as fit into a frame; the first fits always. */
    List<MemberEntry> page(int from, int most) {
        int end = (int) Math.min(size, (long) from + Math.min(most, Page.MEMBERS));
        List<MemberEntry> page = new ArrayList<>(Math.max(0, end - from));
        long bytes = 0;
        for (int i = from; i < end; i++) {
            bytes += members[i].entryBytes();
            if (bytes > Page.BYTES && i > from) {
                return page;
            }
            page.add(members[i].entry());
        }
        return page;
    }

    /** All entries, in pages; without a member one that is empty. */
    List<List<MemberEntry>> pages() {
        List<List<MemberEntry>> pages = new ArrayList<>(1);
        int from = 0;
        do {
            List<MemberEntry> page = page(from, Page.MEMBERS);
            pages.add(page);
            from += page.size();
        } while (from < size);
        return pages;
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
