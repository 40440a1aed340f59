package io.roomcast.client;

import java.util.List;

/**
 * A part of the list of members.
 *
 * @param count members in the room, me included
 * @param more whether there are further ones behind the last of these
 */
public record MembersPage(List<Member> members, int count, boolean more) {}
