package io.roomcast.testkit;

import io.roomcast.engine.spi.Broker;
import io.roomcast.protocol.Limit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What all rooms together may keep: beyond it, those that were used least recently give up what they keep. The broker
 * says how many have, not which.
 */
final class Budget {
    /** What is kept of the state of rooms with members is not given up, so the last update may have been one too many. */
    private static final long MOST_OF_AN_UPDATE = 150_000;

    private final World world;

    /** As far as was looked. */
    private long roomsGivenUp;

    Budget(World world) {
        this.world = world;
    }

    /** Something was published or read. */
    void look(Broker.Kept kept) {
        world.require(
                kept.bytes() <= world.limits.get(Limit.ROOM_BYTES) + MOST_OF_AN_UPDATE && kept.bytes() >= 0,
                "all rooms together keep %d bytes",
                kept.bytes());
        long more = kept.roomsGivenUp() - roomsGivenUp;
        if (more > 0) {
            roomsGivenUp = kept.roomsGivenUp();
            world.tally.add(Exercised.ROOMS_GIVEN_UP, more);
            world.note("broker", "lets rooms give up", more);
            leastRecentlyUsed(more).forEach(log -> {
                log.mayHaveGivenUp();
                log.mayHaveLostState();
            });
        }
    }

    /** So many, and those that were used at the same time as the last of them. */
    private List<LogModel> leastRecentlyUsed(long count) {
        List<LogModel> all = new ArrayList<>();
        world.rooms.values().forEach(room -> {
            LogModel log = room.latestLog();
            if (log != null) {
                all.add(log);
            }
        });
        all.sort(Comparator.comparingLong(LogModel::usedNanos));
        long left = count;
        int end = 0;
        while (end < all.size() && left > 0) {
            LogModel log = all.get(end++);
            left -= log.surelyKeepsSomething() ? 1 : 0;
            left -= left > 0 && log.mayLoseState() ? 1 : 0;
        }
        long most = all.stream().mapToLong(LogModel::mostToGiveUp).sum();
        world.require(count <= most, "%d rooms have given up what they keep, but only %d had anything", count, most);
        while (end < all.size() && all.get(end).usedNanos() == all.get(end - 1).usedNanos()) {
            end++;
        }
        return all.subList(0, end);
    }
}
