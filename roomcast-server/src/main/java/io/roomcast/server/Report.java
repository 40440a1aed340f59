package io.roomcast.server;

import io.roomcast.client.GapEvent;
import io.roomcast.client.LeftEvent;
import io.roomcast.client.Member;
import io.roomcast.client.MembersEvent;
import io.roomcast.client.Message;
import io.roomcast.client.ResumedEvent;
import io.roomcast.client.Room;
import io.roomcast.client.RoomcastException;
import io.roomcast.client.StateEvent;
import io.roomcast.client.StatusEvent;
import io.roomcast.protocol.VersionedValue;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows what happens in a room, to a person or to a program. Called by one thread at a time. */
interface Report {
    /** This command is in the room. */
    void joined(Room room);

    void message(Message message);

    void members(MembersEvent event);

    /** All who are there, this command left out. */
    void list(Collection<Member> members);

    void state(StateEvent event);

    /** The state as it is. */
    void state(Map<String, VersionedValue> values, long version);

    void resumed(ResumedEvent event);

    void gap(GapEvent event);

    void left(LeftEvent event);

    void status(StatusEvent event);

    /**
     * Something was refused.
     *
     * @param what names it to a person
     */
    void error(String what, RoomcastException error);

    /** A line of the input was published; {@code offset} is null where the message is for one member. */
    void published(long line, @Nullable Long offset);
}
