package io.roomcast.engine;

import io.roomcast.engine.spi.Publication;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.MemberEntry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A room by its id, as an application sees it; whether anybody is in it or not. All methods may be called from any thread
 * and return at once; what they return is completed on a lane, so whatever is chained to it should be short.
 */
public final class Room {
    private final String id;
    private final Rooms rooms;

    Room(String id, Rooms rooms) {
        this.id = id;
        this.rooms = rooms;
    }

    public String id() {
        return id;
    }

    /** Publishes to the room, from the server: the message has no {@code from}. Completes with its offset. */
    public CompletableFuture<Long> publish(Json data) {
        return publish(new Publication(null, null, null, data, true, null));
    }

    /** Publishes a named message to the room, from the server. Completes with its offset. */
    public CompletableFuture<Long> publish(String event, Json data) {
        return publish(new Publication(null, null, event, data, true, null));
    }

    /** Publishes without offset and history, as cursors and signs of typing are. */
    public CompletableFuture<Long> publishUnkept(@Nullable String event, Json data) {
        return publish(new Publication(null, null, event, data, false, null));
    }

    /** Sends to one member alone. Completes with whether there is such a member. */
    public CompletableFuture<Boolean> sendTo(String memberId, Json data) {
        long number = Ids.memberNumber(memberId);
        return ifAlive(0, room -> room.messages.sendTo(member -> member.number == number, unkept(data)))
                .thenApply(reached -> reached > 0);
    }

    /** Sends to every member with this user. Completes with how many there were. */
    public CompletableFuture<Integer> sendToUser(String user, Json data) {
        return ifAlive(0, room -> room.messages.sendTo(member -> user.equals(member.session.user()), unkept(data)));
    }

    /** Who is in the room, in the order of joining. */
    public CompletableFuture<List<MemberEntry>> members() {
        return ifAlive(List.of(), live -> live.members.entries());
    }

    /**
     * Removes a member, whose client gets {@code left} with this reason. Completes with whether there was such a member.
     */
    public CompletableFuture<Boolean> remove(String memberId, String reason) {
        return ifAlive(false, room -> room.members.remove(memberId, reason));
    }

    /** The room's keys that all its members have in common. */
    public SharedState state() {
        return new SharedState(id, rooms);
    }

    private static Publication unkept(Json data) {
        return new Publication(null, null, null, data, false, null);
    }

    private CompletableFuture<Long> publish(Publication publication) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        LiveRoom room = rooms.registry().hold(id);
        if (room == null) {
            done.completeExceptionally(new IllegalStateException("The server has as many rooms as it may have"));
            return done;
        }
        room.turn.lane.execute(() -> {
            done.whenComplete((offset, failure) -> rooms.release(room));
            room.messages.publishForServer(publication, done);
        });
        // A copy, because the hold must outlast a caller that cancels what it got, or times it out.
        return done.copy();
    }

    private <T> CompletableFuture<T> ifAlive(T otherwise, Function<LiveRoom, T> question) {
        LiveRoom room = rooms.registry().holdIfAlive(id);
        if (room == null) {
            return CompletableFuture.completedFuture(otherwise);
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        room.turn.lane.execute(() -> {
            try {
                done.complete(question.apply(room));
            } finally {
                rooms.release(room);
            }
        });
        return done;
    }
}
