package io.roomcast.testkit;

import io.roomcast.engine.Rooms;
import io.roomcast.engine.SharedState;
import io.roomcast.engine.StateEdit;
import io.roomcast.engine.UpdateRefusedException;
import io.roomcast.engine.spi.StateChange;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** How clients and the application change the state of rooms in a simulation, by chance. */
final class Updates {
    private static final List<String> KEYS = List.of(
            "score",
            "topic",
            "hits",
            "sum",
            "cursor.1",
            "cursor.2",
            "cursor.3",
            "srv.clock",
            "a.lock",
            "__proto__",
            "\u2603 \"q\\",
            "\\");
    private static final List<String> NUMBERS = List.of("hits", "sum");
    private static final int LARGE_KEYS = 24;
    private static final List<String> ODD_NUMBERS =
            List.of("1e40", "1e-40", "1e999999999", "9007199254740992", "-9007199254740992", "0.1", "-0.0", "0.2");

    private final World world;
    private final Random random;
    private final Rooms rooms;
    private final Script script;

    Updates(World world, Random random, Rooms rooms, Script script) {
        this.world = world;
        this.random = random;
        this.rooms = rooms;
        this.script = script;
    }

    /** Several at once now and then, so that much waits for those who are slow. */
    void update(SimulatedClient client, String room) {
        for (int left = random.nextInt(5) == 0 ? 1 + random.nextInt(16) : 1; left > 0; left--) {
            SentUpdate update = make(client, room);
            boolean withId = random.nextInt(3) > 0;
            client.update(update, withId);
            world.tally.count(Exercised.UPDATES);
            world.countIf(!withId, Exercised.UPDATES_WITHOUT_ID);
            world.countIf(update.own, Exercised.UPDATES_OWN);
            world.countIf(!update.ifVersions.isEmpty(), Exercised.UPDATES_WITH_IF);
        }
    }

    /** One that writes a long value and does nothing else. */
    SentUpdate simple(SimulatedClient client, String room, String key) {
        SentUpdate update = new SentUpdate(world.nextNumber(), client, room, world.step);
        update.set.put(key, World.data(update.number, world.settings.isLarge() ? 3_000 : 100));
        return world.update(update);
    }

    private SentUpdate make(@Nullable SimulatedClient client, String room) {
        SentUpdate update = new SentUpdate(world.nextNumber(), client, room, world.step);
        update.own = client != null && random.nextInt(5) == 0;
        boolean isTagged = false;
        for (int left = 1 + random.nextInt(random.nextInt(3) == 0 ? 5 : 2); left > 0; left--) {
            String key = anyKey(update.own);
            if (update.keys().anyMatch(key::equals)) {
                continue;
            }
            int kind = random.nextInt(10);
            if (kind < 2) {
                update.delete.add(key);
            } else if (NUMBERS.contains(key) ? kind < 8 : kind == 9) {
                isTagged |= add(update, key);
            } else {
                isTagged |= set(update, key);
            }
        }
        if (random.nextInt(3) == 0) {
            for (int left = 1 + random.nextInt(2); left > 0; left--) {
                update.ifVersions.put(anyKey(false), anyVersion(room));
            }
            correctSome(update, client);
        }
        if (!isTagged) {
            // No two updates are the same, so that each is known when the broker is asked.
            update.ifVersions.put("never." + update.number, 0L);
        }
        return world.update(update);
    }

    /** Of several pages. */
    private SentUpdate large(String room) {
        SentUpdate update = new SentUpdate(world.nextNumber(), null, room, world.step);
        int padding = 2_000 + random.nextInt(2_900);
        for (int i = 0; i < LARGE_KEYS; i++) {
            update.set.put("board." + i, World.data(update.number, padding));
        }
        world.tally.count(Exercised.UPDATES_OF_SEVERAL_PAGES);
        return world.update(update);
    }

    private boolean set(SentUpdate update, String key) {
        int kind = NUMBERS.contains(key) && random.nextInt(8) > 0 ? 4 : random.nextInt(8);
        int most = world.settings.isLarge() ? 4_000 : 60;
        String value = switch (kind) {
            case 0 -> "null";
            case 1 -> "[" + update.number + ", {\"a\" : 1.00 , \"a\":2}]";
            case 2 -> "\"\\u00e9 " + update.number + "\"";
            case 3, 4 -> update.number + (random.nextBoolean() ? "" : ".50");
            default -> World.data(update.number, random.nextInt(most));
        };
        update.set.put(key, value);
        return kind > 0;
    }

    private boolean add(SentUpdate update, String key) {
        boolean isOdd = random.nextInt(6) == 0;
        String number = isOdd
                ? ODD_NUMBERS.get(random.nextInt(ODD_NUMBERS.size()))
                : (random.nextBoolean() ? "-" : "") + update.number + (random.nextBoolean() ? "e-3" : "");
        // The server's numbers go through a BigDecimal.
        update.add.put(key, update.client == null ? new BigDecimal(number).toString() : number);
        return !isOdd;
    }

