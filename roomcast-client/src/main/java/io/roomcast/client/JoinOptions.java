package io.roomcast.client;

import io.roomcast.protocol.MembersOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a join asks for: {@code JoinOptions.create().members(true).history(20)}. What is not said stays as it was with the last
 * join of the same room.
 *
 * @param member what I tell the others about myself; null for nothing, see {@link #member(Object)}
 * @param members list and news, the count only, or neither
 * @param state whether to take the room's state; null for what the room is set up for, which usually is to take it
 * @param history how many past messages to hand over first
 * @param timeout how long it may take; null for the client's
 */
public record JoinOptions(
        @Nullable Object member,
        @Nullable MembersOption members,
        @Nullable Boolean state,
        @Nullable Integer history,
        @Nullable Duration timeout) {

    /** Messages and state, no members, no past messages. */
    public static JoinOptions create() {
        return new JoinOptions(null, null, null, null, null);
    }

    /** Tells the others this about me: JSON, or what the client's codec makes JSON of. */
    public JoinOptions member(Object member) {
        return new JoinOptions(member, members, state, history, timeout);
    }

    /** With the list of members, and news of it; or without. */
    public JoinOptions members(boolean list) {
        return members(list ? MembersOption.LIST : MembersOption.NONE);
    }

    public JoinOptions members(MembersOption members) {
        return new JoinOptions(member, members, state, history, timeout);
    }

    /** Whether to take the room's state. */
    public JoinOptions state(boolean state) {
        return new JoinOptions(member, members, state, history, timeout);
    }

    /** Hands over so many of the last messages first. */
    public JoinOptions history(int messages) {
        return new JoinOptions(member, members, state, messages, timeout);
    }

    public JoinOptions timeout(Duration timeout) {
        return new JoinOptions(member, members, state, history, timeout);
    }
}
