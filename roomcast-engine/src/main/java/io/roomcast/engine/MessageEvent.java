package io.roomcast.engine;

import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.Json;
import java.util.Optional;

/** A member publishes a message. Allowed unless the listener refuses. */
public final class MessageEvent extends RoomRequestEvent {
    private final ClientMessage.Publish publish;
    private Json data;

    MessageEvent(Session session, ClientMessage.Publish publish) {
        super(session, publish.room());
        this.publish = publish;
        this.data = publish.data();
    }

    /** The name that the client gave the message. */
    public Optional<String> event() {
        return Optional.ofNullable(publish.event());
    }

    public Json data() {
        return data;
    }

    /** Replaces the data before anybody sees it. */
    public void data(Json value) {
        data = value;
    }

    @Override
    Optional<String> wrongBy(RoomCheck check) {
        return check.checkMessage(publish.event(), data);
    }

    @Override
    boolean isRewritten() {
        return !data.equals(publish.data());
    }

    @Override
    boolean isIncomplete() {
        return false;
    }

    @Override
    ClientMessage.Publish result() {
        return new ClientMessage.Publish(
                publish.id(),
                publish.room(),
                publish.event(),
                data,
                publish.echo(),
                publish.keep(),
                publish.to(),
                publish.key());
    }
}
