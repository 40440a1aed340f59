package io.roomcast.client;

import java.util.List;

/**
 * Who came, who went, who has changed; after a reconnect the difference to what was known. In a room that gives no list, or
 * was joined without one, only the count.
 *
 * @param left the ids of those who went
 * @param count members in the room now, me included
 */
public record MembersEvent(List<Member> joined, List<String> left, List<Member> changed, int count) {}
