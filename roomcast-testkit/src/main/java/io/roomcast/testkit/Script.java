package io.roomcast.testkit;

import io.roomcast.engine.Rooms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What the clients and the application do in a simulation, by chance. */
final class Script {
    private static final int CLIENTS = 12;
    private static final int MOST_KEYED = 12;
    private static final List<String> ROOMS = SimulationSettings.ROOMS;
    private static final List<@Nullable String> USERS = Arrays.asList(null, "ann", "bob");
    private static final List<Integer> CODES_FOR_GOOD = List.of(1000, 1000, 1000, 1008, 4500);
    private static final List<Integer> OTHER_CODES = List.of(1001, 1001, 3000, 4000);

    private final World world;
    private final Random random;
    private final Rooms rooms;
    private final List<ScriptedLane> lanes;
    private final Comebacks comebacks;
    private final Application application;
    private final Updates updates;

    /** The last messages with a key. */
    private final List<SentMessage> keyed = new ArrayList<>();

    /** Clients there are, and those that went since the last look. */
    private final List<SimulatedClient> clients = new ArrayList<>();

    private int clientCount;

    Script(World world, Random random, Rooms rooms, List<ScriptedLane> lanes) {
        this.world = world;
        this.random = random;
        this.rooms = rooms;
        this.lanes = lanes;
        this.comebacks = new Comebacks(world, random, this);
        this.application = new Application(world, random, rooms, this);
        this.updates = new Updates(world, random, rooms, this);
    }

    /** Somebody who is about to read nothing of a state that changes; null if nobody can be. */
    @Nullable
    SlowReader anySlowReader() {
        return SlowReader.any(world, random, updates, clients);
    }

    Application application() {
        return application;
    }

    List<SimulatedClient> clients() {
        return clients;
    }

    void act() {
        int chance = random.nextInt(1_000);
        if (live().size() < CLIENTS && (chance < 30 || live().size() < 3)) {
            open(anyUser());
        } else if (chance < 60) {
            comebacks.comeBack();
        } else if (chance < 100) {
            comebacks.askForSession(any());
        } else if (chance < 230) {
            comebacks.join(any(), room());
        } else if (chance < 270) {
            leave();
        } else if (chance < 640) {
            publish();
        } else if (chance < 670) {
            any().tellAboutMe(room(), random.nextInt(4) > 0);
            world.tally.count(Exercised.MEMBER_CHANGES);
        } else if (chance < 700) {
            askWhoIsThere();
        } else if (chance < 740) {
            SimulatedClient client = anyMemberOfSomeRoom();
            comebacks.askForHistory(client, ownRoom(client));
        } else if (chance < 750) {
            any().ping();
            world.tally.count(Exercised.PINGS);
        } else if (chance < 780) {
            sendBad();
        } else {
            actRarely(chance);
        }
    }

    private void actRarely(int chance) {
        SimulatedClient client = any();
        if (chance < 800) {
            client.drop();
            world.tally.count(Exercised.DROPS);
        } else if (chance < 808) {
            close(client);
        } else if (chance < 814) {
            client.connection.takeOnly(random.nextInt(300));
            world.note(client, "becomes slow", "");
        } else if (chance < 832) {
            live().stream()
                    .filter(slow -> slow.connection.isBlocked())
                    .findFirst()
                    .ifPresent(this::unblock);
        } else if (chance < 834) {
            boolean answersPings = random.nextBoolean();
            client.rest(answersPings ? world.step + 300 : Long.MAX_VALUE, answersPings);
        } else if (chance < 837) {
            abuse(client);
        } else if (chance < 842) {
            client.connection.readOneMoreWhenPaused(random.nextBoolean());
        } else if (chance < 870) {
            application.publish();
        } else if (chance < 880) {
            application.remove();
        } else if (chance < 895) {
            comebacks.comeBackWhileConnected(client);
        } else if (chance < 905) {
            leaveInHaste(client);
        } else {
            changeState(chance);
        }
    }

    private void changeState(int chance) {
        if (chance < 945) {
            SimulatedClient client = anyMemberOfSomeRoom();
            updates.update(client, random.nextInt(12) > 0 ? ownRoom(client) : room());
        } else if (chance < 957) {
            updates.updateByServer(room());
        } else if (chance < 963) {
            updates.readByServer(room());
        } else if (chance < 970) {
            updates.sendBad(any(), room());
        }
    }

    /** Says something, leaves and is gone, so that the leave may wait for the broker when the connection has ended. */
    private void leaveInHaste(SimulatedClient client) {
        String room = ownRoom(client);
        publish(client, room);
        client.leave(room, true);
        client.drop();
        world.tally.count(Exercised.DROPS);
    }

