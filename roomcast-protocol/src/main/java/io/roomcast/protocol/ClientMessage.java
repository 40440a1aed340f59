package io.roomcast.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client says, one record for each type of frame. */
public sealed interface ClientMessage extends Decoded {

    /**
     * Into a room, or for a member: the same membership with new options and a fresh cut.
     *
     * @param history how many of the last messages to have, where nothing is resumed; 0 for none
     * @param resume where the client stood, to have what it missed; null if it is new
     * @param state whether it takes the room's state; null: as the room's template has it
     */
    record Join(
            RequestId id,
            String room,
            @Nullable Json member,
            MembersOption members,
            int history,
            @Nullable Position resume,
            @Nullable Boolean state)
            implements InRoom {
        @Override
        public String type() {
            return "join";
        }

        @Override
        public boolean asksForMessages() {
            return history > 0 || resume != null;
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
     * @param key tells this message from others for a while: the same key is published once; null if it may be doubled
     */
    record Publish(
            RequestId id,
            String room,
            @Nullable String event,
            Json data,
            boolean echo,
            boolean keep,
            @Nullable String to,
            @Nullable String key)
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

    /**
     * Change the room's state: all parts together or none. A key is named once in {@code set}, {@code delete} and
     * {@code add}.
     *
     * @param set values by key
     * @param delete keys to take away
     * @param add numbers to add, by key; a key that is not there counts as 0
     * @param ifVersions versions that keys must have, 0 for one that is not there
     * @param own whether the keys that are set are to belong to the member, and go with it
     */
    record Update(
            RequestId id,
            String room,
            Map<String, Json> set,
            List<String> delete,
            Map<String, Json> add,
            Map<String, Long> ifVersions,
            boolean own)
            implements InRoom {
        @Override
        public String type() {
            return "update";
        }

        /** Whether it may be refused with all the values whose versions it names. */
        public boolean isConditional() {
            return !ifVersions.isEmpty();
        }
    }

    /**
     * Past messages, in ascending order: with {@code after} the first behind it, else the last before {@code before}.
     *
     * @param after an offset, exclusive; {@link #NO_BOUND} for none
     * @param before an offset, exclusive; {@link #NO_BOUND} for none
     * @param limit how many at the most; 0 if the request named none
     */
    record History(RequestId id, String room, long after, long before, int limit) implements InRoom {
        /** In the place of an offset: no bound on this side. */
        public static final long NO_BOUND = -1;

        @Override
        public String type() {
            return "history";
        }

        @Override
        public boolean asksForMessages() {
            return true;
        }
    }

    /**
     * A session that outlives its connection for a while.
     *
     * @param secret of the session to bring back, null to have one
     */
    record Session(RequestId id, @Nullable String secret) implements ClientMessage {
        @Override
        public String type() {
            return "session";
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

        /** Whether the reply brings past messages, if it is no refusal. */
        default boolean asksForMessages() {
            return false;
        }
    }

    RequestId id();

    /** The {@code type} on the wire. */
    String type();
}
