package io.roomcast.testkit;

import io.roomcast.protocol.Position;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One room as one connection sees it. Every frame that comes is held against the promises of PROTOCOL.md; the frames come
 * in the room's order, so what they have said until now is what is true at the place of the next.
 */
final class RoomView {
    final RoomModel room;
    final MembersView members;
    final OrderView order;
    final StateView state;
    final UpdateReplies updates;
    private final SimulatedClient client;
    private final World world;

    /** Requests without a reply yet. */
    private final PendingRequests pending;

    private final PastMessages past;
    private final Refusals refusals;

    /** The membership there is, null while the client is not a member. */
    private @Nullable Member me;

    /** Where it stood, or where the connection before it did; null before the first join of either. */
    private @Nullable Position position;

    /** When it last left, or had a join refused; 0 before. */
    private long leftAtStep;

    RoomView(RoomModel room, SimulatedClient client, World world) {
        this.room = room;
        this.client = client;
        this.world = world;
        this.members = new MembersView(world, client, room);
        this.order = new OrderView(client, room, world);
        this.state = new StateView(client, room, world);
        this.updates = new UpdateReplies(client, room, state, world);
        this.pending = new PendingRequests(client, world, order::isLossy, this::accepted);
        this.past = new PastMessages(client, room, world);
        this.refusals = new Refusals(client, this, world);
    }

    @Nullable
    Member me() {
        return me;
    }

    /** The membership, which must be there for such a frame to come. */
    Member member(String frame) {
        Member self = me;
        world.require(self != null, "%s got %s of %s, where it is not a member", client, frame, room);
        return Objects.requireNonNull(self);
    }

    long leftAtStep() {
        return leftAtStep;
    }

    boolean isWaiting() {
        return !pending.isEmpty();
    }

    boolean isWaitingFor(String type) {
        return pending.has(type);
    }

    boolean mayHoldUpOthers() {
        return isWaitingFor("join") || isWaitingFor("history") || (me == null && isWaitingFor("leave"));
    }

    boolean isInOrJoins() {
        return me != null || isWaitingFor("join");
    }

    long oldestRequestStep() {
        return pending.oldestStep();
    }

    /** Where it stands, or stood when it was last there: what a resume goes on from. */
    @Nullable
    Position position() {
        Member self = me;
        return self == null ? position : new Position(self.order.epoch, order.lastOffset(), state.version(self.order));
    }

    /** This connection comes back for one that stood there. */
    void goesOnFrom(RoomView before) {
        position = before.position();
        state.goesOnFrom(before.state);
    }

    /** This request is sent next. */
    void sent(Request request) {
        boolean mayBeHeldUp = client.mayBeHeldUp();
        pending.add(request);
        if (request.message != null) {
            order.sent(request.message);
        }
        request.isOfSession = client.sessions.hasAsked();
        request.orderWhenSent = room.latestOrder();
        request.offsetWhenSent = request.orderWhenSent == null ? 0 : request.orderWhenSent.highestOffset();
        LogModel log = room.latestLog();
        request.stateWhenSent = log == null ? null : log.state;
        request.versionWhenSent = log == null ? 0 : log.state.seen();
        request.timesBlockedWhenSent = client.connection.timesBlocked();
        if (request.is("join")) {
            room.joinSent(client);
            client.sessions.mayPassOn();
            if (me != null) {
                me.leaveText = Member.NEVER;
            }
        } else if (request.is("leave")) {
            leaveSent(mayBeHeldUp);
        }
    }

    private void leaveSent(boolean mayBeHeldUp) {
        Member self = me;
        // Then this leave is one of what came with the session since, if anything did.
        boolean mayBeGone = self == null || self.endingSinceStep != Member.NEVER;
        if (self != null) {
            self.ending(world.step);
            if (!mayBeHeldUp) {
                self.leaveText = client.connection.textsSent() + 1L;
            }
        }
        if (mayBeGone) {
            room.leaveSentWithoutJoining(client);
            client.sessions.waitingIn(room).forEach(member -> member.ending(world.step));
        }
    }

    /** All is quiet: every reply that must come has come, and what was not refused has been accepted. */
    void quiet() {
        pending.acceptAll();
    }

    /** The connection is ending: what it was about to tell about itself may have been heard or not. */
    void ends() {
        Member self = me;
        if (self != null) {
            self.mayHaveToldMore |= isWaitingFor("member");
            if (!client.sessions.hasAsked()) {
                self.ending(world.step);
            }
        }
        if (isInOrJoins() && isWaitingFor("member")) {
            client.sessions.waitingIn(room).forEach(member -> member.mayHaveToldMore = true);
        }
        room.went(client);
    }

