package io.roomcast.engine;

import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.Json;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client wants to join a room. Allowed unless the listener refuses. */
public final class JoinEvent extends RoomRequestEvent {
    private final ClientMessage.Join join;
    private @Nullable Json member;

    JoinEvent(Session session, ClientMessage.Join join) {
        super(session, join.room());
        this.join = join;
        this.member = join.member();
    }

    /** What the client tells about itself. */
    public Optional<Json> member() {
        return Optional.ofNullable(member);
    }

    /** Replaces what the others will be told about this member. */
    public void member(Json value) {
        member = value;
    }

    @Override
    Optional<String> wrongBy(RoomCheck check) {
        return check.checkMember(member);
    }

    @Override
    boolean isRewritten() {
        return !Objects.equals(member, join.member());
    }

    @Override
    boolean isIncomplete() {
        return member == null;
    }

    @Override
    ClientMessage.Join result() {
        return new ClientMessage.Join(
                join.id(), join.room(), member, join.members(), join.history(), join.resume(), join.state());
    }
}
