package io.roomcast.engine;

import io.roomcast.engine.spi.StateChange;
import io.roomcast.protocol.ServerMessage.StatePart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of somebody who is about to join, kept up to date until the cut. Until the broker has answered, changes are
 * kept as they come: as many as become part of the room in that time. Used on the room's home lane only.
 */
final class JoiningState {
    private final List<StateChange> early = new ArrayList<>(0);
    private @Nullable MergedChange state;

    /** A change has become part of the room. */
    void add(StateChange change) {
        if (state == null) {
            early.add(change);
        } else {
            state.add(change);
        }
    }

    /** The broker has answered with this, and the room has come to that version, or further. */
    void begin(long version, StatePart part) {
        MergedChange begun = new MergedChange(version, part);
        early.stream().filter(change -> change.version() > version).forEach(begun::add);
        early.clear();
        state = begun;
    }

    boolean isChange() {
        return state != null && state.part().since() != StatePart.WHOLE;
    }

    /** What has been read, with all that has become part of the room since. */
    StatePart part() {
        assert state != null : "the cut comes behind the answer";
        return state.part();
    }
}
