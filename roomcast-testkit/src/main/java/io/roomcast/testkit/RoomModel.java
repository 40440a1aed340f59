package io.roomcast.testkit;

import io.roomcast.protocol.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the model knows of one room: its orders by epoch, its members, and who may be one unknown to the model. */
final class RoomModel {
    final String id;

    /** Those of its template. */
    final Limits limits;

    private final World world;
    private final Map<String, MessageOrder> orders = new HashMap<>();
    private final Map<String, LogModel> logs = new HashMap<>();

    /** Without those that left long ago. */
    private final List<Member> members = new ArrayList<>();

    /** Clients with a join of which the outcome was not read yet. */
    private final Map<SimulatedClient, Integer> joining = new LinkedHashMap<>();

    /** Clients that went while joining: they may have been members all the same. */
    private final Map<SimulatedClient, Unknown> unknown = new LinkedHashMap<>();

    /** Clients that have left without being members, since all was quiet. */
    private final List<SimulatedClient> leaving = new ArrayList<>();

    private @Nullable LogModel latestLog;
    private @Nullable MessageOrder latestOrder;
    private long brokerFailedAtStep = -1;
    private long quietAtStep;

    /** A membership that there may be, of which nobody has read. */
    private static final class Unknown {
        long untilStep = Member.NEVER;

        /** Whether its session may have another membership in the room; and since when all was quiet then. */
        boolean isLeftBehind;

        long quietSinceNanos = Member.NEVER;
    }

    RoomModel(String id, World world) {
        this.id = id;
        this.limits = world.limits(id);
        this.world = world;
    }

    // ---- Its order and its log

    MessageOrder order(String epoch) {
        return orders.computeIfAbsent(epoch, fresh -> {
            if (!orders.isEmpty()) {
                world.tally.count(Exercised.ROOMS_BORN_AGAIN);
            }
            MessageOrder order = new MessageOrder(fresh, world);
            latestOrder = order;
            return order;
        });
    }

    /** The order that was seen last; null before the first. */
    @Nullable
    MessageOrder latestOrder() {
        return latestOrder;
    }

    /** What the broker has accepted under this epoch, which must be one of this room. */
    LogModel log(String epoch) {
        LogModel log = logs.get(epoch);
        world.require(log != null, "%s has an epoch that its broker has not: %s", id, epoch);
        return Objects.requireNonNull(log);
    }

    /** The log that was opened last; null before the first. */
    @Nullable
    LogModel latestLog() {
        return latestLog;
    }

    /** The broker has opened the log. */
    LogModel opened(String epoch, long offset, long version) {
        LogModel before = latestLog;
        if (before != null && before.epoch.equals(epoch)) {
            before.openedAgain(offset, version);
            return before;
        }
        world.require(!logs.containsKey(epoch), "an epoch of %s has come back", id);
        world.require(before == null || before.mayBeForgotten(), "%s has lost its log, though it must be kept", id);
        world.require(offset == 0 && version == 0, "a new log of %s starts at %d, %d", id, offset, version);
        LogModel fresh = new LogModel(epoch, this, world);
        logs.put(epoch, fresh);
        latestLog = fresh;
        return fresh;
    }

    void brokerFailed() {
        brokerFailedAtStep = world.step;
    }

    /** Whether the broker has failed since then, or so shortly before that its answer was still on its way. */
    boolean brokerHasFailedSince(long step) {
        return brokerFailedAtStep >= Math.min(step, quietAtStep);
    }

    // ---- Its members

    void add(Member member) {
        members.add(member);
    }

    /**
     * Whether a membership of this session waits for this connection. Not with one that may have got the session from it:
     * what that joins does not wait for who had the session before.
     */
    boolean surelyWaits(SessionModel session, SimulatedClient client) {
        return members.stream()
                .anyMatch(member -> member.session() == session
                        && member.client != client
                        && session.hadSurelyBefore(member.client, client)
                        && !member.isLeftBehind()
                        && member.isSurelyThere());
    }

    boolean has(Member member) {
        return members.contains(member);
    }

    /** Those whose session this is or may be, whether they are still there or not. */
    Stream<Member> membersOf(SessionModel session) {
        return members.stream().filter(member -> member.client.sessions.mayHave(session));
    }

    void joinSent(SimulatedClient client) {
        joining.merge(client, 1, Integer::sum);
    }

    void joinAnswered(SimulatedClient client) {
        joining.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }

    /** A connection leaves, perhaps with a membership of its session that it has not joined again. */
    void leaveSentWithoutJoining(SimulatedClient client) {
        leaving.add(client);
    }

    /**
     * Whether another connection may have left with the membership that this one reads of only now: a leave ends also a
     * membership that waits for who has brought the session back (PROTOCOL.md, leave), and it may have been brought back
     * by both of them though neither has read so.
     */
    boolean mayBeLeftByAnotherThan(SimulatedClient client) {
        return leaving.stream().anyMatch(other -> other != client && other.sessions.mayHaveOneWith(client.sessions));
    }

