package io.roomcast.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server says, one record for each type of frame. */
public sealed interface ServerMessage {

    /** The first frame of every connection. */
    record Welcome(String connection, long heartbeatMs, Limits limits) implements ServerMessage {}

    /** @param members the list if it was asked for, else null */
    record Joined(
            RequestId id,
            String room,
            String memberId,
            String epoch,
            long offset,
            long version,
            int count,
            @Nullable List<MemberEntry> members)
            implements ServerMessage {}

    /** @param reason null when the client left by itself, else why it was removed */
    record Left(RequestId id, String room, @Nullable String reason) implements ServerMessage {}

    /** @param offset 0 for a message that was not kept */
    record Published(RequestId id, String room, long offset) implements ServerMessage {}

    /**
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

    /** The reply to who is there. */
    record Members(RequestId id, String room, int count, List<MemberEntry> members, boolean more)
            implements ServerMessage {}

    /** News with names: apply left, then joined, then changed. Empty lists are not written. */
    record MembersNews(String room, List<MemberEntry> joined, List<String> left, List<MemberEntry> changed, int count)
            implements ServerMessage {}

    /** News for those who asked for the count only. */
    record CountNews(String room, int count) implements ServerMessage {}

    record Ok(RequestId id, String room) implements ServerMessage {}

    record Pong(RequestId id) implements ServerMessage {}

    /** @param retryAfterMs 0 where the code has none */
    record Error(Refusal refusal, long retryAfterMs) implements ServerMessage {}

    record Closing(long retryAfterMs) implements ServerMessage {}
}
