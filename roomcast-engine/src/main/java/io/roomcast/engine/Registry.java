package io.roomcast.engine;

import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rooms that are alive, by id. From any thread.
 *
 * <p>A room is kept alive by counted holds: one for each membership, one for each thing that is under way. The last
 * release is the end of that room; whoever asks for the id then gets a new room. So all requests of one membership go to
 * one and the same room, in their order, and none ever meets a dead one.
 */
final class Registry {
    private final ConcurrentHashMap<String, LiveRoom> rooms = new ConcurrentHashMap<>();
    private final AtomicInteger alive = new AtomicInteger();
    private final AtomicInteger[] homes;
    private final int most;
    private final BiFunction<String, Integer, LiveRoom> newRoom;

    /**
     * @param lanes how many of them, from the first, are homes
     * @param newRoom makes a room with this id and this lane as its home, held once
     */
    Registry(int lanes, int most, BiFunction<String, Integer, LiveRoom> newRoom) {
        this.homes = new AtomicInteger[lanes];
        for (int i = 0; i < lanes; i++) {
            homes[i] = new AtomicInteger();
        }
        this.most = most;
        this.newRoom = newRoom;
    }

    /** The room with one more hold for the caller, or null if it would be one room too many. */
    @Nullable
    LiveRoom hold(String id) {
        LiveRoom there = rooms.get(id);
        if (there != null && there.tryHold()) {
            return there;
        }
        LiveRoom[] held = new LiveRoom[1];
        rooms.compute(id, (key, old) -> {
            if (old != null && old.tryHold()) {
                held[0] = old;
                return old;
            }
            if (alive.incrementAndGet() > most) {
                alive.decrementAndGet();
                return null;
            }
            LiveRoom room = newRoom.apply(key, leastLoadedLane());
            homes[room.turn.lane.index()].incrementAndGet();
            held[0] = room;
            return room;
        });
        return held[0];
    }

    /** The room if it is alive, with one more hold for the caller. */
    @Nullable
    LiveRoom holdIfAlive(String id) {
        LiveRoom there = rooms.get(id);
        return there != null && there.tryHold() ? there : null;
    }

    /** Gives a hold back; with the last one the room ends. */
    void release(LiveRoom room) {
        if (room.releaseHold()) {
            rooms.remove(room.id, room);
            homes[room.turn.lane.index()].decrementAndGet();
            alive.decrementAndGet();
            room.turn.lane.execute(room::end);
        }
    }

    /** Does this with the rooms there are, as far as they are neither born nor ended meanwhile. */
    void forEach(Consumer<LiveRoom> action) {
        rooms.values().forEach(action);
    }

    int size() {
        return alive.get();
    }

    private int leastLoadedLane() {
        return java.util.stream.IntStream.range(0, homes.length)
                .boxed()
                .min(Comparator.comparingInt(lane -> homes[lane].get()))
                .orElse(0);
    }
}
