package io.roomcast.testkit;

import io.roomcast.protocol.Limit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the model knows of one session: who has it or may have it, and how long it and its memberships stand for sure.
 *
 * <p>The engine learns later than the model that a connection is lost, and a reply can be read late or never. So the end
 * of a grace is known between two bounds only: before the first all of it must be there, after the second nothing of it
 * may be left, in between either is right.
 */
final class SessionModel {
    /** Null if nobody has read it. */
    final @Nullable String secret;

    final @Nullable String user;
    private final World world;

    /** All requests for it, in the order in which they were sent; the first is of whoever made it. */
    private final List<Hold> claims = new ArrayList<>();

    /** Those of them that may be the one that has it now. */
    private final List<Hold> holds = new ArrayList<>();

    /** When all was quiet for the first time since something happened to it; unknown before. */
    private long quietSinceNanos = Member.NEVER;

    /** When all was last quiet. */
    private long quietAtStep = -1;

    /** When it had surely ended. */
    private long overAtStep = Member.NEVER;

    private boolean toldOver;

    /** One connection's request to have the session. */
    static final class Hold {
        final SimulatedClient client;
        final long sentAtStep;
        final long sentNanos;

        /**
         * Rooms that it was in, or on its way into, before. There both memberships stand; nobody can join with the one
         * that the session brings.
         */
        final Set<RoomModel> ownRooms = new HashSet<>();

        long readAtStep = Member.NEVER;

        private Hold(SimulatedClient client, long sentAtStep, long sentNanos) {
            this.client = client;
            this.sentAtStep = sentAtStep;
            this.sentNanos = sentNanos;
        }

        private boolean isRead() {
            return readAtStep != Member.NEVER;
        }

        /** Whether this one had the session and knew it, or was gone, before the other asked for it. */
        private boolean isSurelyBefore(Hold other) {
            return readAtStep < other.sentAtStep || client.end.noticedAtStep() < other.sentAtStep;
        }
    }

    SessionModel(@Nullable String secret, @Nullable String user, World world) {
        this.secret = secret;
        this.user = user;
        this.world = world;
    }

    /** This connection asks for it, or is the first to have it. */
    Hold claimedBy(SimulatedClient client) {
        Hold hold = new Hold(client, world.step, world.clock.nanoTime());
        for (RoomModel room : world.rooms.values()) {
            if (client.room(room.id).isInOrJoins()) {
                hold.ownRooms.add(room);
                room.membersOf(this).forEach(member -> member.leftBehind(hold.sentNanos));
                room.leftBehind(this);
            }
        }
        passesOn();
        claims.add(hold);
        holds.add(hold);
        changed();
        return hold;
    }

    /**
     * It goes from one connection to the next, or may be just about to: of more rooms than one connection may be in, some
     * that the last one has not joined again are left. Nobody says which.
     */
    void passesOn() {
        if (hasMoreRoomsThanOneConnectionMayHave()) {
            members()
                    .filter(member -> holds.stream().anyMatch(other -> other.client != member.client))
                    .forEach(member -> member.mayHaveExpired = true);
        }
    }

    private Stream<Member> members() {
        return world.rooms.values().stream().flatMap(room -> room.membersOf(this));
    }

    /** Whether another connection than this one may be about to have it, perhaps from this one. */
    boolean isClaimedBeside(SimulatedClient client) {
        return holds.stream().anyMatch(hold -> hold.client != client && !hold.isRead());
    }

    /** A connection has joined the room with this membership, perhaps after another had claimed the session. */
    void joined(Member member, RoomModel room) {
        holds.stream()
                .filter(hold -> hold.client != member.client && hold.ownRooms.contains(room))
                .forEach(hold -> member.leftBehind(hold.sentNanos));
    }

    /** Whether another connection than this one has asked for it while it was in the room by itself. */
    boolean mayBeTwiceIn(RoomModel room, SimulatedClient client) {
        return claims.stream().anyMatch(claim -> claim.client != client && claim.ownRooms.contains(room));
    }

    /**
     * Whether the one had it before the other. If it had not, the other would have been closed for it by the time that
     * all was quiet.
     */
    boolean hadSurelyBefore(SimulatedClient one, SimulatedClient other) {
        return claims.stream()
                .filter(claim -> claim.client == one)
                .anyMatch(first -> (one.end.noticedAtStep() < quietAtStep && other.isLive())
                        || claims.stream()
                                .filter(claim -> claim.client == other)
                                .anyMatch(first::isSurelyBefore));
    }

    private boolean hasMoreRoomsThanOneConnectionMayHave() {
        long all = world.rooms.values().stream()
                .filter(room -> room.mayHaveUnknownOf(this)
                        || room.membersOf(this).anyMatch(member -> !member.hasSurelyEnded()))
                .count();
        return all > world.limits.get(Limit.ROOMS_PER_CONNECTION);
    }

