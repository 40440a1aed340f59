package io.roomcast.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state has changed; after a reconnect the difference to what was known.
 *
 * @param version the room's version now
 * @param from the member whose change it is, if it is one change of one member
 */
public record StateEvent(
        List<StateChange> changes, long version, @Nullable String from) {}
