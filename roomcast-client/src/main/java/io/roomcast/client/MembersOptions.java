package io.roomcast.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the list of members: {@code MembersOptions.create().after(lastId).limit(50)}.
 *
 * @param after from behind this member's id
 * @param limit how many at the most
 * @param timeout how long it may take; null for the client's
 */
public record MembersOptions(
        @Nullable String after,
        @Nullable Integer limit,
        @Nullable Duration timeout) {

    /** From the first on, as many as the server gives. */
    public static MembersOptions create() {
        return new MembersOptions(null, null, null);
    }

    public MembersOptions after(String memberId) {
        return new MembersOptions(memberId, limit, timeout);
    }

    public MembersOptions limit(int members) {
        return new MembersOptions(after, members, timeout);
    }

    public MembersOptions timeout(Duration timeout) {
        return new MembersOptions(after, limit, timeout);
    }
}
