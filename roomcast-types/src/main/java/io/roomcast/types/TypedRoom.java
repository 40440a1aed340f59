package io.roomcast.types;

import io.roomcast.engine.Room;
import io.roomcast.engine.spi.StateChange;
import java.util.concurrent.CompletableFuture;

/**
 * A room in which the server publishes and changes the state in records. All methods may be called from any thread and
 * return at once; what does not fit the room's type throws an IllegalArgumentException, and nothing is done. For all else,
 * there is {@link #room}, which is not held to the type.
 */
public final class TypedRoom {
    private final RoomType type;
    private final Room room;

    TypedRoom(RoomType type, Room room) {
        this.type = type;
        this.room = room;
    }

    /** The room as it is without a type. */
    public Room room() {
        return room;
    }

    /** Publishes a message with an event. Completes with its offset. */
    public CompletableFuture<Long> publish(String event, Object data) {
        return room.publish(event, type.data(event, data));
    }

    /** Publishes a message without an event. Completes with its offset. */
    public CompletableFuture<Long> publish(Object data) {
        return room.publish(type.data(null, data));
    }

    /** Publishes without offset and history, as cursors and signs of typing are. */
    public CompletableFuture<Long> publishUnkept(String event, Object data) {
        return room.publishUnkept(event, type.data(event, data));
    }

    /** Sends a message without an event to one member alone. Completes with whether there is such a member. */
    public CompletableFuture<Boolean> sendTo(String memberId, Object data) {
        return room.sendTo(memberId, type.data(null, data));
    }

    /** Reads all of the state. */
    public CompletableFuture<TypedSnapshot> read() {
        return room.state().read().thenApply(snapshot -> new TypedSnapshot(type, snapshot));
    }

    /** A change of the state to be filled, and then given to {@link #update}. */
    public TypedEdit edit() {
        return new TypedEdit(type);
    }

    /** Changes the state, as {@link io.roomcast.engine.SharedState#update} does. */
    public CompletableFuture<StateChange> update(TypedEdit edit) {
        return room.state().update(edit.untyped());
    }

    /** Writes one value, as {@link io.roomcast.engine.SharedState#set} does. */
    public CompletableFuture<StateChange> set(String key, Object value) {
        return room.state().set(key, type.value(key, value));
    }
}
