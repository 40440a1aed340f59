package io.roomcast.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.roomcast.engine.Statistics;
import io.roomcast.netty.RoomServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One run of the load against one server: connects, joins, publishes by a schedule that does not wait for the server
 * (open loop), lets clients come and go meanwhile, and proves at the end by fences that nothing is missing.
 *
 * <p>Threads: one event loop owns all clients and the checker, so they need no locks. A tick of a millisecond does what
 * has become due; how late it came shows in the latency, which counts from the intended time.
 */
final class LoadRun {
    /** The steps of a run; each ends when its condition holds, or with a fault after {@link #PATIENCE_NANOS}. */
    private enum Phase {
        CONNECT(Fault.CONNECTION, "not all clients have connected and joined"),
        WARM_UP(Fault.CONNECTION, ""),
        MEASURE(Fault.CONNECTION, ""),
        /** Nothing new is asked; what is under way gets its reply. */
        QUIET(Fault.UNANSWERED, "not all clients have connected again and had their replies"),
        /** Members ask for the list until it shows exactly those who are there: all that left has left. */
        LISTS(Fault.MEMBERS, "the answered member lists do not become what they must be"),
        /** List plus news, and count, come to the same. */
        NEWS(Fault.MEMBERS, "list plus news does not become what it must be"),
        /** Each member publishes once more, and sees that of each other member of its room. */
        FENCE(Fault.LOST, "members do not see all that was published"),
        /** All leave, then close. */
        LEAVE(Fault.UNANSWERED, "not all leaves were answered"),
        CLOSE(Fault.CONNECTION, "not all closes were answered"),
        DONE(Fault.CONNECTION, "");

        /** What is at fault when the phase does not end, in one word and in full. */
        final Fault fault;

        final String otherwise;

        Phase(Fault fault, String otherwise) {
            this.fault = fault;
            this.otherwise = otherwise;
        }
    }

    private static final long PATIENCE_NANOS = 30_000_000_000L;
    /** How often the conditions of the last phases are looked at: they walk over all members. */
    private static final long LOOK_NANOS = 20_000_000L;
    /** How many of the members concerned are described when a phase does not end. */
    private static final int SHOWN = 5;
    /** Connections being opened at one time. */
    private static final int OPENING = 64;

    private final LoadProfile profile;
    private final InetSocketAddress address;
    private final byte[] request;
    private final @Nullable RoomServer server;
    private final Checker checker = new Checker();
    private final SplittableRandom random;
    private final List<LoadClient> clients = new ArrayList<>();
    private final RoomCrowd[] crowds;
    private final Churn churn;
    private final Schedule schedule;
    private final Measurement measurement;
    private final LoadSocket.Scratch scratch = new LoadSocket.Scratch();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private final Bootstrap bootstrap = new Bootstrap();
    private Phase phase = Phase.CONNECT;
    private long phaseBegan;
    private long lastLook;
    private int opening;
    private int nextToOpen;
    private int connections;
    private long listsAskedAt;
    private @Nullable Statistics counted;

    /** @param server the one the clients connect to if it is in this process, for what it counts; else null */
    LoadRun(LoadProfile profile, InetSocketAddress address, String path, @Nullable RoomServer server) {
        this.server = server;
        this.profile = profile;
        this.address = address;
        this.request = Handshake.request(address.getHostString(), address.getPort(), path);
        this.random = new SplittableRandom(profile.seed());
        int all = profile.rooms() + Math.max(1, profile.rooms() / 2);
        String prefix = "load-" + profile.seed() + "-" + Long.toString(System.nanoTime() & 0xFFFFFF, 36) + "-";
        crowds = new RoomCrowd[all];
        for (int i = 0; i < all; i++) {
            crowds[i] = new RoomCrowd(prefix + i, i >= profile.rooms());
        }
        for (int i = 0; i < profile.connections(); i++) {
            clients.add(new LoadClient(i, this));
        }
        this.churn = new Churn(profile, crowds, clients, random);
        this.schedule = new Schedule(profile, crowds, churn, random);
        this.measurement = new Measurement(checker, profile);
    }

