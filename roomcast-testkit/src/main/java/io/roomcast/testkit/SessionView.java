package io.roomcast.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What one connection has to do with sessions: what it asks for, and what it is given. */
final class SessionView {
    private final SimulatedClient client;
    private final World world;

    /** Requests without a reply yet, in the order in which they were sent. */
    private final ArrayDeque<Asked> pending = new ArrayDeque<>();

    /** Whose keys its messages had while the model did not know its session yet. */
    private final List<String> keyOwners = new ArrayList<>();

    /** Rooms that it was in, or on its way into, by itself when it got a session with memberships of its own. */
    private final Set<String> ownRooms = new HashSet<>();

    private @Nullable SessionModel session;
    private boolean asked;

    /**
     * A request.
     *
     * @param secret that it named
     * @param claim on the session with this secret, null if there is none
     * @param fresh the new session that it may have got instead
     */
    private record Asked(
            Request request,
            @Nullable String secret,
            @Nullable Claim claim,
            @Nullable SessionModel fresh) {}

    private record Claim(SessionModel session, SessionModel.Hold hold) {}

    SessionView(SimulatedClient client, World world) {
        this.client = client;
        this.world = world;
    }

    /** The session that it knows it has. */
    @Nullable
    SessionModel session() {
        return session;
    }

    /** Whether it has asked for one, so that its later messages are those of a session. */
    boolean hasAsked() {
        return asked;
    }

    boolean isWaiting() {
        return !pending.isEmpty();
    }

    long oldestRequestStep() {
        return pending.isEmpty() ? Member.NEVER : pending.element().request.sentAtStep;
    }

    /** Whether it has this session, or may have it without having read so. */
    boolean mayHave(@Nullable SessionModel which) {
        return which != null && possible().anyMatch(its -> its == which);
    }

    /** Whether both have one session, or may have it without having read so. */
    boolean mayHaveOneWith(SessionView other) {
        return possible().anyMatch(other::mayHave);
    }

    /** It was closed because its session was taken over: so it had one, though it may not have read so. */
    void takenOver() {
        world.require(
                possible().anyMatch(its -> its.mayHaveBeenTakenFrom(client)),
                "%s was closed for another that has its session, but there is none",
                client);
        Asked first = pending.peek();
        boolean mayStillRead = client.connection.isBlocked();
        if (session == null && first != null && first.claim != null && !mayStillRead) {
            has(first.claim.session);
        }
    }

    /** The connection is ending. */
    void ends() {
        SessionModel its = session;
        if (its != null) {
            its.changed();
        }
        for (Asked request : pending) {
            if (request.claim != null) {
                request.claim.session.changed();
            }
        }
    }

    // ---- Requests

    void ask(@Nullable String secret) {
        Request request = client.request("session", true);
        SessionModel named = session == null && secret != null ? world.session(secret) : null;
        if (named != null && !Objects.equals(named.user, client.user)) {
            named = null; // Another user's secret is worth as much as a guessed one.
        }
        Claim claim = named == null ? null : new Claim(named, named.claimedBy(client));
        SessionModel fresh = session == null ? world.newSession(null, client) : null;
        pending.add(new Asked(request, secret, claim, fresh));
        asked = true;
        if (claim != null) {
            client.rooms().forEach(RoomView::mayBeLeftByAnother);
            mayPassOn();
        }
        client.send(request, secret == null ? "" : ",\"session\":\"" + secret + "\"");
    }

    /** There may be a room more to pass on to who asks for the session too, perhaps after this one, though it asked before. */
    void mayPassOn() {
        possible().filter(its -> its.isClaimedBeside(client)).forEach(SessionModel::passesOn);
    }

    /** A request that is no good. */
    void askBadly(String rest) {
        Request request = client.request("session", true);
        request.refusal = "bad_request";
        pending.add(new Asked(request, null, null, null));
        client.send(request, rest);
    }

    // ---- Replies

    void read(JsonNode frame) {
        Asked request = answered(frame);
        world.require(request.request.refusal == null, "%s of %s was not refused", request.request, client);
        String secret = frame.path("session").asString("");
        boolean restored = frame.path("restored").asBoolean(false);
        world.require(
                !secret.isEmpty()
                        && frame.path("graceMs").asLong(-1) == world.grace.toMillis()
                        && frame.path("restored").isBoolean()
                        && frame.path("rooms").isArray(),
                "a wrong session: %s",
                frame);
        world.require(restored || frame.path("rooms").isEmpty(), "a session that is new has rooms: %s", frame);
        SessionModel before = session;
        if (before != null) {
            world.require(secret.equals(before.secret) && !restored, "%s has %s, but then: %s", client, before, frame);
            world.tally.count(Exercised.SESSIONS_ASKED_TWICE);
        } else if (restored) {
            restored(request, secret, frame);
        } else {
            fresh(request, secret);
        }
    }

    void refused(JsonNode frame) {
        Asked request = answered(frame);
        boolean isAnothers = session != null && request.secret != null && !request.secret.equals(session.secret);
        world.require(
                frame.path("code").asString("").equals("bad_request")
                        && (isAnothers || request.request.refusal != null),
                "%s of %s was refused: %s",
                request.request,
                client,
                frame);
        world.tally.count(isAnothers ? Exercised.SECRETS_OF_ANOTHER_REFUSED : Exercised.BAD_REQUESTS);
        if (request.claim != null) {
            request.claim.session.refusedTo(request.claim.hold, false);
        }
    }

