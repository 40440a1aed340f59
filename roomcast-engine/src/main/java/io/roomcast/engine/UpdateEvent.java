package io.roomcast.engine;

import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A member changes the room's state. Allowed unless the listener refuses. */
public final class UpdateEvent extends RoomRequestEvent {
    private final ClientMessage.Update update;
    private Map<String, Json> set;

    UpdateEvent(Session session, ClientMessage.Update update) {
        super(session, update.room());
        this.update = update;
        this.set = update.set();
    }

    /** The values that are to be written. */
    public Map<String, Json> set() {
        return set;
    }

    /** Replaces what is to be written before it is. Keys that are deleted or added to must not be among them. */
    public void set(Map<String, Json> values) {
        set = Map.copyOf(values);
    }

    /** The keys that are to be taken away. */
    public List<String> delete() {
        return update.delete();
    }

    /** The numbers that are to be added, by key. */
    public Map<String, Json> add() {
        return update.add();
    }

    /** Whether keys that come to be are to belong to the member. */
    public boolean own() {
        return update.own();
    }

    @Override
    Optional<String> wrongBy(RoomCheck check) {
        return check.checkUpdate(set, update.delete(), update.add());
    }

    @Override
    boolean isRewritten() {
        return set != update.set();
    }

    @Override
    boolean isIncomplete() {
        return false;
    }

    @Override
    ClientMessage.Update result() {
        return new ClientMessage.Update(
                update.id(), update.room(), set, update.delete(), update.add(), update.ifVersions(), update.own());
    }
}