    void went(SimulatedClient client) {
        if (joining.remove(client) != null) {
            Unknown one = new Unknown();
            one.isLeftBehind = client.sessions.mayBeLeftBehindIn(this);
            unknown.put(client, one);
        }
    }

    /** A connection that is in the room by itself asks for this session, which may have been in it unknown to the model. */
    void leftBehind(SessionModel session) {
        unknown.forEach((client, one) -> {
            if (client.sessions.mayHave(session)) {
                one.isLeftBehind = true;
                one.quietSinceNanos = Member.NEVER;
            }
        });
    }

    boolean mayHaveUnknownOf(SessionModel session) {
        return Stream.concat(joining.keySet().stream(), unknown.keySet().stream())
                .anyMatch(client -> client.sessions.mayHave(session));
    }

    /** Whether another connection of this session may have become a member without the model knowing as whom. */
    boolean mayHaveUnknownBeside(SimulatedClient client, SessionModel session) {
        return Stream.concat(joining.keySet().stream(), unknown.keySet().stream())
                .anyMatch(other -> other != client && other.sessions.mayHave(session));
    }

    /** Whether there may be somebody since this step whose id the model has not seen. */
    boolean mayHaveUnknownMembersSince(long step) {
        return !joining.isEmpty() || unknown.values().stream().anyMatch(one -> one.untilStep >= step);
    }

    /** Whether it is known who is in the room. */
    boolean isKnown() {
        return unknown.values().stream().allMatch(one -> one.untilStep <= world.step)
                && members.stream()
                        .allMatch(member -> member.hasSurelyEnded() || member.isSurelyThere() || !member.isAbsent());
    }

    /** Those without a connection that must be there. */
    List<Member> absent() {
        return members.stream()
                .filter(member -> member.isAbsent() && member.isSurelyThere())
                .toList();
    }

    /** Those with a connection that knows of it. */
    List<Member> present() {
        return members.stream()
                .filter(member -> !member.isAbsent() && !member.hasSurelyEnded())
                .toList();
    }

    /**
     * All is quiet: what was ending has ended.
     *
     * @param oldestStep nothing that is still to be read speaks of what was before this step
     */
    void quiet(long oldestStep) {
        quietAtStep = world.step;
        leaving.removeIf(client -> !client.room(id).isWaitingFor("leave"));
        unknown.forEach((client, one) -> {
            if (client.sessions.leavesNothingBehind() && !mayStandBesideAnother(client, one)) {
                one.untilStep = Math.min(one.untilStep, world.step);
            }
        });
        members.stream().filter(member -> !mayHaveBeenJoinedAgain(member)).forEach(Member::quiet);
        members.removeIf(member -> member.endedAtStep < oldestStep);
        unknown.values().removeIf(one -> one.untilStep < oldestStep);
    }

    /**
     * Whether it may be the older of two memberships of one session, which ends with the grace and not with the session
     * (PROTOCOL.md, session).
     */
    private boolean mayStandBesideAnother(SimulatedClient client, Unknown one) {
        if (!one.isLeftBehind || client.end.isForGood()) {
            return false;
        }
        if (one.quietSinceNanos == Member.NEVER) {
            one.quietSinceNanos = world.clock.nanoTime();
        }
        return !world.isPastGrace(one.quietSinceNanos);
    }

    /** Whether another connection of its session has joined, and has not read what came of it. */
    private boolean mayHaveBeenJoinedAgain(Member member) {
        SessionModel session = member.session();
        return session != null
                && Stream.concat(
                                joining.keySet().stream(),
                                unknown.entrySet().stream()
                                        .filter(one -> one.getValue().untilStep > world.step)
                                        .map(Map.Entry::getKey))
                        .anyMatch(client -> client != member.client && client.sessions.mayHave(session));
    }

    /** Those who were members all the time from the sending of a request until now. */
    List<Member> surelyThereSince(long sentAtStep, MessageOrder order) {
        return members.stream()
                .filter(member -> member.order == order && member.joinReadAtStep < sentAtStep && member.isSurelyThere())
                .toList();
    }

    /** At most how many were members at some moment since then. */
    int atMostSince(long sentAtStep) {
        Set<SimulatedClient> maybe = new HashSet<>(joining.keySet());
        unknown.forEach((client, one) -> {
            if (one.untilStep >= sentAtStep) {
                maybe.add(client);
            }
        });
        return maybe.size()
                + (int) members.stream()
                        .filter(member -> member.endedAtStep >= sentAtStep)
                        .count();
    }

    /** For a failure's message. */
    String who() {
        return members.stream().filter(member -> !member.hasSurelyEnded()).toList() + ", joining " + joining.keySet()
                + ", perhaps " + unknown.keySet();
    }

    @Override
    public String toString() {
        return id;
    }
}
