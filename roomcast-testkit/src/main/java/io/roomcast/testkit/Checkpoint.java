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
            long silentNanos = world.clock.nanoTime() - client.connection.heardNanos();
            world.require(
                    !client.isLive() || silentNanos <= 4 * world.heartbeatNanos,
                    "%s has been silent for %d ms and is still there",
                    client,
                    silentNanos / 1_000_000);
        }
        script.checkServerResults();
        boolean allKnown = true;
        int members = 0;
        int alive = 0;
        for (RoomModel room : world.rooms.values()) {
            room.quiet();
            List<RoomView> inside = inside(room);
            if (isKnown(room)) {
                check(room, inside);
                members += inside.size();
                alive += inside.isEmpty() ? 0 : 1;
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
                    statistics.members() == members && statistics.rooms() == alive,
                    "there are %d members in %d rooms: %s",
                    members,
                    alive,
                    statistics);
        }
    }

    /** Everybody who was in the room has the probe as the last message. */
    void probes(List<SentMessage> probes) {
        for (SentMessage probe : probes) {
            for (RoomView view : probe.refused ? List.<RoomView>of() : inside(world.room(probe.room))) {
                if (client(view).isUpToDate()) {
                    world.require(view.last() == probe, "%s has %s, but not %s", client(view), view.last(), probe);
                }
            }
        }
    }

    /** Nobody is slow any more. */
    void atTheEnd() {
        for (SentMessage message : world.sent.values()) {
            Member target = message.to == null ? null : world.members.get(message.to);
            if (message.acknowledged && target != null && target.endingSinceStep == Member.NEVER) {
                world.require(message.timesReadByTarget == 1, "%s never came to %s", message, target);
            }
        }
    }

    void nothingIsLeft(int openLogs, List<ScriptedLane> lanes) {
        Statistics left = rooms.statistics();
        world.require(
                left.connections() == 0 && left.members() == 0 && left.rooms() == 0,
                "everybody has gone, but there are %s",
                left);
        world.require(openLogs == 0, "%d logs of the broker are still open", openLogs);
        for (ScriptedLane lane : lanes) {
            world.require(lane.heldRuns() == 0, "%d runs of lane %d are held", lane.heldRuns(), lane.index());
        }
    }

    private void check(RoomModel room, List<RoomView> inside) {
        Map<String, Long> there = new HashMap<>();
        inside.forEach(view -> there.put(self(view).id, view.told()));
        for (RoomView view : inside) {
            RoomView first = inside.get(0);
            world.require(self(view).order == self(first).order, "%s has two epochs at one time", room);
            if (client(view).isUpToDate()) {
                checkView(view, there);
            }
            if (client(view).isUpToDate() && client(first).isUpToDate()) {
                world.require(
                        view.lastOffset() == first.lastOffset(),
                        "%s is at offset %d and %s at %d",
                        client(view),
                        view.lastOffset(),
                        client(first),
                        first.lastOffset());
            }
        }
        if (room.id.isEmpty()) {
            return; // Only refused requests name it.
        }
        CompletableFuture<List<MemberEntry>> asked = rooms.room(room.id).members();
        script.expect(asked, () -> {
            List<String> ids = asked.join().stream().map(MemberEntry::id).toList();
            world.require(
                    ids.size() == there.size() && there.keySet().containsAll(ids),
                    "the server says that %s are in %s, but there are %s",
                    ids,
                    room,
                    there);
        });
    }

    private void checkView(RoomView view, Map<String, Long> there) {
        if (view.option() == MembersOption.LIST) {
            world.require(
                    view.members.list().equals(there),
                    "%s sees %s in %s, but there are %s",
                    client(view),
                    view.members.list(),
                    view.room,
                    there);
        }
        if (view.option() != MembersOption.NONE) {
            world.require(
                    view.lastCount() == there.size(),
                    "%s counts %d in %s, but there are %s",
                    client(view),
                    view.lastCount(),
                    view.room,
                    there);
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
        return script.clients().stream().filter(SimulatedClient::isLive).noneMatch(client -> {
            RoomView view = client.room(room.id);
            Member me = view.me();
            return !client.isUpToDate() && (view.isWaiting() || (me != null && me.endingSinceStep != Member.NEVER));
        });
    }

    private static SimulatedClient client(RoomView view) {
        return self(view).client;
    }

    private static Member self(RoomView view) {
        return Objects.requireNonNull(view.me());
    }
}
