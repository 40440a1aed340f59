package io.roomcast.testkit;

import io.roomcast.engine.Rooms;
import io.roomcast.engine.Statistics;
import io.roomcast.protocol.MemberEntry;
import io.roomcast.protocol.MembersOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** What must be so when nothing is left to do: every view is equal to what there is. */
final class Checkpoint {
    private final World world;
    private final Rooms rooms;
    private final Script script;

    Checkpoint(World world, Rooms rooms, Script script) {
        this.world = world;
        this.rooms = rooms;
        this.script = script;
    }

    void views() {
        for (SimulatedClient client : script.clients()) {
            client.quiet();
            long silentNanos = world.clock.nanoTime() - Math.max(world.jumpedNanos, client.connection.heardNanos());
            // Who takes nothing is not read either, and is cut for that, a little later.
            long patienceNanos = (client.connection.timesBlocked() == 0 ? 4 : 6) * world.heartbeatNanos;
            world.require(
                    !client.isLive() || silentNanos <= patienceNanos,
                    "%s has been silent for %d ms and is still there",
                    client,
                    silentNanos / 1_000_000);
        }
        world.quiet();
        script.application().checkResults();
        long oldestStep = script.clients().stream()
                .mapToLong(SimulatedClient::oldestStepToReadOf)
                .reduce(world.step, Math::min);
        boolean allKnown = true;
        int members = 0;
        int absentMembers = 0;
        int alive = 0;
        for (RoomModel room : world.rooms.values()) {
            room.quiet(oldestStep);
            List<RoomView> inside = inside(room);
            if (isKnown(room)) {
                List<Member> absent = room.absent();
                world.tally.add(Exercised.ABSENT_MEMBERS_AT_CHECKPOINTS, absent.size());
                check(room, inside, absent);
                members += inside.size() + absent.size();
                absentMembers += absent.size();
                alive += inside.isEmpty() && absent.isEmpty() ? 0 : 1;
            } else {
                allKnown = false;
            }
        }
        Statistics statistics = rooms.statistics();
        long connections = script.clients().stream()
                .filter(client -> client.isWelcomed() && client.isLive())
                .count();
        long unwelcomed = script.clients().stream()
                .filter(client -> !client.isWelcomed() && client.isLive())
                .count();
        world.require(
                statistics.connections() >= connections && statistics.connections() <= connections + unwelcomed,
                "there are %d connections: %s",
                connections,
                statistics);
        if (allKnown) {
            world.require(
                    statistics.members() == members
                            && statistics.absentMembers() == absentMembers
                            && statistics.rooms() == alive,
                    "there are %d members, %d of them absent, in %d rooms: %s",
                    members,
                    absentMembers,
                    alive,
                    statistics);
        }
    }

    /** Everybody who was in the room has the probe as the last message, unless its publisher has become slow over it. */
    void probes(List<SentMessage> probes) {
        for (SentMessage probe : probes) {
            SimulatedClient publisher = probe.publisher;
            boolean isDone = publisher != null && publisher.isUpToDate() && !probe.refused;
            for (RoomView view : isDone ? inside(world.room(probe.room)) : List.<RoomView>of()) {
                if (client(view).isUpToDate()) {
                    world.require(
                            view.order.last() == probe,
                            "%s has %s, but not %s",
                            client(view),
                            view.order.last(),
                            probe);
                }
            }
        }
    }

    /** Nobody is slow any more. */
    void atTheEnd() {
        for (SentMessage message : world.sent.values()) {
            Member target = message.to == null ? null : world.members.get(message.to);
            world.countIf(
                    world.settings.mayBeOutdated(message)
                            && message.echo
                            && message.order == null
                            && message.repeats == null
                            && message.acknowledgedAtStep != Long.MAX_VALUE,
                    Exercised.MESSAGES_OUTDATED);
            boolean isAnswered = message.acknowledgedAtStep != Long.MAX_VALUE && message.repeats == null;
            if (isAnswered
                    && target != null
                    && target.isSurelyThere()
                    && !target.client.room(message.room).order.isLossy()
                    && !target.wasAbsentSince(message.sentAtStep)) {
                world.require(message.timesReadByTarget == 1, "%s never came to %s", message, target);
            }
        }
    }

