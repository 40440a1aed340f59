package io.roomcast.bench;

import io.netty.util.concurrent.Future;
import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.SlowConsumer;
import io.roomcast.engine.Statistics;
import io.roomcast.netty.RoomServer;
import io.roomcast.netty.RoomServerBuilder;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import io.roomcast.testkit.FaultPlan;
import io.roomcast.testkit.FaultPlan.Place;
import io.roomcast.testkit.FaultPlan.Way;
import io.roomcast.testkit.FaultyProxy;
import io.roomcast.testkit.FaultyProxy.Deed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One chaos run: a server, clients that reach it through a {@link FaultyProxy}, and in each room a witness that reaches it
 * directly and sees everything. When the harm is over, all have to come to the same, and to what somebody gets who joins
 * then.
 */
final class ChaosRun implements ChaosClient.Surroundings {
    private static final long PATIENCE_SECONDS = 30;
    private static final long TICK_MILLIS = 5;
    private static final int UNKEPT_IN = 10;
    /** Every so many updates, all of a room want to be the next. */
    private static final int UPDATES_FOR_A_RACE = 50;

    private static final int SHOWN = 5;

    private final ChaosProfile profile;
    private final ChaosTally tally = new ChaosTally();
    private final List<ChaosRoom> rooms = new ArrayList<>();
    private final List<ChaosClient> clients = new ArrayList<>();
    /** Who is never harmed: one in each room, and last the one that is slow. */
    private final List<ChaosClient> witnesses = new ArrayList<>();

    private final ChaosClient writer;
    private final ChaosClient slow;
    private final SplittableRandom random;
    private final ClientLoop loop;
    private final RoomServer server;
    private final FaultyProxy proxy;
    /** For those in the large room, who would never get all of its state through the other one. */
    private final FaultyProxy farProxy;

    private long published;
    private long updated;
    private long written;
    private long began;
    private boolean calm;

