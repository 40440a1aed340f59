package io.roomcast.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One life of a room, from its first join to its last leave, which the epoch names: what stands at each offset, as the
 * first member to see it reported, to hold all others to it.
 */
final class RoomLife {
    /** Far beyond what a run can publish to one room; an offset above it is a fault, not a reason to grow. */
    static final long MOST = 1 << 22;

    final String room;
    final String epoch;
    /** All memberships of this life, in the order in which their {@code joined} arrived. */
    final List<Membership> memberships = new ArrayList<>();

    private long[] messages = new long[64];

    RoomLife(String room, String epoch) {
        this.room = room;
        this.epoch = epoch;
    }

    /** What identifies one message: who published it, and which of its messages it was. Never 0. */
    static long message(int publisher, int sequence) {
        return ((long) publisher << 32) | sequence;
    }

    /** Notes what stands at an offset; false if another member saw something else there. */
    boolean agree(long offset, long message) {
        if (offset >= messages.length) {
            messages = Arrays.copyOf(messages, (int) Math.max(offset + 1, messages.length * 2L));
        }
        if (messages[(int) offset] == 0) {
            messages[(int) offset] = message;
        }
        return messages[(int) offset] == message;
    }

    /** What was seen at an offset, 0 if nobody saw it yet. */
    long at(long offset) {
        return offset < messages.length ? messages[(int) offset] : 0;
    }
}
