package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.StateChange;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.ServerMessage.StatePart;
import io.roomcast.protocol.VersionedValue;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The state of a room, as an application reads and changes it; whether anybody is in the room or not. All methods may be
 * called from any thread and return at once; what they return is completed on a lane, so whatever is chained to it should
 * be short. The server may change all keys, those that belong to a member too.
 */
public final class SharedState {
    private final String id;
    private final Rooms rooms;

    SharedState(String id, Rooms rooms) {
        this.id = id;
        this.rooms = rooms;
    }

    /**
     * The state at one instant.
     *
     * @param version of the last change
     * @param values with their versions, by key
     */
    public record Snapshot(long version, Map<String, VersionedValue> values) {

        /** The value of this key, empty if there is no such key. */
        public Optional<Json> value(String key) {
            VersionedValue there = values.get(key);
            return there == null ? Optional.empty() : Optional.ofNullable(there.value());
        }

        /** The version that last wrote this key, 0 if there is no such key: what {@link StateEdit#ifVersion} wants. */
        public long version(String key) {
            VersionedValue there = values.get(key);
            return there == null ? 0 : there.version();
        }
    }

    /** Reads all of it. */
    public CompletableFuture<Snapshot> read() {
        return within((room, done) -> room.state.readForServer(new Broker.StateAnswer() {
            @Override
            public void read(long version, StatePart state) {
                done.complete(new Snapshot(version, state.set()));
            }

            @Override
            public void failed(String why) {
                done.completeExceptionally(new IllegalStateException(why));
            }
        }));
    }

    /**
     * Changes it. Completes with the change when it has its place in the room, or exceptionally with an {@link
     * UpdateRefusedException}: on a conflict, or beyond a limit.
     */
    public CompletableFuture<StateChange> update(StateEdit edit) {
        return within((room, done) -> room.state.updateForServer(edit.toUpdate(), done));
    }

    /** Writes one value. As {@link #update}. */
    public CompletableFuture<StateChange> set(String key, Json value) {
        return update(new StateEdit().set(key, value));
    }

    private interface Step<T> {
        void take(LiveRoom room, CompletableFuture<T> done);
    }

    private <T extends @Nullable Object> CompletableFuture<T> within(Step<T> step) {
        CompletableFuture<T> done = new CompletableFuture<>();
        LiveRoom room = rooms.registry().hold(id);
        if (room == null) {
            done.completeExceptionally(new IllegalStateException("The server has as many rooms as it may have"));
            return done;
        }
        room.turn.lane.execute(() -> {
            done.whenComplete((result, failure) -> rooms.release(room));
            try {
                step.take(room, done);
            } catch (IllegalArgumentException wrong) {
                done.completeExceptionally(wrong);
            }
        });
        // A copy, because the hold must outlast a caller that cancels what it got, or times it out.
        return done.copy();
    }
}
