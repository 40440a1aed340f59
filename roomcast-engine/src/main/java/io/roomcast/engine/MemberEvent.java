package io.roomcast.engine;

import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.ClientMessage;
import java.util.Optional;

/** A member tells about itself. No listener hears of it; the room's check does. */
final class MemberEvent extends RoomRequestEvent {
    private final ClientMessage.Member request;

    MemberEvent(Session session, ClientMessage.Member request) {
        super(session, request.room());
        this.request = request;
    }

    @Override
    Optional<String> wrongBy(RoomCheck check) {
        return check.checkMember(request.member());
    }

    @Override
    boolean isRewritten() {
        return false;
    }

    @Override
    boolean isIncomplete() {
        return false;
    }

    @Override
    ClientMessage.Member result() {
        return request;
    }
}