    private void close(SimulatedClient client) {
        boolean forGood = random.nextBoolean();
        List<Integer> codes = forGood ? CODES_FOR_GOOD : OTHER_CODES;
        client.close(codes.get(random.nextInt(codes.size())));
        world.tally.count(forGood ? Exercised.CLOSES_FOR_GOOD : Exercised.CLOSES_GOING_AWAY);
    }

    void observe() {
        clients.forEach(SimulatedClient::observeEnd);
        clients.forEach(SimulatedClient::observe);
        clients.removeIf(client -> {
            boolean over = client.connection.isEnded() && !client.isLive();
            if (over) {
                comebacks.lost(client);
                world.tally.add(Exercised.TIMES_BLOCKED, client.connection.timesBlocked());
                world.tally.add(Exercised.TIMES_READING_PAUSED, client.connection.pauses());
            }
            return over;
        });
    }

    // ---- Clients

    /** A connection in any lane, of which the connect listener knows this user. */
    SimulatedClient open(@Nullable String user) {
        ScriptedLane lane = lanes.get(random.nextInt(lanes.size()));
        SimulatedClient client = Simulation.open(++clientCount, user, lane, rooms, world);
        clients.add(client);
        world.note(client, "opens in lane", lane.index());
        world.tally.count(Exercised.OPENS);
        return client;
    }

    @Nullable
    String anyUser() {
        return world.settings.hasUsers() ? USERS.get(random.nextInt(USERS.size())) : null;
    }

    private void leave() {
        SimulatedClient client = any();
        String room = room();
        world.tally.count(client.room(room).me() == null ? Exercised.LEAVES_OF_NON_MEMBERS : Exercised.LEAVES);
        client.leave(room, random.nextInt(4) > 0);
    }

    /** Several at once now and then, mostly to rooms that the client is in. */
    private void publish() {
        SimulatedClient client = random.nextInt(5) > 0 ? anyMemberOfSomeRoom() : any();
        for (int left = random.nextInt(8) == 0 ? 1 + random.nextInt(20) : 1; left > 0; left--) {
            publish(client, random.nextInt(10) > 0 ? ownRoom(client) : room());
        }
    }

    private void publish(SimulatedClient client, String room) {
        boolean echo = random.nextInt(4) > 0;
        String event = random.nextInt(4) == 0 ? (random.nextBoolean() ? "move" : "cursor") : null;
        boolean keep = random.nextInt(3) > ("cursor".equals(event) ? 1 : 0);
        String to = random.nextInt(8) == 0 ? anyMember(room) : null;
        boolean withId = to != null || random.nextInt(3) > 0;
        String key = random.nextInt(4) == 0 ? anyKey(client, room) : null;
        int padding = random.nextInt(40) == 0 ? 400 : random.nextInt(1 + world.settings.padding());
        SentMessage message = message(client, room, event, echo, keep, to, key, padding);
        client.publish(message, withId);
        if (key != null) {
            keyed.add(message);
            if (keyed.size() > MOST_KEYED) {
                keyed.remove(random.nextInt(keyed.size()));
            }
            if (random.nextInt(3) == 0) {
                repeatAtOnce(client, message);
            }
        }
        Member target = to == null ? null : world.members.get(to);
        world.tally.count(Exercised.PUBLISHES);
        world.countIf(!withId, Exercised.PUBLISHES_WITHOUT_ID);
        world.countIf(!echo, Exercised.PUBLISHES_WITHOUT_ECHO);
        world.countIf(!keep, Exercised.PUBLISHES_NOT_KEPT);
        world.countIf(to != null, Exercised.PUBLISHES_TO_ONE);
        world.countIf(target != null && target.isAbsent() && target.isSurelyThere(), Exercised.PUBLISHES_TO_ABSENT);
        world.countIf(event != null, Exercised.PUBLISHES_WITH_EVENT);
        world.countIf(key != null, Exercised.KEYS);
    }

    /** Another connection of the same user says the same, perhaps before the broker has answered the first one. */
    private void repeatAtOnce(SimulatedClient client, SentMessage first) {
        live().stream()
                .filter(other -> other != client
                        && other.user != null
                        && other.user.equals(client.user)
                        && !other.isResting()
                        && other.room(first.room).me() != null)
                .findFirst()
                .ifPresent(other -> {
                    other.publish(message(other, first.room, null, true, first.keep, null, first.key, 0), true);
                    world.tally.count(Exercised.KEYS);
                    world.tally.count(Exercised.KEYS_OF_ANOTHER);
                });
    }

    /** A new key, or one that was used before: by itself, by its session or its user, or by somebody else. */
    private String anyKey(SimulatedClient client, String room) {
        List<SentMessage> before =
                keyed.stream().filter(message -> message.room.equals(room)).toList();
        if (before.isEmpty() || random.nextInt(3) == 0) {
            return "key" + world.nextNumber();
        }
        SentMessage one = before.get(random.nextInt(before.size()));
        world.countIf(one.publisher != client, Exercised.KEYS_OF_ANOTHER);
        return Objects.requireNonNull(one.key);
    }