    /** Runs to the end; bounded in time by the profile and the patience of each phase. */
    LoadReport run() {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io);
        try {
            bootstrap
                    .group(group)
                    .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000);
            EventLoop loop = group.next();
            Future<?> ticks = loop.scheduleAtFixedRate(this::tickSafely, 0, 1, TimeUnit.MILLISECONDS);
            long most =
                    profile.warmUp().toSeconds() + profile.duration().toSeconds() + 8 * PATIENCE_NANOS / 1_000_000_000;
            done.get(most, TimeUnit.SECONDS);
            ticks.cancel(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load check itself failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the run did not end in its time; phase " + phase, e);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
        return report();
    }

    private void tickSafely() {
        try {
            tick(System.nanoTime());
        } catch (RuntimeException | Error e) {
            phase = Phase.DONE;
            done.completeExceptionally(e);
        }
    }

    private void tick(long now) {
        if (phaseBegan == 0) {
            phaseBegan = now;
        }
        switch (phase) {
            case CONNECT -> {
                openMore();
                if (looking(now) && everybodyIsIn()) {
                    schedule.begin(now);
                    enter(Phase.WARM_UP, now);
                }
            }
            case WARM_UP -> {
                schedule.run(now);
                if (now - phaseBegan >= profile.warmUp().toNanos()) {
                    measurement.begin(now);
                    enter(Phase.MEASURE, now);
                }
            }
            case MEASURE -> {
                schedule.run(now);
                if (now - phaseBegan >= profile.duration().toNanos()) {
                    measurement.end(now);
                    enter(Phase.QUIET, now);
                }
            }
            default -> settle(now);
        }
    }

    /** What follows the load: each step waits for its condition, which is looked at now and then. */
    private void settle(long now) {
        openMore();
        if (phase == Phase.DONE || !looking(now)) {
            return;
        }
        switch (phase) {
            case QUIET -> {
                if (everybodyIsIn()) {
                    enter(Phase.LISTS, now);
                    askForLists();
                }
            }
            case LISTS -> lists(now);
            case NEWS -> {
                if (checker.wrongKeptLists(checker.expectedLists()).isEmpty()) {
                    enter(Phase.FENCE, now);
                    publishFences(now);
                }
            }
            case FENCE -> {
                if (!checker.waiting() && checker.behind().isEmpty()) {
                    enterLeave(now);
                }
            }
            case LEAVE -> {
                if (checker.present().isEmpty()) {
                    enter(Phase.CLOSE, now);
                    clients.forEach(client -> close(client));
                }
            }
            case CLOSE -> {
                if (clients.stream().allMatch(client -> client.socket == null)) {
                    finish();
                }
            }
            default -> throw new IllegalStateException("not a phase of the end: " + phase);
        }
    }

    private void lists(long now) {
        if (checker.waiting()) {
            return;
        }
        if (checker.wrongAnsweredLists(checker.expectedLists()).isEmpty()) {
            enter(Phase.NEWS, now);
        } else if (now - listsAskedAt > 5 * LOOK_NANOS) {
            askForLists();
        }
    }

    private static void close(LoadClient client) {
        LoadSocket socket = client.socket;
        if (socket != null) {
            socket.closeCleanly();
        }
    }

    private void finish() {
        if (server != null) {
            counted = server.statistics();
            if (phase == Phase.CLOSE && (counted.members() != 0 || counted.rooms() != 0)) {
                checker.violations.add(Fault.MEMBERS, "all have left, but the server counts " + counted);
            }
        }
        phase = Phase.DONE;
        for (LoadClient client : clients) {
            LoadSocket socket = client.socket;
            if (socket != null) {
                socket.drop(true);
            }
        }
        done.complete(null);
    }

    /** Every so often true; when the phase's time is over, it notes the fault and ends the run. */
    private boolean looking(long now) {
        if (now - lastLook < LOOK_NANOS) {
            return false;
        }
        lastLook = now;
        if (now - phaseBegan > PATIENCE_NANOS) {
            giveUp();
            return false;
        }
        return true;
    }

