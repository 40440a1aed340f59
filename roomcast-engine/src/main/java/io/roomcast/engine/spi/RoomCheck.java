package io.roomcast.engine.spi;

import io.roomcast.protocol.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says of what members want to say in some rooms whether it may be said there; what is wrong is refused with {@code
 * bad_request}. Each method but {@link #holdsIn} returns what is wrong, for the client's developer, and empty if nothing
 * is; it is called on a thread for listeners, of many connections at the same time, and within a listener's time.
 */
public interface RoomCheck {

    /** Whether it is asked about the room with this id. Called on a lane: at once, and always the same. */
    boolean holdsIn(String room);

    /**
     * Of a message.
     *
     * @param event its name, null if it has none
     */
    Optional<String> checkMessage(@Nullable String event, Json data);

    /**
     * Of a change of the state.
     *
     * @param set values by key
     * @param delete keys to take away
     * @param add numbers to add, by key
     */
    Optional<String> checkUpdate(Map<String, Json> set, List<String> delete, Map<String, Json> add);

    /**
     * Of a member.
     *
     * @param member what it tells about itself, null if it joins and tells nothing
     */
    Optional<String> checkMember(@Nullable Json member);
}
