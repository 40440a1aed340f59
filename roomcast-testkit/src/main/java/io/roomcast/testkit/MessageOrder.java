package io.roomcast.testkit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one order of a room's messages within an epoch, put together from what its members read.
 *
 * <p>Nobody tells the model the order. But all members see the same one without holes, from their cut on, so whoever
 * reads message b right after a says that b follows a, and no other message may follow a or precede b for anybody else.
 * That catches a message lost, doubled, swapped or shown to some only, kept or not.
 */
final class MessageOrder {
    final String epoch;
    private final World world;
    private final Map<Long, SentMessage> byOffset = new HashMap<>();
    private long highestOffset;

    MessageOrder(String epoch, World world) {
        this.epoch = epoch;
        this.world = world;
    }

    /** The highest offset that anybody has seen. */
    long highestOffset() {
        return highestOffset;
    }

    void sawOffset(long offset) {
        highestOffset = Math.max(highestOffset, offset);
    }

    /** A member has this message, at this offset (0: none). */
    void saw(SentMessage message, long offset) {
        world.require(!message.refused, "%s was refused, but is in the room", message);
        if (message.order == null) {
            message.order = this;
            message.offset = offset;
            message.seenAtStep = world.step;
        }
        world.require(message.order == this, "%s is in two epochs", message);
        world.require(
                message.wasAccepted() && message.acceptedOffset == offset,
                "%s is at %d, but the broker has it at %d",
                message,
                offset,
                message.acceptedOffset);
        world.require(message.offset == offset, "%s has offsets %d and %d", message, message.offset, offset);
        if (offset > 0) {
            sawOffset(offset);
            SentMessage same = byOffset.putIfAbsent(offset, message);
            world.require(same == null || same == message, "offset %d is %s and %s", offset, same, message);
        }
    }

    /** A member has this message right after the other, or as the first since it joined. */
    void follows(@Nullable SentMessage previous, SentMessage message, long cutReadAtStep) {
        if (previous == null) {
            message.cutReadAtStep = Math.min(message.cutReadAtStep, cutReadAtStep);
        } else {
            world.require(
                    previous.next == null || previous.next == message,
                    "after %s comes %s for some and %s for others",
                    previous,
                    previous.next,
                    message);
            world.require(
                    message.previous == null || message.previous == previous,
                    "before %s comes %s for some and %s for others",
                    message,
                    message.previous,
                    previous);
            previous.next = message;
            message.previous = previous;
        }
        checkCut(message);
    }

    /** Who read its {@code joined} before a message was even sent must not have missed that message. */
    private void checkCut(SentMessage first) {
        SentMessage later = first;
        SentMessage earlier = first.previous;
        while (earlier != null && earlier.cutReadAtStep > later.cutReadAtStep) {
            earlier.cutReadAtStep = later.cutReadAtStep;
            world.require(
                    earlier.sentAtStep <= earlier.cutReadAtStep,
                    "%s was sent after a member had joined, which has %s but not this",
                    earlier,
                    first);
            later = earlier;
            earlier = earlier.previous;
        }
    }
}
