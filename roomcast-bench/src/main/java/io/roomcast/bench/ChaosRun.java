package io.roomcast.bench;

import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.SlowConsumer;
import io.roomcast.engine.Statistics;
import io.roomcast.netty.RoomServer;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import io.roomcast.testkit.FaultPlan;
import io.roomcast.testkit.FaultyProxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One chaos run: a server, clients that reach it through a {@link FaultyProxy}, and in each room a witness that reaches it
 * directly and sees everything. When the harm is over, all have to come to the same.
 */
final class ChaosRun implements ChaosClient.Surroundings {
    private static final long PATIENCE_SECONDS = 30;
    private static final long TICK_MILLIS = 5;
    private static final int UNKEPT_IN = 10;
    private static final int SHOWN = 5;

    private final ChaosProfile profile;
    private final ChaosTally tally = new ChaosTally();
    private final List<ChaosRoom> rooms = new ArrayList<>();
    private final List<ChaosClient> clients = new ArrayList<>();
    private final List<ChaosClient> witnesses = new ArrayList<>();
    private final SplittableRandom random;
    private final ClientLoop loop = new ClientLoop();
    private final RoomServer server;
    private final FaultyProxy proxy;
    private long published;
    private long began;

    ChaosRun(ChaosProfile profile) {
        this.profile = profile;
        this.random = new SplittableRandom(profile.seed());
        Limits limits = Limits.defaults();
        Limits small = limits.with(Limit.HISTORY_MESSAGES, ChaosProfile.SMALL_HISTORY)
                .with(Limit.RESUME_MESSAGES, ChaosProfile.SMALL_RESUME);
        server = RoomServer.builder()
                .port(0)
                .lanes(profile.lanes())
                .limits(limits)
                .templates(List.of(new RoomTemplate(ChaosProfile.SMALL + "*", SlowConsumer.DISCONNECT, small)))
                .grace(profile.grace())
                .heartbeat(Duration.ofSeconds(5))
                .shutdownSpread(Duration.ofMillis(10))
                .build()
                .start();
        proxy = new FaultyProxy(server.address(), connection -> FaultPlan.of(profile.seed(), connection));
        for (int i = 0; i < profile.rooms(); i++) {
            boolean isSmall = i < profile.smallRooms();
            Limits kept = isSmall ? small : limits;
            ChaosRoom room = new ChaosRoom(
                    profile.room(i),
                    kept.get(Limit.HISTORY_MESSAGES),
                    kept.get(Limit.RESUME_MESSAGES),
                    tally.violations);
            rooms.add(room);
            witnesses.add(client(profile.clients() + i, List.of(room)));
        }
        for (int i = 0; i < profile.clients(); i++) {
            List<ChaosRoom> in = new ArrayList<>(List.of(rooms.get(i % profile.rooms())));
            if (i % 2 == 0 && profile.rooms() > 1) {
                in.add(rooms.get((i + 1 + random.nextInt(profile.rooms() - 1)) % profile.rooms()));
            }
            clients.add(client(i, in));
        }
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
        InetSocketAddress address = client.number < profile.clients() ? proxy.address() : server.address();
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
            loop.run(() -> published = Long.MAX_VALUE);
            await("clients come back, with all replies", () -> clients.stream().allMatch(ChaosClient::isSettled));
            loop.run(() -> clients.forEach(ChaosClient::publishFences));
            await("clients see all that was published", this::allSeen);
            await("member lists become the same", () -> wrongLists().isEmpty());
            ticks.cancel(false);
            long members = everybody().mapToLong(client -> client.seats.size()).sum();
            Statistics counted = server.statistics();
            if (counted.members() != members || counted.absentMembers() != 0) {
                fault("there are " + members + " members, but the server counts " + counted);
            }
            tally.add(ChaosCount.TAKEN_OVER, counted.endings().getOrDefault(CloseCode.CONNECTED_AGAIN.wireName(), 0L));
            loop.run(this::finish);
            return new ChaosReport(profile, tally, proxy.counts());
        } finally {
            proxy.close();
            loop.close();
            server.close();
        }
    }

    private Stream<ChaosClient> everybody() {
        return Stream.concat(clients.stream(), witnesses.stream());
    }

    /** Publishes what has become due, and looks after connections that have fallen silent. */
    private void tick() {
        long now = System.nanoTime();
        long due = (long) ((now - began) / 1e9 * profile.publishesPerSecond());
        for (; published < due; published++) {
            clients.get(random.nextInt(clients.size())).publish(random.nextInt(UNKEPT_IN) != 0);
        }
        if (published != Long.MAX_VALUE) {
            clients.forEach(client -> client.look(now));
        }
    }

    private boolean allSeen() {
        return clients.stream().allMatch(ChaosClient::isSettled)
                && everybody()
                        .flatMap(client -> client.seats.stream())
                        .allMatch(seat -> seat.offset() == seat.room.offset());
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
                clients.stream()
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
