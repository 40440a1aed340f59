package io.roomcast.protocol;

import org.jspecify.annotations.Nullable;

/** What a client says, one record for each type of frame. */
public sealed interface ClientMessage extends Decoded {

    /** Into a room, or for a member: the same membership with new options and a fresh cut. */
    record Join(RequestId id, String room, @Nullable Json member, MembersOption members) implements InRoom {
        @Override
        public String type() {
            return "join";
        }
    }

    record Leave(RequestId id, String room) implements InRoom {
        @Override
        public String type() {
            return "leave";
        }
    }

    /**
     * Into the room, or to one member of it.
     *
     * @param event a name for listeners to tell messages apart
     * @param echo false: not to me
     * @param keep false: no offset, no history
     * @param to the one member to send to, or null for the room
     */
    record Publish(
            RequestId id,
            String room,
            @Nullable String event,
            Json data,
            boolean echo,
            boolean keep,
            @Nullable String to)
            implements InRoom {
        @Override
        public String type() {
            return "publish";
        }
    }

    /** Tell the room about me. */
    record Member(RequestId id, String room, Json member) implements InRoom {
        @Override
        public String type() {
            return "member";
        }
    }

    /**
     * Who is there.
     *
     * @param after the member id to begin behind, or null for the start
     * @param limit how many at the most; 0 if the request named none
     */
    record Members(RequestId id, String room, @Nullable String after, int limit) implements InRoom {
        @Override
        public String type() {
            return "members";
        }
    }

    record Ping(RequestId id) implements ClientMessage {
        @Override
        public String type() {
            return "ping";
        }
    }

    /** The messages that concern one room. */
    sealed interface InRoom extends ClientMessage {
        String room();
    }

    RequestId id();

    /** The {@code type} on the wire. */
    String type();
}