    ChaosRun(ChaosProfile profile) {
        this.profile = profile;
        this.random = new SplittableRandom(profile.seed());
        Limits limits = Limits.defaults();
        Limits small = limits.with(Limit.HISTORY_MESSAGES, ChaosProfile.SMALL_HISTORY)
                .with(Limit.RESUME_MESSAGES, ChaosProfile.SMALL_RESUME);
        RoomServerBuilder building = RoomServer.builder();
        if (profile.tls()) {
            PeerCertificate certificate = PeerCertificate.madeIn(temporaryFolder());
            building.tls(certificate.certificate(), certificate.key());
            loop = ClientLoop.withTls(certificate);
        } else {
            loop = new ClientLoop();
        }
        server = building.port(0)
                .lanes(profile.lanes())
                .limits(limits)
                .templates(List.of(
                        new RoomTemplate(ChaosProfile.SMALL + "*", SlowConsumer.DISCONNECT, small),
                        new RoomTemplate(ChaosProfile.TICK + "*", SlowConsumer.DISCONNECT, limits)
                                .withTickMillis(ChaosProfile.TICK_MILLIS)))
                .grace(profile.grace())
                .heartbeat(Duration.ofSeconds(5))
                .shutdownSpread(Duration.ofMillis(10))
                .build()
                .start();
        proxy = new FaultyProxy(server.address(), connection -> FaultPlan.of(profile.seed(), connection));
        farProxy = new FaultyProxy(server.address(), connection -> farther(FaultPlan.of(~profile.seed(), connection)));
        int number = profile.clients() + ChaosProfile.LARGE_CLIENTS;
        for (int i = 0; i < profile.rooms(); i++) {
            ChaosRoom room = room(profile.room(i), i < profile.smallRooms() ? small : limits);
            witnesses.add(client(number++, List.of(room)));
        }
        for (int i = 0; i < profile.clients(); i++) {
            List<ChaosRoom> in = new ArrayList<>(List.of(rooms.get(i % profile.rooms())));
            if (i % 2 == 0 && profile.rooms() > 1) {
                in.add(rooms.get((i + 1 + random.nextInt(profile.rooms() - 1)) % profile.rooms()));
            }
            clients.add(client(i, in));
        }
        List<ChaosRoom> large = List.of(room(ChaosProfile.LARGE, limits));
        for (int i = 0; i < ChaosProfile.LARGE_CLIENTS; i++) {
            clients.add(client(profile.clients() + i, large));
        }
        writer = client(number++, large);
        slow = client(number, large);
        witnesses.add(writer);
        witnesses.add(slow);
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("roomcast-chaos");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FaultPlan farther(FaultPlan plan) {
        return new FaultPlan(
                plan.delayMillis(),
                plan.trickleBytes() * ChaosProfile.LARGE_TIMES,
                farther(plan.stall()),
                plan.stallMillis(),
                farther(plan.cut()),
                plan.how(),
                plan.lateMillis());
    }

    /** Always of what the server sends, for the clients send next to nothing. */
    private static @Nullable Place farther(@Nullable Place place) {
        return place == null ? null : new Place(Way.DOWN, place.bytes() * ChaosProfile.LARGE_TIMES);
    }

    private ChaosRoom room(String id, Limits kept) {
        ChaosRoom room =
                new ChaosRoom(id, kept.get(Limit.HISTORY_MESSAGES), kept.get(Limit.RESUME_MESSAGES), tally.violations);
        rooms.add(room);
        return room;
    }

    private ChaosClient client(int number, List<ChaosRoom> in) {
        ChaosClient client = new ChaosClient(number, this, tally, random.split());
        for (ChaosRoom room : in) {
            ChaosSeat seat = new ChaosSeat(client, room, tally);
            client.seats.add(seat);
            room.seats.add(seat);
        }
        return client;
    }

    @Override
    public ClientSocket open(ChaosClient client) {
        if (client == slow) {
            return loop.openSlow(server.address(), client);
        }
        InetSocketAddress address = client.number < profile.clients()
                ? proxy.address()
                : client.number < clients.size() ? farProxy.address() : server.address();
        return loop.open(address, client);
    }

    @Override
    public void later(long millis, Runnable task) {
        loop.loop().schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public long graceNanos() {
        return profile.grace().toNanos();
    }

    /** Runs to the end; bounded in time by the profile and the patience of each step. */
    ChaosReport run() {
        try {
            loop.run(() -> witnesses.forEach(ChaosClient::connect));
            await("witnesses join", () -> witnesses.stream().allMatch(ChaosClient::isIn));
            loop.run(() -> {
                clients.forEach(ChaosClient::connect);
                began = System.nanoTime();
            });
            Future<?> ticks =
                    loop.loop().scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
            LockSupport.parkNanos(profile.duration().toNanos());
            proxy.calm();
            farProxy.calm();
            loop.run(() -> {
                calm = true;
                slow.read(true);
            });
            await("clients come back, with all replies", () -> everybody().allMatch(ChaosClient::isSettled));
            loop.run(() -> clients.forEach(ChaosClient::publishFences));
            await("clients see all that was published", this::allSeen);
            await("member lists become the same", () -> wrongLists().isEmpty());
            if (ticks.isDone()) {
                fault("the load itself has stopped: " + ticks.cause());
            }
            ticks.cancel(false);
            long members = everybody().mapToLong(client -> client.seats.size()).sum();
            Statistics counted = server.statistics();
            if (counted.members() != members || counted.absentMembers() != 0) {
                fault("there are " + members + " members, but the server counts " + counted);
            }
            tally.add(ChaosCount.TAKEN_OVER, counted.endings().getOrDefault(CloseCode.CONNECTED_AGAIN.wireName(), 0L));
            compareMaps();
            loop.run(this::finish);
            Map<Deed, Long> deeds = proxy.counts();
            farProxy.counts().forEach((deed, times) -> deeds.merge(deed, times, Long::sum));
            return new ChaosReport(profile, tally, deeds);
        } finally {
            proxy.close();
            farProxy.close();
            loop.close();
            server.close();
        }
    }

    private Stream<ChaosClient> everybody() {
        return Stream.concat(clients.stream(), witnesses.stream());
    }

    /** Publishes and changes what has become due, and looks after connections that have fallen silent. */
    private void tick() {
        long now = System.nanoTime();
        if (calm) {
            return;
        }
        for (long due = due(now, profile.publishesPerSecond()); published < due; published++) {
            clients.get(random.nextInt(clients.size())).publish(random.nextInt(UNKEPT_IN) != 0);
        }
        for (long due = due(now, profile.updatesPerSecond()); updated < due; updated++) {
            clients.get(random.nextInt(clients.size())).update();
            if (updated % UPDATES_FOR_A_RACE == 0) {
                rooms.get(random.nextInt(rooms.size())).seats.forEach(seat -> seat.client.race(seat));
            }
        }
        for (long due = due(now, ChaosProfile.LARGE_UPDATES_PER_SECOND); written < due; written++) {
            writer.writeLarge();
            long millis = TimeUnit.NANOSECONDS.toMillis(now - began)
                    % (ChaosProfile.READS_MILLIS + ChaosProfile.PAUSES_MILLIS);
            slow.read(millis < ChaosProfile.READS_MILLIS);
        }
        clients.forEach(client -> client.look(now));
    }

    private long due(long now, int perSecond) {
        return (long) ((now - began) / 1e9 * perSecond);
    }

    private boolean allSeen() {
        return everybody().allMatch(ChaosClient::isSettled)
                && everybody()
                        .flatMap(client -> client.seats.stream())
                        .allMatch(seat -> seat.offset() == seat.room.offset()
                                && seat.state.view.version() == seat.room.state.version());
    }

    /** The seats whose list, by all the news they had, is not that of those who are in the room. */
    private List<ChaosSeat> wrongLists() {
        List<ChaosSeat> wrong = new ArrayList<>();
        for (ChaosRoom room : rooms) {
            Map<String, Integer> expected = new HashMap<>();
            room.seats.forEach(seat -> expected.put(seat.memberId, seat.client.number));
            room.seats.stream().filter(seat -> !seat.list().equals(expected)).forEach(wrong::add);
        }
        return wrong;
    }

    /** Everybody's map, by all that came to it, is that of somebody who joins now. */
    private void compareMaps() {
        ChaosClient late = new ChaosClient(profile.clients() + clients.size() + 1, this, tally, random.split());
        rooms.forEach(room -> late.seats.add(new ChaosSeat(late, room, tally)));
        loop.run(late::connect);
        await("somebody joins late", late::isIn);
        await(
                "everybody is where who joins late has begun",
                () -> late.seats.stream()
                        .allMatch(last -> last.room.seats.stream()
                                .allMatch(seat -> seat.state.view.version() == last.state.view.version())));
        loop.run(() -> {
            for (ChaosSeat last : late.seats) {
                StateView map = last.state.view;
                for (ChaosSeat seat : last.room.seats) {
                    tally.add(ChaosCount.MAPS_COMPARED);
                    StateView other = seat.state.view;
                    if (other.version() != map.version() || !other.map().equals(map.map())) {
                        tally.fault(
                                Fault.STATE,
                                seat + " is at version " + other.version() + " with " + other.map()
                                        + ", but who joins late at " + map.version() + " with " + map.map());
                    }
                }
                last.room.state.finish(
                        map, last.room.seats.stream().map(seat -> seat.memberId).collect(Collectors.toSet()));
            }
            late.leaveForGood();
        });
    }

    private void await(String what, BooleanSupplier condition) {
        long seconds = PATIENCE_SECONDS + 2 * profile.grace().toSeconds();
        if (!loop.becomes(seconds, condition)) {
            loop.run(() -> {
                fault("within " + seconds + " s it did not happen that " + what);
                Iterator<ChaosSeat> wrong = wrongLists().iterator();
                for (int i = 0; i < SHOWN && wrong.hasNext(); i++) {
                    ChaosSeat seat = wrong.next();
                    tally.fault(
                            Fault.MEMBERS,
                            seat + " has " + seat.list() + ", but there are "
                                    + new TreeSet<>(seat.room.seats.stream()
                                            .map(other -> other.memberId + "=" + other.client.number)
                                            .toList()));
                }
                everybody()
                        .filter(client -> !client.isSettled())
                        .limit(SHOWN)
                        .forEach(client -> fault(client.describe()));
            });
        }
    }

    private void finish() {
        rooms.forEach(ChaosRoom::finish);
        if (witnesses.stream().anyMatch(witness -> !witness.isIn())) {
            fault("a witness was cut, whom nobody has harmed");
        }
        everybody().forEach(ChaosClient::leaveForGood);
    }

    private void fault(String text) {
        tally.fault(Fault.CONNECTION, text);
    }
}