    void read(String type, JsonNode frame, String text) {
        order.nextFrame(type);
        state.nextFrame(type);
        switch (type) {
            case "messages" -> order.messages(member("messages"), frame, text);
            case "message" -> order.message(member("message"), frame, text);
            case "joined" -> joined(pending.answeredBy("joined", frame), frame, text);
            case "gap" -> order.gap(frame);
            case "snapshot" -> state.snapshot(frame, text);
            case "state" -> {
                member("state");
                state.state(frame, text);
            }
            case "updated" -> {
                member("updated");
                updates.updated(Objects.requireNonNull(pending.answeredBy("updated", frame).update), frame, text);
            }
            case "left" -> left(frame);
            case "published" -> published(pending.answeredBy("published", frame), frame);
            case "ok" -> accepted(pending.answeredBy("ok", frame));
            case "history" -> history(pending.answeredBy("history", frame), frame, text);
            case "members" -> {
                if (frame.has("members")) {
                    members.list(member("members"), pending.answeredBy("members", frame), frame);
                } else {
                    members.news(member("news"), frame, order.cutSentAtStep());
                }
            }
            case "error" -> error(frame, text);
            default -> world.require(false, "%s got a frame that there is not: %s", client, text);
        }
    }

    /** A request that has not been refused. */
    private void accepted(Request request) {
        world.require(request.refusal == null, "%s of %s was not refused", request, client);
        SentMessage message = request.message;
        if (request.is("member")) {
            // One without id may have been accepted before a removal that has been read since.
            world.require(me != null || !request.answered, "%s got ok of %s, where it is not a member", client, room);
            if (me != null) {
                me.hasTold(request.told);
            }
        } else if (request.update != null) {
            updates.accepted(request.update);
        } else if (message != null && message.to == null) {
            world.require(
                    message == order.last()
                            || message.order != null
                            || message.repeats != null
                            || (message.wasAccepted() && (order.isLossy() || world.settings.gathers(message))),
                    "%s of %s went by without a refusal, but it never had the message",
                    request,
                    client);
        }
    }

    // ---- Coming in

    private void joined(Request request, JsonNode frame, String text) {
        String id = frame.path("memberId").asString("");
        long offset = frame.path("offset").asLong(-1);
        LogModel log = room.log(frame.path("epoch").asString(""));
        MessageOrder where = room.order(log.epoch);
        Member before = me;
        boolean isNew = false;
        if (before == null) {
            isNew = enter(request, id, where);
            order.cut(request, where, offset);
            members.forget();
        } else {
            world.require(before.id.equals(id), "%s joined anew and became %s", before, id);
            world.require(before.order == where, "%s has a new epoch in the midst of its membership", before);
            world.require(
                    offset == order.lastOffset(),
                    "%s joined anew at %d, but has all to %d",
                    before,
                    offset,
                    order.lastOffset());
            world.tally.count(Exercised.RESYNCS);
        }
        room.joinAnswered(client);
        world.require(
                request.orderWhenSent != where || offset >= request.offsetWhenSent,
                "%s joined at offset %d, but %d had been there before it asked",
                client,
                offset,
                request.offsetWhenSent);
        where.sawOffset(offset);
        state.joined(request, before != null, frame, text, log.state);
        members.joined(member("joined"), isNew, request, frame);
        List<SentMessage> messages = past.onJoin(request, frame, text, log, offset);
        if (before == null) {
            order.replayed(messages);
        }
    }

    /** A membership that its session has waited with, or else a new one. Whether it is a new one. */
    private boolean enter(Request request, String id, MessageOrder where) {
        Member found = world.members.get(id);
        SessionModel session = client.sessions.session();
        boolean wasUnknown = found == null && session != null && room.mayHaveUnknownBeside(client, session);
        boolean isNew = found == null && !wasUnknown;
        if (found != null) {
            broughtBack(found, request, where);
        } else {
            checkNobodyWaits(wasUnknown || !request.isOfSession, id);
            found = new Member(id, client, where, wasUnknown ? 0 : request.sentAtStep, world.step, world);
            found.told = request.told;
            found.mayHaveToldMore = wasUnknown || (!client.isLive() && isWaitingFor("member"));
            world.members.put(id, found);
            room.add(found);
        }
        if (isWaitingFor("leave") || (!client.isLive() && !client.sessions.hasAsked())) {
            found.ending(world.step);
        }
        me = found;
        mayBeLeftByAnother();
        if (session != null) {
            session.joined(found, room);
            room.membersOf(session).filter(other -> other != me).forEach(Member::leftBehind);
        }
        client.entered();
        return isNew;
    }

