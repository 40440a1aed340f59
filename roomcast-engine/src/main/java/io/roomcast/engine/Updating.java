package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.StateChange;
import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.VersionedValue;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A change of the state between its request and its place in the room: what the broker's answer comes to. Written once by
 * the thread that answers, then handed to the home lane, which reads it.
 */
final class Updating implements Broker.UpdateAnswer {
    /** What was refused, and at which version that was so. */
    record Refused(ErrorCode code, String message, long version, Map<String, VersionedValue> current) {}

    /** Null when the server changes the state, and when a member's keys go with it. */
    final @Nullable Membership author;

    final ClientMessage.@Nullable Update request;

    /** Whose change it is, as others see it; null for the server. */
    final @Nullable String from;

    private final RoomState state;
    private final @Nullable CompletableFuture<StateChange> done;
    private @Nullable StateChange change;
    private @Nullable Refused refused;
    private @Nullable String failure;

    /** A member's. */
    Updating(RoomState state, StateUpdate update, Membership author, ClientMessage.Update request) {
        this.state = state;
        this.from = update.from();
        this.author = author;
        this.request = request;
        this.done = null;
    }

    /** The server's, or that of a member that goes. */
    Updating(RoomState state, @Nullable String from, @Nullable CompletableFuture<StateChange> done) {
        this.state = state;
        this.from = from;
        this.author = null;
        this.request = null;
        this.done = done;
    }

    @Override
    public void accepted(StateChange accepted) {
        change = accepted;
        state.answered(this);
    }

    @Override
    public void unchanged() {
        state.answered(this);
    }

    @Override
    public void refused(ErrorCode code, String message, long version, Map<String, VersionedValue> current) {
        refused = new Refused(code, message, version, current);
        state.answered(this);
    }

    @Override
    public void failed(String why) {
        failure = why;
        state.answered(this);
    }

    @Nullable
    StateChange change() {
        return change;
    }

    @Nullable
    Refused refused() {
        return refused;
    }

    @Nullable
    String failure() {
        return failure;
    }

    @Nullable
    CompletableFuture<StateChange> done() {
        return done;
    }
}