    /** The connection has read that it has the session; what may have ended before, may have ended for good. */
    void givenTo(Hold hold) {
        hold.readAtStep = world.step;
        members()
                .filter(member -> member.client != hold.client && !stoodFor(hold, member))
                .forEach(member -> member.mayHaveExpired = true);
        holds.removeIf(other -> other != hold && (other.client.end.isByConnectedAgain() || other.isSurelyBefore(hold)));
        changed();
    }

    /** The connection has read that it does not get this session, perhaps because it is there no more. */
    void refusedTo(Hold hold, boolean isOver) {
        hold.readAtStep = world.step;
        holds.remove(hold);
        claims.remove(hold);
        toldOver |= isOver;
    }

    Hold firstHold() {
        return claims.get(0);
    }

    /** The connection that had it first. */
    SimulatedClient begunOn() {
        return firstHold().client;
    }

    /** Something has happened that may make it last longer. */
    void changed() {
        quietSinceNanos = Member.NEVER;
    }

    // ---- What stands for sure

    /** Whether it must be given to this claim, of which the reply has just been read. */
    boolean surelyStoodFor(Hold claim) {
        return !isOver()
                && !world.draining
                && holdsBeside(claim).count() > 0
                && holdsBeside(claim).allMatch(hold -> world.clock.nanoTime() < endOf(hold));
    }

    boolean wasOverBefore(Hold claim) {
        return overAtStep < claim.sentAtStep;
    }

    private Stream<Hold> holdsBeside(Hold claim) {
        return holds.stream().filter(hold -> hold != claim);
    }

    private long endOf(Hold hold) {
        if (hold.client.isLive()) {
            return Member.NEVER;
        }
        return hold.client.end.mayBeForGood() ? 0 : hold.client.end.seenNanos() + world.grace.toNanos();
    }

    private boolean stoodFor(Hold claim, Member member) {
        return holdsBeside(claim).allMatch(hold -> world.clock.nanoTime() < endOf(hold, member));
    }

    /** Whether this membership must still be there. */
    boolean surelyStands(Member member) {
        if (isOver() || toldOver || world.draining || member.mayHaveExpired) {
            return false;
        }
        long now = world.clock.nanoTime();
        return holds.stream().allMatch(hold -> now < endOf(hold, member));
    }

    /** Where it is joined, it stands with the connection and the grace behind; elsewhere for a grace from the claim on. */
    private long endOf(Hold hold, Member member) {
        boolean isJoined = member.client == hold.client;
        long ofClaim = isJoined ? Member.NEVER : hold.sentNanos + world.grace.toNanos();
        return Math.min(ofClaim, endOf(hold));
    }

    /** How many have asked for it so far. */
    int claimCount() {
        return claims.size();
    }

    // ---- What is over for sure

    boolean isOver() {
        return overAtStep != Member.NEVER;
    }

    /** Whether what has waited for a connection since the last thing that happened waits no more. */
    boolean waitsForNobody() {
        return isOver() || world.isPastGrace(quietSinceNanos);
    }

    /** All is quiet. */
    void quiet() {
        if (isOver()) {
            return;
        }
        quietAtStep = world.step;
        if (holds.stream().anyMatch(hold -> !hold.client.end.isByConnectedAgain())) {
            members().filter(member -> !surelyStands(member)).forEach(member -> member.mayHaveExpired = true);
            holds.removeIf(hold -> hold.client.end.isByConnectedAgain());
        }
        List<SimulatedClient> live = holds.stream()
                .filter(Hold::isRead)
                .map(hold -> hold.client)
                .filter(SimulatedClient::isUpToDate)
                .toList();
        world.require(live.size() < 2, "%s have one session at one time", live);
        boolean mayBeGiven = holds.stream().anyMatch(hold -> hold.client.isLive() && !hold.isRead());
        if (quietSinceNanos == Member.NEVER && !mayBeGiven) {
            quietSinceNanos = world.clock.nanoTime();
        }
        boolean hasNobody = holds.stream().noneMatch(hold -> hold.client.isLive());
        boolean endedForGood = holds.size() == 1
                && holds.get(0).isRead()
                && holds.get(0).client.end.isForGood();
        if (toldOver || endedForGood || (hasNobody && waitsForNobody())) {
            overAtStep = world.step;
        }
    }

    // ---- Connected again

    /** Whether another connection may have taken the session over from this one. */
    boolean mayHaveBeenTakenFrom(SimulatedClient client) {
        long sentAtStep = claims.stream()
                .filter(claim -> claim.client == client)
                .mapToLong(claim -> claim.sentAtStep)
                .min()
                .orElse(Member.NEVER);
        return claims.stream().anyMatch(claim -> claim.client != client && claim.readAtStep >= sentAtStep);
    }

    @Override
    public String toString() {
        return "session " + secret;
    }
}
