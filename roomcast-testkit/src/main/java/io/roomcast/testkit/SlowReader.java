package io.roomcast.testkit;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who reads nothing while another changes the state of their room again and again, and nothing else happens: what
 * waits for it is bounded by the size of the state, so that it is not cut off, and finds the state as it is.
 */
final class SlowReader {
    private static final int UPDATES = 40;

    /** What a frame has beside keys and values, and a key beside its name and its value. */
    private static final int BYTES_PER_FRAME = 160;

    private static final int BYTES_PER_KEY = 48;

    private final World world;
    private final Updates updates;
    private final RoomView reader;
    private final SimulatedClient slow;
    private final SimulatedClient writer;
    private final StateModel state;
    private boolean wasBlocked;
    private long versionWhenBlocked;
    private long bytesWhenBlocked;
    private long stateBytesWhenBlocked;

    private SlowReader(World world, Updates updates, RoomView reader, SimulatedClient slow, SimulatedClient writer) {
        this.world = world;
        this.updates = updates;
        this.reader = reader;
        this.slow = slow;
        this.writer = writer;
        this.state = reader.room.log(reader.member("a slow reader").order.epoch).state;
    }

    /** A member that takes the state, beside another member; null if there are no such two. */
    static @Nullable SlowReader any(World world, Random random, Updates updates, List<SimulatedClient> clients) {
        List<SlowReader> all = new ArrayList<>();
        for (RoomModel room : world.rooms.values()) {
            List<SimulatedClient> inside = clients.stream()
                    .filter(client -> client.isUpToDate()
                            && !client.isResting()
                            && client.room(room.id).me() != null)
                    .toList();
            for (int i = 0; inside.size() > 1 && i < inside.size(); i++) {
                SimulatedClient slow = inside.get(i);
                if (slow.room(room.id).state.takes()) {
                    SimulatedClient writer = inside.get((i + 1) % inside.size());
                    all.add(new SlowReader(world, updates, slow.room(room.id), slow, writer));
                }
            }
        }
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    /** From the next change on, which comes now, it takes nothing. */
    void block() {
        world.note(slow, "reads nothing while the state changes, by", writer);
        slow.connection.takeOnly(0);
        change();
    }

    /** All is quiet: the change waits with the socket, and what comes now waits with the engine. */
    void changeMuch() {
        wasBlocked = slow.connection.isBlocked();
        versionWhenBlocked = state.version();
        bytesWhenBlocked = slow.connection.bytesWritten();
        stateBytesWhenBlocked = reader.state.bytesRead();
        for (int i = 0; i < UPDATES; i++) {
            change();
        }
    }

    private void change() {
        String key = world.nextNumber() % 2 == 0 ? "score" : "topic";
        writer.update(updates.simple(writer, reader.room.id, key), false);
    }

    /** All is quiet: nothing of that was a reason to cut it off. */
    void readOn() {
        boolean fits = wasBlocked && mostBytes() < world.limits.get(Limit.OUTBOX_BYTES);
        world.require(
                !fits || slow.connection.closeCode() != CloseCode.SLOW_CONSUMER,
                "%s was cut off though only %s has changed",
                slow,
                state);
        slow.connection.takeAll();
    }

    /** All is quiet, and it has read what has waited for it. */
    void check() {
        long stateBytes = reader.state.bytesRead() - stateBytesWhenBlocked;
        long otherBytes = slow.connection.bytesWritten() - bytesWhenBlocked - stateBytes;
        boolean hadNothingElse = wasBlocked && otherBytes < BYTES_PER_FRAME;
        if (slow.isUpToDate() && state.version() - versionWhenBlocked > UPDATES / 2 && hadNothingElse) {
            world.require(
                    stateBytes <= mostBytes(),
                    "%d bytes waited for %s, but the state is such that there may be %d",
                    stateBytes,
                    slow,
                    mostBytes());
            world.tally.count(Exercised.SLOW_READERS_OF_A_STATE);
        }
    }

    /** Merging begins at a quarter of what may wait, and begins again when twice as much waits as was left. */
    private long mostBytes() {
        long merged = BYTES_PER_FRAME;
        for (Map.Entry<String, StateModel.Entry> each : state.now().entrySet()) {
            if (each.getValue().version() > versionWhenBlocked - 1) {
                merged += 2L * each.getKey().length() + each.getValue().value().length() + BYTES_PER_KEY;
            }
        }
        return Math.max(world.limits.get(Limit.OUTBOX_BYTES) / 4, 2 * merged) + 2 * merged;
    }
}