    /** Another connection that may have this one's session may have left the room. */
    void mayBeLeftByAnother() {
        if (me != null && room.mayBeLeftByAnotherThan(client)) {
            me.ending(world.step);
        }
    }

    private void checkNobodyWaits(boolean mayBeNew, String id) {
        world.require(
                mayBeNew || !client.sessions.isWaitedForIn(room),
                "%s came back to %s in time and became %s",
                client,
                room,
                id);
    }

    private void broughtBack(Member found, Request request, MessageOrder where) {
        world.require(
                found.client.sessions.mayHave(client.sessions.session()),
                "the id of %s was used again for %s",
                found,
                client);
        world.require(found.order == where, "%s has come back in another epoch", found);
        world.require(
                found.endedAtStep >= request.sentAtStep, "%s had ended, but %s has become it again", found, client);
        found.joinedAgainBy(client);
        world.tally.count(Exercised.MEMBERSHIPS_BROUGHT_BACK);
    }

    // ---- Replies

    private void history(Request request, JsonNode frame, String text) {
        Member self = member("history");
        world.require(frame.path("epoch").asString("").equals(self.order.epoch), "history of another epoch: %s", frame);
        past.page(request, frame, text, room.log(self.order.epoch), order.lastOffset());
    }

    private void published(Request request, JsonNode frame) {
        Member self = member("published");
        SentMessage message = Objects.requireNonNull(request.message);
        long offset = frame.path("offset").asLong(0);
        message.acknowledgedAtStep = Math.min(message.acknowledgedAtStep, world.step);
        if (!message.wasAccepted() && message.repeats == null) {
            SentMessage first = room.log(self.order.epoch).foundSince(message.key, offset, request.sentAtStep);
            world.require(first != null, "%s was not accepted: %s", message, frame);
            message.repeats(Objects.requireNonNull(first), offset);
        }
        long expected = Math.max(message.acceptedOffset, message.repeatedOffset);
        world.require(
                frame.has("offset") == (expected > 0) && offset == Math.max(0, expected),
                "the reply to %s, which is at %d, has a wrong offset: %s",
                message,
                expected,
                frame);
        SentMessage first = message.repeats;
        if (first == null) {
            order.published(message, self, frame);
        } else {
            // It says that the message has its place in the room's order (PROTOCOL.md, publish), so nobody stands
            // before it.
            world.require(
                    offset <= order.lastOffset() || order.isLossy(),
                    "%s stands at %d and has the reply to the repeat of %s",
                    client,
                    order.lastOffset(),
                    first);
            world.tally.count(Exercised.KEYS_REPEATED);
            world.countIf(first.publisher != client, Exercised.KEYS_REPEATED_BY_ANOTHER_CONNECTION);
        }
    }

    private void left(JsonNode frame) {
        boolean removed = frame.has("reason");
        if (removed) {
            world.require(me != null, "%s was removed from %s without being there", client, room);
            world.require(!frame.has("id"), "a removal answers no request: %s", frame);
        } else {
            pending.answeredBy("left", frame);
        }
        if (me != null) {
            world.require(me.endingSinceStep <= world.step, "%s left, but nobody asked for it", me);
            position = position();
            me.ended(world.step);
            me = null;
            state.left();
        } else {
            leftWithoutJoining();
        }
        leftAtStep = world.step;
        members.forget();
    }

    /** Who has brought its session back and then leaves a room ends a membership that it has not joined again. */
    private void leftWithoutJoining() {
        List<Member> waiting = client.sessions
                .waitingIn(room)
                .filter(member -> member.session() != null && member.session() == client.sessions.session())
                .filter(member -> !member.isLeftBehind())
                .toList();
        if (waiting.size() == 1 && waiting.get(0).endingSinceStep != Member.NEVER) {
            world.tally.count(Exercised.LEAVES_WITHOUT_JOIN);
            waiting.get(0).wasLeft = true;
        }
    }

    private void error(JsonNode frame, String text) {
        Request request = pending.answeredBy("error", frame);
        if (request.message != null) {
            request.message.refused = true;
            world.require(
                    request.message.order == null && !request.message.wasAccepted(),
                    "%s is in the room and was refused",
                    request.message);
        }
        world.require(
                request.update == null || request.update.change == null,
                "%s was accepted and refused: %s",
                request.update,
                frame);
        if (request.is("join")) {
            room.joinAnswered(client);
            leftAtStep = world.step;
        }
        refusals.check(request, frame, text);
    }
}
