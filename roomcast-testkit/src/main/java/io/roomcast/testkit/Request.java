package io.roomcast.testkit;

import io.roomcast.protocol.MembersOption;
import org.jspecify.annotations.Nullable;

/** A request that a client has sent and that was not answered yet. */
final class Request {
    final String type;
    final @Nullable String id;
    final long sentAtStep;

    /** Whether an answer must come, also when all is well. */
    boolean answered = true;

    /** The code it must be refused with, null if it is a good request. */
    @Nullable
    String refusal;

    @Nullable
    SentMessage message;

    MembersOption option = MembersOption.NONE;

    /** The number in the JSON about me that a join or member request tells, 0 for none. */
    long told;

    /** The room's order and its highest offset when a join was sent. */
    @Nullable
    MessageOrder orderWhenSent;

    long offsetWhenSent;

    @Nullable
    String after;

    int limit;

    Request(String type, @Nullable String id, long sentAtStep) {
        this.type = type;
        this.id = id;
        this.sentAtStep = sentAtStep;
    }

    @Override
    public String toString() {
        return type + " " + id + " of step " + sentAtStep;
    }
}
