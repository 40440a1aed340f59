package io.roomcast.testkit;

import io.roomcast.protocol.MembersOption;
import io.roomcast.protocol.Position;
import org.jspecify.annotations.Nullable;

/** A request that a client has sent and that was not answered yet. */
final class Request {
    /** In the place of an offset: no bound. */
    static final long NO_BOUND = -1;

    final String type;
    final @Nullable String id;
    final long sentAtStep;
    final long sentNanos;

    /** Whether an answer must come, also when all is well. */
    boolean answered = true;

    /** The code it must be refused with, null if it is a good request. */
    @Nullable
    String refusal;

    @Nullable
    SentMessage message;

    @Nullable
    SentUpdate update;

    // ---- Of a join

    MembersOption option = MembersOption.NONE;

    /** The number in the JSON about me that a join or member request tells, 0 for none. */
    long told;

    /** Where the client says that it stands. */
    @Nullable
    Position resume;

    /** How many of the last messages it asks for. */
    long history;

    /** Whether it asks for the state; null for no word of it. */
    @Nullable
    Boolean state;

    /** The room's state and its highest version that anybody had seen when a request was sent. */
    @Nullable
    StateModel stateWhenSent;

    long versionWhenSent;

    /** Whether the connection had asked for a session before. */
    boolean isOfSession;

    /** The room's order and its highest offset when a request was sent. */
    @Nullable
    MessageOrder orderWhenSent;

    long offsetWhenSent;

    /** How often the connection's socket had not taken all when this was sent. */
    int timesBlockedWhenSent;

    // ---- Of a request for members

    @Nullable
    String after;

    /** How many at the most, of members or of messages; 0 for no word of it. */
    long limit;

    // ---- Of a request for history: both exclusive

    long afterOffset = NO_BOUND;
    long beforeOffset = NO_BOUND;

    Request(String type, @Nullable String id, long sentAtStep, long sentNanos) {
        this.type = type;
        this.id = id;
        this.sentAtStep = sentAtStep;
        this.sentNanos = sentNanos;
    }

    boolean is(String wanted) {
        return type.equals(wanted);
    }

    @Override
    public String toString() {
        return type + " " + id + " of step " + sentAtStep;
    }
}