    private void giveUp() {
        List<Membership> who = switch (phase) {
            case LISTS -> checker.wrongAnsweredLists(checker.expectedLists());
            case NEWS -> checker.wrongKeptLists(checker.expectedLists());
            case FENCE -> checker.behind();
            default -> List.of();
        };
        long gone = clients.stream().filter(client -> client.socket == null).count();
        checker.violations.add(
                phase.fault,
                phase.otherwise + " within " + PATIENCE_NANOS / 1_000_000_000 + " s; " + who.size()
                        + " members concerned, " + gone + " clients not connected");
        who.stream().limit(SHOWN).forEach(this::describe);
        checker.memberships().stream()
                .filter(member -> !member.seat.requests.isEmpty())
                .limit(SHOWN)
                .forEach(member ->
                        checker.violations.add(Fault.UNANSWERED, member + " waits for " + member.seat.requests));
        checker.finish();
        finish();
    }

    private void describe(Membership member) {
        checker.violations.add(
                phase.fault,
                member + ": has list " + member.list + ", answered list " + member.answeredList + ", count "
                        + member.count + ", but there are "
                        + checker.expectedLists().get(member.seat.room));
    }

    private void enter(Phase next, long now) {
        phase = next;
        phaseBegan = now;
        lastLook = now;
    }

    private void enterLeave(long now) {
        // Once more: the fences came after all, so did news that should not have come.
        checker.wrongKeptLists(checker.expectedLists())
                .forEach(
                        member -> checker.violations.add(Fault.MEMBERS, member + " lost what its list already showed"));
        checker.finish();
        enter(Phase.LEAVE, now);
        for (LoadClient client : clients) {
            LoadSocket socket = client.socket;
            if (socket != null) {
                client.memberships.forEach(member -> socket.send(socket.view.leave(member, true)));
                client.memberships.clear();
            }
        }
    }

    private boolean everybodyIsIn() {
        return clients.stream()
                .allMatch(client -> client.socket != null
                        && client.socket.view.state == ClientView.State.OPEN
                        && client.socket.view.seats.stream().allMatch(seat -> seat.requests.isEmpty()));
    }

    private void askForLists() {
        listsAskedAt = System.nanoTime();
        for (LoadClient client : clients) {
            LoadSocket socket = client.socket;
            if (socket != null) {
                client.memberships.forEach(member -> socket.send(socket.view.members(member)));
            }
        }
    }

    private void publishFences(long now) {
        for (LoadClient client : clients) {
            LoadSocket socket = client.socket;
            if (socket != null) {
                client.memberships.forEach(
                        member -> socket.send(socket.view.publish(member, true, true, true, now, profile.dataBytes())));
            }
        }
    }

    private void openMore() {
        while (opening < OPENING && nextToOpen < clients.size()) {
            open(clients.get(nextToOpen++));
        }
    }

    private void open(LoadClient client) {
        opening++;
        ClientView view = new ClientView(++connections, checker);
        LoadSocket socket = new LoadSocket(client, view, request, scratch);
        bootstrap.clone().handler(socket).connect(address).addListener(connected -> {
            opening--;
            if (!connected.isSuccess()) {
                checker.violations.add(Fault.CONNECTION, view + " could not connect: " + connected.cause());
            }
        });
    }

    void opened(LoadClient client, LoadSocket socket) {
        boolean first = socket.view.number <= profile.connections();
        RoomCrowd crowd = crowds[first ? firstRoom(client) : random.nextInt(profile.rooms())];
        churn.join(client, socket, crowd, false, System.nanoTime());
    }

    /**
     * As many for each room. Who comes one after another is in one room: the server gives them to its lanes in turns, so each
     * room has members on all lanes, wherever its home is.
     */
    private int firstRoom(LoadClient client) {
        return (int) ((long) client.index * profile.rooms() / profile.connections());
    }

    /** A connection of the client is gone: it comes back at once while there is load, or if it is missing. */
    void ended(LoadClient client) {
        churn.gone(client);
        if (phase.compareTo(Phase.LEAVE) < 0
                && checker.violations.counts().getOrDefault(Fault.CONNECTION, 0L) < 1_000) {
            open(client);
        }
    }

    private LoadReport report() {
        return new LoadReport(
                profile, connections, schedule.changesDone(), schedule.skipped(), checker, measurement, counted);
    }
}