    SentMessage message(
            @Nullable SimulatedClient client,
            String room,
            @Nullable String event,
            boolean echo,
            boolean keep,
            @Nullable String to,
            @Nullable String key,
            int padding) {
        long number = world.nextNumber();
        String data = World.data(number, padding);
        return world.message(new SentMessage(number, client, room, data, event, echo, keep, to, key, world.step));
    }

    private void askWhoIsThere() {
        String room = room();
        String after = random.nextInt(3) == 0 ? anyMember(room) : null;
        any().askWhoIsThere(room, after, random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0);
        world.tally.count(Exercised.MEMBERS_REQUESTS);
    }

    private void sendBad() {
        SimulatedClient client = any();
        String big = "\"" + "x".repeat(600) + "\"";
        switch (random.nextInt(12)) {
            case 0 -> client.sendBad(room(), "publish", "", "bad_request");
            case 1 -> client.sendBad(room(), "dance", "", "unknown_type");
            case 2 -> client.sendBad("", "join", "", "bad_room");
            case 3 -> client.sendBad(room(), "publish", ",\"data\":" + big, "too_large");
            case 4 -> client.sendBad(room(), "member", ",\"member\":" + big, "too_large");
            case 5 -> client.sendBad(room(), "members", ",\"limit\":0", "bad_request");
            case 6 -> client.sendBad(room(), "history", ",\"limit\":" + -random.nextInt(2), "bad_request");
            case 7 -> client.sendBad(room(), "history", ",\"after\":-1", "bad_request");
            case 8 -> client.sendBad(room(), "history", ",\"before\":9007199254740992", "bad_request");
            case 9 -> client.sendBad(room(), "join", ",\"history\":1.5", "bad_request");
            case 10 -> client.sendBad(room(), "join", ",\"resume\":{\"epoch\":\"e\"}", "bad_request");
            default -> client.sendUnreadable();
        }
    }

    private static void abuse(SimulatedClient client) {
        for (int i = 0; i < 10; i++) {
            client.sendUnreadable();
        }
    }

    private void unblock(SimulatedClient client) {
        world.countIf(client.connection.isBlocked(), Exercised.TIMES_READY_AGAIN);
        client.connection.takeAll();
    }

    void unblockAll() {
        live().forEach(this::unblock);
    }

    void everybodyGoes() {
        for (SimulatedClient client : live()) {
            if (random.nextBoolean()) {
                ROOMS.forEach(room -> client.leave(room, true));
            }
            if (random.nextBoolean()) {
                client.close(1000);
            } else {
                client.drop();
            }
        }
    }

    /** One kept message in each room, by a member that reads. */
    List<SentMessage> publishProbes() {
        List<SentMessage> probes = new ArrayList<>();
        for (RoomModel room : world.rooms.values()) {
            clients.stream()
                    .filter(client -> client.isUpToDate()
                            && !client.isResting()
                            && client.room(room.id).me() != null)
                    .findFirst()
                    .ifPresent(client -> {
                        SentMessage probe = message(client, room.id, null, true, true, null, null, 0);
                        client.publish(probe, true);
                        probes.add(probe);
                    });
        }
        return probes;
    }

    // ---- Chance

    private List<SimulatedClient> live() {
        return clients.stream().filter(SimulatedClient::isLive).toList();
    }

    long countLive() {
        return live().size();
    }

    private SimulatedClient any() {
        List<SimulatedClient> awake =
                live().stream().filter(client -> !client.isResting()).toList();
        if (awake.isEmpty()) {
            return open(anyUser());
        }
        return awake.get(random.nextInt(awake.size()));
    }

    private SimulatedClient anyMemberOfSomeRoom() {
        SimulatedClient client = any();
        for (int tries = 0; tries < 5 && client.rooms().stream().noneMatch(view -> view.me() != null); tries++) {
            client = any();
        }
        return client;
    }

    /** A room that the client is in, if it is in any. */
    private String ownRoom(SimulatedClient client) {
        List<RoomView> inside =
                client.rooms().stream().filter(view -> view.me() != null).toList();
        return inside.isEmpty() ? room() : inside.get(random.nextInt(inside.size())).room.id;
    }

    String room() {
        return ROOMS.get(random.nextInt(ROOMS.size()));
    }

    /** A member of this room, absent ones too; seldom one of another room or one that was never there. */
    String anyMember(String room) {
        RoomModel from = world.room(random.nextInt(20) == 0 ? room() : room);
        List<Member> members = random.nextInt(4) == 0 && !from.absent().isEmpty() ? from.absent() : from.present();
        return members.isEmpty() ? "m1" : members.get(random.nextInt(members.size())).id;
    }
}
