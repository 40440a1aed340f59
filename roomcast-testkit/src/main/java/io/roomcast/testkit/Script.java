package io.roomcast.testkit;

import io.roomcast.engine.Rooms;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.MembersOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the clients and the application do in a simulation, by chance. */
final class Script {
    private static final List<MembersOption> OPTIONS = List.of(MembersOption.values());

    private static final int CLIENTS = 12;
    private static final List<String> ROOMS = List.of("lobby", "games", "chess", "tea", "sea \u2603");

    private final World world;
    private final Random random;
    private final Rooms rooms;
    private final List<ScriptedLane> lanes;

    /** Clients there are, and those that went since the last look. */
    private final List<SimulatedClient> clients = new ArrayList<>();

    /** What the application asked the engine, each with what must be so when all is quiet. */
    private final List<Expectation> expectations = new ArrayList<>();

    private int clientCount;

    private record Expectation(CompletableFuture<?> asked, Runnable check) {}

    Script(World world, Random random, Rooms rooms, List<ScriptedLane> lanes) {
        this.world = world;
        this.random = random;
        this.rooms = rooms;
        this.lanes = lanes;
    }

    List<SimulatedClient> clients() {
        return clients;
    }

    void act() {
        int chance = random.nextInt(1_000);
        if (live().size() < CLIENTS && (chance < 40 || live().size() < 3)) {
            open();
        } else if (chance < 200) {
            join();
        } else if (chance < 250) {
            leave();
        } else if (chance < 640) {
            publish();
        } else if (chance < 690) {
            any().tellAboutMe(room(), random.nextInt(4) > 0);
            world.tally.count(Exercised.MEMBER_CHANGES);
        } else if (chance < 730) {
            askWhoIsThere();
        } else if (chance < 750) {
            any().ping();
            world.tally.count(Exercised.PINGS);
        } else if (chance < 790) {
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
        } else if (chance < 806) {
            client.close();
            world.tally.count(Exercised.CLOSES_BY_PEER);
        } else if (chance < 812) {
            client.connection.takeOnly(random.nextInt(300));
            world.note(client, "becomes slow", "");
        } else if (chance < 830) {
            live().stream()
                    .filter(slow -> slow.connection.isBlocked())
                    .findFirst()
                    .ifPresent(this::unblock);
        } else if (chance < 832) {
            boolean answersPings = random.nextBoolean();
            client.rest(answersPings ? world.step + 300 : Long.MAX_VALUE, answersPings);
        } else if (chance < 835) {
            abuse(client);
        } else if (chance < 840) {
            client.connection.readOneMoreWhenPaused(random.nextBoolean());
        } else if (chance < 870) {
            publishFromServer();
        } else if (chance < 880) {
            removeFromServer();
        }
    }

    void observe() {
        clients.forEach(SimulatedClient::observeEnd);
        clients.forEach(SimulatedClient::observe);
        clients.removeIf(client -> {
            boolean over = client.connection.isEnded() && !client.isLive();
            if (over) {
                world.tally.add(Exercised.TIMES_BLOCKED, client.connection.timesBlocked());
                world.tally.add(Exercised.TIMES_READING_PAUSED, client.connection.pauses());
            }
            return over;
        });
    }

    // ---- Clients

    private void open() {
        ScriptedLane lane = lanes.get(random.nextInt(lanes.size()));
        clients.add(Simulation.open(++clientCount, lane, rooms, world));
        world.note("client " + clientCount, "opens in lane", lane.index());
        world.tally.count(Exercised.OPENS);
    }