    /** Everybody has gone, and all that is kept has become too old. */
    void nothingIsLeft(WatchedBroker broker, List<ScriptedLane> lanes) {
        Statistics left = rooms.statistics();
        world.require(
                left.connections() == 0 && left.members() == 0 && left.rooms() == 0,
                "everybody has gone, but there are %s",
                left);
        world.require(broker.openLogs() == 0, "%d logs of the broker are still open", broker.openLogs());
        world.require(broker.kept().bytes() == 0, "of all that is too old, %s is kept", broker.kept());
        for (ScriptedLane lane : lanes) {
            world.require(lane.delayedTasks() == 0, "%d tasks of lane %d wait", lane.delayedTasks(), lane.index());
            world.require(lane.heldRuns() == 0, "%d runs of lane %d are held", lane.heldRuns(), lane.index());
        }
    }

    private void check(RoomModel room, List<RoomView> inside, List<Member> absent) {
        Map<String, Member> there = new HashMap<>();
        inside.forEach(view -> there.put(self(view).id, self(view)));
        absent.forEach(member -> there.put(member.id, member));
        for (RoomView view : inside) {
            RoomView first = inside.get(0);
            world.require(self(view).order == self(first).order, "%s has two epochs at one time", room);
            if (client(view).isUpToDate()) {
                checkView(view, there);
                view.state.quiet();
            }
            if (client(view).isUpToDate() && client(first).isUpToDate()) {
                world.require(
                        view.order.lastOffset() == first.order.lastOffset(),
                        "%s is at offset %d and %s at %d",
                        client(view),
                        view.order.lastOffset(),
                        client(first),
                        first.order.lastOffset());
            }
        }
        LogModel log = room.latestLog();
        if (log != null) {
            log.state.quiet(there.isEmpty());
        }
        if (room.id.isEmpty()) {
            return; // Only refused requests name it.
        }
        CompletableFuture<List<MemberEntry>> asked = rooms.room(room.id).members();
        script.application().expect(asked, () -> {
            List<String> ids = asked.join().stream().map(MemberEntry::id).toList();
            world.require(
                    ids.size() == there.size() && there.keySet().containsAll(ids),
                    "the server says that %s are in %s, but there are %s",
                    ids,
                    room,
                    there);
        });
    }

    private void checkView(RoomView view, Map<String, Member> there) {
        if (view.members.option() == MembersOption.LIST) {
            Map<String, Long> list = view.members.list();
            boolean isRight = list.keySet().equals(there.keySet())
                    && there.values().stream()
                            .allMatch(member -> member.mayHaveTold(list.getOrDefault(member.id, Member.NEVER)));
            world.require(isRight, "%s sees %s in %s, but there are %s", client(view), list, view.room, there.values());
        }
        if (view.members.option() != MembersOption.NONE) {
            world.require(
                    view.members.lastCount() == there.size(),
                    "%s counts %d in %s, but there are %s of %s",
                    client(view),
                    view.members.lastCount(),
                    view.room,
                    there.values(),
                    view.room.who());
        }
    }

    private List<RoomView> inside(RoomModel room) {
        List<RoomView> inside = new ArrayList<>();
        for (SimulatedClient client : script.clients()) {
            RoomView view = client.room(room.id);
            if (client.isLive() && view.me() != null) {
                inside.add(view);
            }
        }
        return inside;
    }

    /** Not while frames that say who is in it are on their way to somebody slow. */
    private boolean isKnown(RoomModel room) {
        return room.isKnown()
                && script.clients().stream().filter(SimulatedClient::isLive).noneMatch(client -> {
                    RoomView view = client.room(room.id);
                    Member me = view.me();
                    return !client.isUpToDate()
                            && (view.isWaiting() || (me != null && me.endingSinceStep != Member.NEVER));
                });
    }

    private static SimulatedClient client(RoomView view) {
        return self(view).client;
    }

    private static Member self(RoomView view) {
        return Objects.requireNonNull(view.me());
    }
}