    private Asked answered(JsonNode frame) {
        Asked request = pending.poll();
        world.require(
                request != null && Objects.equals(String.valueOf(frame.get("id")), request.request.id),
                "%s got a session for %s: %s",
                client,
                request,
                frame);
        return Objects.requireNonNull(request);
    }

    private void fresh(Asked request, String secret) {
        Claim claim = request.claim;
        if (claim != null) {
            world.require(
                    !claim.session.surelyStoodFor(claim.hold),
                    "%s asked for %s in time, but it was not restored",
                    client,
                    claim.session);
            claim.session.refusedTo(claim.hold, true);
            world.tally.count(Exercised.SESSIONS_NOT_RESTORED);
        } else if (request.secret != null) {
            world.tally.count(Exercised.SECRETS_UNKNOWN);
        }
        world.require(world.session(secret) == null, "%s was given the secret of another: %s", client, secret);
        SessionModel made = world.newSession(secret, client);
        made.firstHold().readAtStep = world.step;
        has(made);
    }

    private void restored(Asked request, String secret, JsonNode frame) {
        Claim claim = request.claim;
        world.require(
                claim != null && secret.equals(claim.session.secret), "%s was given another's: %s", client, frame);
        SessionModel found = Objects.requireNonNull(claim).session;
        world.require(!found.wasOverBefore(claim.hold), "%s was restored for %s, but was over before", found, client);
        found.passesOn();
        checkRooms(found, claim.hold, frame);
        client.rooms().stream().filter(RoomView::isInOrJoins).forEach(view -> ownRooms.add(view.room.id));
        found.givenTo(claim.hold);
        world.tally.count(Exercised.SESSIONS_RESTORED);
        has(found);
    }

    /** Its rooms are those that it is still a member of, and no others. */
    private void checkRooms(SessionModel found, SessionModel.Hold claim, JsonNode frame) {
        Set<String> listed = new HashSet<>();
        frame.path("rooms").forEach(room -> {
            world.require(listed.add(room.asString()), "a room is named twice: %s", frame);
            world.tally.count(Exercised.ROOMS_RESTORED);
        });
        for (RoomModel room : world.rooms.values()) {
            boolean isThereItself = client.room(room.id).isInOrJoins();
            // A room that this connection is in by itself need not be named: it cannot be joined again.
            boolean isSure = !isThereItself
                    && room.membersOf(found)
                            .anyMatch(member -> member.session() == found
                                    && member.isSurelyThere()
                                    && !member.isLeftBehind()
                                    && member.client != client
                                    && member.joinReadAtStep < claim.sentAtStep);
            boolean isPossible = room.mayHaveUnknownOf(found)
                    || room.membersOf(found).anyMatch(member -> member.endedAtStep >= claim.sentAtStep)
                    || isThereItself;
            boolean isListed = listed.remove(room.id);
            world.require(isListed || !isSure, "%s is restored without %s: %s", found, room, frame);
            world.require(!isListed || isPossible, "%s is restored with %s: %s", found, room, frame);
        }
        world.require(listed.isEmpty(), "there are no such rooms: %s", listed);
    }

    private void has(SessionModel its) {
        session = its;
        for (RoomView view : client.rooms()) {
            Member me = view.me();
            if (me != null) {
                its.joined(me, view.room);
            }
        }
        keyOwners.forEach(owner -> world.keyOwners.learn(its, owner));
        keyOwners.clear();
    }

    /** A message of a session that is not known yet has reached the broker, with this owner of its key. */
    void sawKeyOwner(String owner) {
        SessionModel its = session;
        if (its == null) {
            keyOwners.add(owner);
        } else {
            world.keyOwners.learn(its, owner);
        }
    }

    // ---- Memberships that wait

    private Stream<SessionModel> possible() {
        SessionModel its = session;
        return its != null
                ? Stream.of(its)
                : pending.stream()
                        .map(Asked::claim)
                        .filter(Objects::nonNull)
                        .map(claim -> Objects.requireNonNull(claim).session);
    }

    /** Memberships in the room that it may have got with its session, without having joined. */
    Stream<Member> waitingIn(RoomModel room) {
        return possible()
                .flatMap(room::membersOf)
                .filter(member -> member.client != client && !member.hasSurelyEnded());
    }

    /** Whether a membership in the room surely waits for this connection to join. */
    boolean isWaitedForIn(RoomModel room) {
        SessionModel its = session;
        return its != null && !wasThereItself(room.id) && room.surelyWaits(its, client);
    }

    /** Whether another connection of its session was in the room by itself, so that a membership of this one is not its. */
    boolean mayBeLeftBehindIn(RoomModel room) {
        return possible().anyMatch(its -> its.mayBeTwiceIn(room, client));
    }

    /** Whether the room had it as a member twice. */
    private boolean wasThereItself(String room) {
        return ownRooms.contains(room);
    }

    /** All is quiet and the connection is gone: whether nothing of it waits for another. */
    boolean leavesNothingBehind() {
        SessionModel its = session;
        if (its != null) {
            return its.waitsForNobody();
        }
        return client.end.isForGood()
                || pending.stream()
                        .allMatch(request -> (request.claim == null || request.claim.session.waitsForNobody())
                                && (request.fresh == null || request.fresh.waitsForNobody()));
    }
}