    private void join() {
        MembersOption option = OPTIONS.get(random.nextInt(OPTIONS.size()));
        any().join(room(), option, random.nextBoolean());
        world.tally.count(
                switch (option) {
                    case LIST -> Exercised.JOINS_WITH_LIST;
                    case COUNT -> Exercised.JOINS_WITH_COUNT;
                    case NONE -> Exercised.JOINS_WITH_NEITHER;
                });
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
            List<RoomView> inside =
                    client.rooms().stream().filter(view -> view.me() != null).toList();
            boolean toOwn = !inside.isEmpty() && random.nextInt(10) > 0;
            publish(client, toOwn ? inside.get(random.nextInt(inside.size())).room.id : room());
        }
    }

    private void publish(SimulatedClient client, String room) {
        boolean echo = random.nextInt(4) > 0;
        boolean keep = random.nextInt(3) > 0;
        String to = random.nextInt(8) == 0 ? anyMember(room) : null;
        boolean withId = to != null || random.nextInt(3) > 0;
        String event = random.nextInt(4) == 0 ? "move" : null;
        int padding = random.nextInt(40) == 0 ? 400 : random.nextInt(60);
        client.publish(world.message(client, room, event, echo, keep, to, padding), withId);
        world.tally.count(Exercised.PUBLISHES);
        countIf(!withId, Exercised.PUBLISHES_WITHOUT_ID);
        countIf(!echo, Exercised.PUBLISHES_WITHOUT_ECHO);
        countIf(!keep, Exercised.PUBLISHES_NOT_KEPT);
        countIf(to != null, Exercised.PUBLISHES_TO_ONE);
        countIf(event != null, Exercised.PUBLISHES_WITH_EVENT);
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
        switch (random.nextInt(7)) {
            case 0 -> client.sendBad(room(), "publish", "", "bad_request");
            case 1 -> client.sendBad(room(), "dance", "", "unknown_type");
            case 2 -> client.sendBad("", "join", "", "bad_room");
            case 3 -> client.sendBad(room(), "publish", ",\"data\":" + big, "too_large");
            case 4 -> client.sendBad(room(), "member", ",\"member\":" + big, "too_large");
            case 5 -> client.sendBad(room(), "members", ",\"limit\":0", "bad_request");
            default -> client.sendUnreadable();
        }
    }

    private static void abuse(SimulatedClient client) {
        for (int i = 0; i < 10; i++) {
            client.sendUnreadable();
        }
    }

    private void unblock(SimulatedClient client) {
        countIf(client.connection.isBlocked(), Exercised.TIMES_READY_AGAIN);
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
                client.close();
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
                        SentMessage probe = world.message(client, room.id, null, true, true, null, 0);
                        client.publish(probe, true);
                        probes.add(probe);
                    });
        }
        return probes;
    }

    // ---- The application

    private void publishFromServer() {
        SentMessage message =
                world.message(null, room(), random.nextBoolean() ? "news" : null, true, random.nextBoolean(), null, 0);
        Json data = Json.of(message.data);
        world.note("server", "publishes", message);
        CompletableFuture<Long> published;
        if (!message.keep) {
            published = rooms.room(message.room).publishUnkept(message.event, data);
        } else if (message.event == null) {
            published = rooms.room(message.room).publish(data);
        } else {
            published = rooms.room(message.room).publish(message.event, data);
        }
        world.tally.count(Exercised.PUBLISHES_BY_SERVER);
        expect(published, () -> {
            if (published.isCompletedExceptionally()) {
                world.require(message.order == null, "%s failed, but is in the room", message);
            } else {
                world.require(
                        message.order == null || message.offset == published.join(),
                        "the server was told offset %d of %s, its members %d",
                        published.join(),
                        message,
                        message.offset);
            }
        });
    }

    private void removeFromServer() {
        String room = room();
        String id = anyMember(room);
        Member member = world.members.get(id);
        if (member == null || !member.client.isLive()) {
            return;
        }
        world.note("server", "removes", id);
        member.ending(world.step);
        CompletableFuture<Boolean> removed = rooms.room(room).remove(id, "kicked");
        expect(removed, () -> {
            countIf(removed.join(), Exercised.REMOVALS_BY_SERVER);
            world.require(
                    !member.client.isUpToDate() || member.client.room(room).me() != member,
                    "%s was removed (%s), but is still there",
                    member,
                    removed.join());
        });
    }

    void expect(CompletableFuture<?> asked, Runnable check) {
        expectations.add(new Expectation(asked, check));
    }

    /** All is quiet: what the application asked has been done, and was true. */
    void checkServerResults() {
        for (Expectation expectation : List.copyOf(expectations)) {
            if (expectation.asked.isDone()) {
                expectations.remove(expectation);
                expectation.check.run();
            } else {
                world.require(expectation.asked.isDone(), "the application waits for an answer in vain");
            }
        }
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
            open();
            return clients.get(clients.size() - 1);
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

    private String room() {
        return ROOMS.get(random.nextInt(ROOMS.size()));
    }

    /** A member of this room, seldom one of another or one that was never there. */
    private String anyMember(String room) {
        List<Member> members = clients.stream()
                .flatMap(client -> client.rooms().stream())
                .filter(view -> view.room.id.equals(room) || random.nextInt(20) == 0)
                .map(RoomView::me)
                .filter(Objects::nonNull)
                .map(member -> (@Nullable Member) member)
                .map(Objects::requireNonNull)
                .toList();
        return members.isEmpty() ? "m1" : members.get(random.nextInt(members.size())).id;
    }

    private void countIf(boolean happened, Exercised what) {
        if (happened) {
            world.tally.count(what);
        }
    }
}
