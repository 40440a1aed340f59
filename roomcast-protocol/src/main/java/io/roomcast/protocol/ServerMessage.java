package io.roomcast.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the server says, one record for each type of frame. */
public sealed interface ServerMessage {

    /** The first frame of every connection. */
    record Welcome(String connection, long heartbeatMs, Limits limits) implements ServerMessage {}

    /**
     * The cut a member starts from.
     *
     * @param members the list if it was asked for and the room gives it, or its first page; else null
     * @param state the state of the room if the member takes it, or its first page; else null
     * @param more whether the rest of the list or of the state follows, in snapshots
     * @param resumed how the resume went that was asked for, else null
     * @param messages those missed, or the last ones that were asked for, ascending; null if none were
     */
    record Joined(
            RequestId id,
            String room,
            String memberId,
            String epoch,
            long offset,
            long version,
            int count,
            @Nullable List<MemberEntry> members,
            @Nullable StatePart state,
            boolean more,
            @Nullable Resumed resumed,
            @Nullable List<Message> messages)
            implements ServerMessage {

        /** For a member that takes no state. */
        public Joined(
                RequestId id,
                String room,
                String memberId,
                String epoch,
                long offset,
                long version,
                int count,
                @Nullable List<MemberEntry> members,
                @Nullable Resumed resumed,
                @Nullable List<Message> messages) {
            this(id, room, memberId, epoch, offset, version, count, members, null, false, resumed, messages);
        }
    }

    /**
     * A part of a room's state, whole or as a change.
     *
     * @param since the version that the change follows, {@link #WHOLE} where it is no change
     * @param set values with their versions, by key
     * @param delete keys that have gone since; only in a change
     */
    record StatePart(long since, Map<String, VersionedValue> set, List<String> delete) {
        /** In the place of a version: this is the state, or a page of it, and not a change. */
        public static final long WHOLE = -1;
    }

    /**
     * More of what was too large for one {@code joined}: of the list or of the state.
     *
     * @param more whether further snapshots follow
     */
    record Snapshot(
            String room,
            @Nullable List<MemberEntry> members,
            @Nullable StatePart state,
            boolean more) implements ServerMessage {

        /** More of the list. */
        public Snapshot(String room, List<MemberEntry> members, boolean more) {
            this(room, members, null, more);
        }

        /** More of the state. */
        public Snapshot(String room, StatePart state, boolean more) {
            this(room, null, state, more);
        }
    }

    /**
     * The reply to a change of the state.
     *
     * @param values what the numbers have come to that were added to
     */
    record Updated(RequestId id, String room, long version, Map<String, Json> values) implements ServerMessage {}

    /**
     * The state has changed.
     *
     * @param since the version that this follows, if several changes are in it; {@link StatePart#WHOLE} if one is
     * @param set values by key, with the versions in which they were written
     * @param from the member that changed it; null for the server, and for several changes in one
     */
    record State(
            String room,
            long version,
            long since,
            Map<String, VersionedValue> set,
            List<String> delete,
            @Nullable String from)
            implements ServerMessage {}

    /** How a resume went. */
    enum Resumed {
        /** All that was missed is there. */
        YES(null),
        /** The room's numbering is another one. */
        EPOCH("epoch"),
        /** More was missed than may be resumed. */
        TOO_MANY("too_many"),
        /** Some of what was missed is kept no more. */
        TRIMMED("trimmed"),
        /** The client says that it stood where the room has not been. */
        FUTURE("future");

        private final @Nullable String reason;

        Resumed(@Nullable String reason) {
            this.reason = reason;
        }

        /** Why nothing was resumed, null if all was. */
        public @Nullable String reason() {
            return reason;
        }
    }

    /**
     * The end of a membership.
     *
     * @param reason null when the client left by itself, else why it was removed
     */
    record Left(RequestId id, String room, @Nullable String reason) implements ServerMessage {}

    /**
     * The reply to a publish, at the message's place in the room's order.
     *
     * @param offset 0 for a message that was not kept
     */
    record Published(RequestId id, String room, long offset) implements ServerMessage {}

    /**
     * What was published.
     *
     * @param offset 0 for a message that was not kept
     * @param from the member that published, null for the server
     */
    record Message(
            String room,
            long offset,
            long at,
            @Nullable String from,
            @Nullable String user,
            @Nullable String event,
            @Nullable String to,
            Json data)
            implements ServerMessage {}

    /** What was published in a room that gathers: several messages, in their order, none of them to one member alone. */
    record Messages(String room, List<Message> messages) implements ServerMessage {}

    /** The reply to who is there. */
    record Members(RequestId id, String room, int count, List<MemberEntry> members, boolean more)
            implements ServerMessage {}

    /** The reply to a request for past messages, ascending. */
    record History(RequestId id, String room, String epoch, List<Message> messages, boolean more)
            implements ServerMessage {}

    /**
     * The reply to a request for a session.
     *
     * @param secret brings the session back after its connection has ended
     * @param graceMs for how long
     * @param restored whether this is the session that was asked for, with what it still has
     * @param rooms of which it is still a member
     */
    record Session(RequestId id, String secret, long graceMs, boolean restored, List<String> rooms)
            implements ServerMessage {}

    /** News with names, never all empty: apply left, then joined, then changed. Empty lists are not written. */
    record MembersNews(String room, List<MemberEntry> joined, List<String> left, List<MemberEntry> changed, int count)
            implements ServerMessage {}

    /** News for those who have the count only. To who has the list, it says that this ends here. */
    record CountNews(String room, int count) implements ServerMessage {}

    /** The reply to a request that has nothing else to say. */
    record Ok(RequestId id, String room) implements ServerMessage {}

    /** The reply to a ping. */
    record Pong(RequestId id) implements ServerMessage {}

    /** A request was refused; the connection stays open. */
    @SuppressWarnings("JavaLangClash") // named like its frame; from outside it is ServerMessage.Error
    record Error(Refusal refusal) implements ServerMessage {}

    /** Messages of the room behind {@code after} and before {@code before} were dropped for this connection. */
    record Gap(String room, long after, long before) implements ServerMessage {}

    /** The server goes away; a close with 1012 follows. */
    record Closing(long retryAfterMs) implements ServerMessage {}
}