    private String anyKey(boolean own) {
        if (own && random.nextInt(4) > 0) {
            return "cursor." + (1 + random.nextInt(3));
        }
        if (world.settings.isLarge() && random.nextInt(3) > 0) {
            return "board." + random.nextInt(LARGE_KEYS);
        }
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    /** Some version that a key may have had. */
    private long anyVersion(String room) {
        RoomModel model = world.room(room);
        LogModel log = model.latestLog();
        long latest = log == null ? 0 : log.state.version();
        return random.nextInt(3) == 0 ? 0 : random.nextInt((int) latest + 2);
    }

    /** Mostly it is what the client knows that it sends, or what there is. */
    private void correctSome(SentUpdate update, @Nullable SimulatedClient client) {
        LogModel log = world.room(update.room).latestLog();
        Map<String, Long> known = new HashMap<>();
        for (String key : update.ifVersions.keySet()) {
            if (random.nextInt(5) == 0) {
                continue;
            }
            StateModel.Entry there = log == null ? null : log.state.now().get(key);
            known.put(
                    key,
                    client != null
                            ? client.room(update.room).state.versionOf(key)
                            : there == null ? 0L : there.version());
        }
        update.ifVersions.putAll(known);
    }

    // ---- What is no good

    void sendBad(SimulatedClient client, String room) {
        String longKey = "k".repeat((int) world.limits.get(Limit.STATE_KEY_BYTES) - 2) + "\u2603";
        String longValue = "\"" + "v".repeat((int) world.limits.get(Limit.STATE_VALUE_BYTES) - 1) + "\"";
        switch (random.nextInt(11)) {
            case 0 -> client.sendBad(room, "update", "", "bad_request");
            case 1 -> client.sendBad(room, "update", ",\"set\":{},\"if\":{\"a\":0}", "bad_request");
            case 2 -> client.sendBad(room, "update", ",\"set\":{\"\":1}", "bad_request");
            case 3 -> client.sendBad(room, "update", ",\"set\":{\"a\":1},\"delete\":[\"\\u0061\"]", "bad_request");
            case 4 -> client.sendBad(room, "update", ",\"delete\":[\"a\",\"b\",\"a\"]", "bad_request");
            case 5 -> client.sendBad(room, "update", ",\"add\":{\"a\":\"1\"}", "bad_request");
            case 6 -> client.sendBad(room, "update", ",\"set\":{\"a\":1},\"if\":{\"a\":-1}", "bad_request");
            case 7 -> client.sendBad(room, "update", ",\"set\":{\"a\":1},\"own\":1", "bad_request");
            case 8 -> client.sendBad(room, "update", ",\"set\":{\"" + longKey + "\":1}", "too_large");
            case 9 -> client.sendBad(room, "update", ",\"set\":{\"a\":" + longValue + "}", "too_large");
            default -> client.sendBad(room, "join", ",\"state\":1", "bad_request");
        }
    }

    // ---- The application

    void updateByServer(String room) {
        SentUpdate update = world.settings.isLarge() && random.nextInt(3) == 0 ? large(room) : make(null, room);
        StateEdit edit = new StateEdit();
        update.set.forEach((key, value) -> edit.set(key, Json.of(value)));
        update.delete.forEach(edit::delete);
        update.add.forEach((key, number) -> edit.add(key, new BigDecimal(number)));
        update.ifVersions.forEach(edit::ifVersion);
        world.note("server", "changes the state of " + room, update.content());
        world.tally.count(Exercised.UPDATES_BY_SERVER);
        CompletableFuture<StateChange> done = rooms.room(room).state().update(edit);
        script.application().expect(done, () -> check(update, done));
    }

    private void check(SentUpdate update, CompletableFuture<StateChange> done) {
        StateModel.Change change = update.change;
        if (!done.isCompletedExceptionally()) {
            world.require(
                    change != null && change.version() == done.join().version(),
                    "the server was told that %s has become %s, but it is %s",
                    update,
                    done.join(),
                    change);
            return;
        }
        world.require(change == null, "the server was told that %s failed, but it is %s", update, change);
        try {
            done.join();
        } catch (CompletionException failed) {
            SentUpdate.Refused refused = update.refused;
            boolean isRight = failed.getCause() instanceof UpdateRefusedException why
                    ? refused == null ? update.failed : isTheSame(refused, why)
                    : !update.wasOffered;
            world.require(isRight, "%s was refused for %s, but the server was told %s", update, refused, failed);
        }
    }

    private static boolean isTheSame(SentUpdate.Refused refused, UpdateRefusedException told) {
        return refused.code() == told.code() && refused.current().equals(told.current());
    }

    /** All of it at one moment. */
    void readByServer(String room) {
        RoomModel model = world.room(room);
        LogModel before = model.latestLog();
        long atLeast = before == null ? 0 : before.state.seen();
        CompletableFuture<SharedState.Snapshot> read = rooms.room(room).state().read();
        world.tally.count(Exercised.STATES_READ_BY_SERVER);
        script.application().expect(read, () -> {
            if (read.isCompletedExceptionally()) {
                return; // The broker has failed, or there are too many rooms.
            }
            long version = read.join().version();
            LogModel log = model.latestLog();
            if (log == null || log != before) {
                return; // Which of the epochs it was, nobody says.
            }
            world.require(
                    version >= atLeast && version <= log.state.version(),
                    "the server has version %d, but there were %d to %s",
                    version,
                    atLeast,
                    log.state);
            Map<String, StateModel.Value> values = new HashMap<>();
            read.join()
                    .values()
                    .forEach((key, there) ->
                            values.put(key, new StateModel.Value(String.valueOf(there.value()), there.version())));
            log.state.checkExact("the server", StateModel.WHOLE, version, values, new ArrayList<>());
        });
    }
}
