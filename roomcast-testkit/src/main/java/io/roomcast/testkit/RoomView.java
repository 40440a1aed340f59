package io.roomcast.testkit;

import io.roomcast.protocol.Limit;
import io.roomcast.protocol.MembersOption;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One room as one client sees it. Every frame that comes is held against the promises of PROTOCOL.md; the frames come in
 * the room's order, so what they have said until now is what is true at the place of the next.
 */
final class RoomView {
    private static final Set<String> NEWS_FIELDS = Set.of("type", "room", "joined", "left", "changed", "count");

    final RoomModel room;
    final MembersView members;
    private final SimulatedClient client;
    private final World world;

    /** Requests without a reply yet, in the order in which they were sent. */
    private final ArrayDeque<Request> pending = new ArrayDeque<>();

    /** By publisher: the number of the last message it had from there. */
    private final Map<Integer, Long> lastFrom = new HashMap<>();

    /** The membership there is, null while the client is not a member. */
    private @Nullable Member me;

    private MembersOption option = MembersOption.NONE;
    private long joinSentAtStep;
    private int lastCount;
    private long lastOffset;
    private long told;

    /** When it last left, or had a join refused; 0 before. */
    private long leftAtStep;

    /** The last message of the room's order, its own without echo too; null before the first since the join. */
    private @Nullable SentMessage last;

    /** The own message that was this room's last frame: its reply may only stand right behind it. */
    private @Nullable SentMessage justRead;

    RoomView(RoomModel room, SimulatedClient client, World world) {
        this.room = room;
        this.client = client;
        this.world = world;
        this.members = new MembersView(world, client, room);
    }

    @Nullable
    Member me() {
        return me;
    }

    MembersOption option() {
        return option;
    }

    int lastCount() {
        return lastCount;
    }

    long lastOffset() {
        return lastOffset;
    }

    /** The number in what it last told about itself. */
    long told() {
        return told;
    }

    long leftAtStep() {
        return leftAtStep;
    }

    @Nullable
    SentMessage last() {
        return last;
    }

    boolean isWaiting() {
        return !pending.isEmpty();
    }

    boolean isWaitingFor(String type) {
        return pending.stream().anyMatch(request -> request.type.equals(type));
    }

    void sent(Request request) {
        pending.add(request);
        if (request.type.equals("join")) {
            room.joinSent(client);
            if (me != null) {
                request.orderWhenSent = me.order;
                request.offsetWhenSent = me.order.highestOffset();
            }
        } else if (request.type.equals("leave") && me != null) {
            me.ending(world.step);
        }
    }

    /** All is quiet: every reply that must come has come, and what was not refused has been accepted. */
    void quiet() {
        while (!pending.isEmpty()) {
            accepted(pending.remove());
        }
    }

    void read(String type, JsonNode frame, String text) {
        SentMessage ownMessageBefore = justRead;
        justRead = null;
        switch (type) {
            case "message" -> message(frame, text);
            case "joined" -> joined(reply("join", frame), frame);
            case "left" -> left(frame);
            case "published" -> published(reply("publish", frame), frame, ownMessageBefore);
            case "ok" -> accepted(reply("member", frame));
            case "members" -> {
                if (frame.has("members")) {
                    list(reply("members", frame), frame);
                } else {
                    news(frame);
                }
            }
            case "error" -> error(frame);
            default -> world.require(false, "%s got a frame that there is not: %s", client, text);
        }
    }

    // ---- Replies

    /** The request that this frame answers: those sent before must not be waiting for theirs. */
    private Request reply(@Nullable String type, JsonNode frame) {
        JsonNode id = frame.get("id");
        String idText = id == null ? null : id.toString();
        while (true) {
            Request request = pending.poll();
            world.require(request != null, "%s got a reply that it did not ask for: %s", client, frame);
            Request found = Objects.requireNonNull(request);
            if (Objects.equals(found.id, idText) && isAnsweredBy(found, type, frame)) {
                world.require(found.refusal == null || type == null, "%s was not refused", found);
                return found;
            }
            world.require(!found.answered, "%s of %s had no reply before a later one's: %s", found, client, frame);
            accepted(found);
        }
    }

    /** With the same id, or both without: an error may refuse it, another reply comes only to what is always answered. */
    private static boolean isAnsweredBy(Request request, @Nullable String type, JsonNode frame) {
        if (type != null) {
            return request.type.equals(type) && request.answered;
        }
        boolean isThere = request.message != null && request.message.order != null;
        return request.type.equals(frame.path("request").asString("")) && (request.id != null || !isThere);
    }

    /** A request that has not been refused. */
    private void accepted(Request request) {
        world.require(request.refusal == null, "%s of %s was not refused", request, client);
        SentMessage message = request.message;
        if (request.type.equals("member")) {
            // One without id may have been accepted before a removal that has been read since.
            world.require(me != null || !request.answered, "%s got ok of %s, where it is not a member", client, room);
            told = me == null ? 0 : request.told;
        } else if (message != null && message.to == null) {
            world.require(
                    message == last || message.order != null,
                    "%s of %s went by without a refusal, but it never had the message",
                    request,
                    client);
        }
    }

    private void joined(Request request, JsonNode frame) {
        String epoch = frame.path("epoch").asString("");
        String id = frame.path("memberId").asString("");
        long offset = frame.path("offset").asLong(-1);
        MessageOrder order = room.order(epoch);
        room.joinAnswered(client);
        world.require(!epoch.isEmpty() && frame.path("version").asInt(-1) == 0, "epoch or version is wrong: %s", frame);
        Member before = me;
        if (before == null) {
            enter(new Member(id, client, order, request.sentAtStep, world.step), offset);
            told = request.told;
        } else {
            world.require(before.id.equals(id), "%s joined anew and became %s", before, id);
            world.require(before.order == order, "%s has a new epoch in the midst of its membership", before);
            world.require(offset == lastOffset, "%s joined anew at %d, but has all to %d", before, offset, lastOffset);
            world.tally.count(Exercised.RESYNCS);
        }
        world.require(
                request.orderWhenSent != order || offset >= request.offsetWhenSent,
                "%s joined at offset %d, but %d had been there before it asked",
                client,
                offset,
                request.offsetWhenSent);
        order.sawOffset(offset);
        option = request.option;
        lastCount = frame.path("count").asInt(-1);
        checkCount(lastCount, request, order);
        world.require(lastCount <= world.limits.get(Limit.MEMBERS_PER_ROOM), "%s has %d members", room, lastCount);
        listOnJoin(frame, before == null, request);
    }

    private void enter(Member fresh, long offset) {
        Member used = world.members.put(fresh.id, fresh);
        world.require(used == null, "the id of %s was used again for %s", used, fresh);
        room.add(fresh);
        me = fresh;
        joinSentAtStep = fresh.joinSentAtStep;
        lastOffset = offset;
        last = null;
        lastFrom.clear();
        members.forget();
        if (isWaitingFor("leave") || !client.isLive()) {
            fresh.ending(world.step);
        }
        client.entered();
    }

    private void listOnJoin(JsonNode frame, boolean fresh, Request request) {
        world.require(
                frame.has("members") == (option == MembersOption.LIST), "%s asked for %s: %s", client, option, frame);
        if (option != MembersOption.LIST) {
            members.forget();
            return;
        }
        Map<String, Long> entries = members.entries(frame.path("members"), request.sentAtStep);
        String id = member("joined").id;
        checkEntries(entries, request);
        world.require(entries.size() == lastCount, "count is %d, the list has %d", lastCount, entries.size());
        world.require(entries.containsKey(id), "%s joined and is not in its own list", id);
        if (fresh) {
            String lastId = List.copyOf(entries.keySet()).get(entries.size() - 1);
            world.require(lastId.equals(id), "%s joined last, but %s is the last of its list", id, lastId);
        }
        world.require(entries.getOrDefault(id, 0L) == told, "%s told %d, its list says %d", id, told, entries.get(id));
        members.replace(entries);
    }

    /** A list that may not be the whole one holds nobody who had gone before it was asked for. */
    private void checkEntries(Map<String, Long> entries, Request request) {
        members.checkOrderOfJoining(entries);
        for (String id : entries.keySet()) {
            Member member = world.members.get(id);
            world.require(
                    member == null || member.endedAtStep >= request.sentAtStep,
                    "%s is in the list of %s, but had left before",
                    member,
                    client);
        }
    }

    private void checkCount(int count, Request request, MessageOrder order) {
        List<Member> sure = room.surelyThereSince(request.sentAtStep, order);
        int most = room.atMostSince(request.sentAtStep);
        world.require(
                count >= Math.max(1, sure.size()) && count <= most,
                "%s counts %d in %s, but there are from %d to %d",
                client,
                count,
                room,
                sure.size(),
                most);
    }

    private void list(Request request, JsonNode frame) {
        Member self = member("members");
        int count = frame.path("count").asInt(-1);
        Map<String, Long> entries = members.entries(frame.path("members"), request.sentAtStep);
        checkEntries(entries, request);
        checkCount(count, request, self.order);
        int most = request.limit == 0 ? 1_000 : request.limit;
        boolean more = frame.path("more").asBoolean(false);
        world.require(frame.has("more") && entries.size() <= most, "too many for the limit %d: %s", most, frame);
        world.require(!more || entries.size() == most, "there are more, but the list is not full: %s", frame);
        if (request.after == null) {
            world.require(more || entries.size() == count, "count is %d, the list has %d", count, entries.size());
        }
        if (request.after == null && !more) {
            for (Member sure : room.surelyThereSince(request.sentAtStep, self.order)) {
                world.require(entries.containsKey(sure.id), "%s is not in the list: %s", sure, frame);
            }
        }
    }

    private void published(Request request, JsonNode frame, @Nullable SentMessage ownMessageBefore) {
        member("published");
        SentMessage message = Objects.requireNonNull(request.message);
        long offset = frame.path("offset").asLong(0);
        boolean hasOffset = message.keep && message.to == null;
        world.require(frame.has("offset") == hasOffset, "the reply to %s has a wrong offset: %s", message, frame);
        message.acknowledged = true;
        if (message.to == null && !message.echo) {
            next(message, offset);
        } else if (message.to == null || message.to.equals(member("published").id)) {
            world.require(
                    ownMessageBefore == message,
                    "the reply to %s stands behind %s, not right behind the message",
                    message,
                    ownMessageBefore);
            world.require(message.to != null || message.offset == offset, "%s has another offset: %s", message, frame);
        }
    }

    private void left(JsonNode frame) {
        boolean removed = frame.has("reason");
        if (removed) {
            world.require(me != null, "%s was removed from %s without being there", client, room);
            world.require(!frame.has("id"), "a removal answers no request: %s", frame);
        } else {
            reply("leave", frame);
        }
        if (me != null) {
            world.require(me.endingSinceStep <= world.step, "%s left, but nobody asked for it", me);
            me.ended(world.step);
            me = null;
        }
        leftAtStep = world.step;
        members.forget();
    }

    private void error(JsonNode frame) {
        Request request = reply(null, frame);
        String code = frame.path("code").asString("");
        world.require(
                !frame.path("message").asString("").isEmpty()
                        && frame.path("request").asString("").equals(request.type),
                "an error lacks request or message: %s",
                frame);
        if (request.message != null) {
            request.message.refused = true;
            world.require(request.message.order == null, "%s is in the room and was refused", request.message);
        }
        if (request.type.equals("join")) {
            room.joinAnswered(client);
            leftAtStep = world.step;
        }
        world.require(mayBeRefused(request, code), "%s of %s was refused with %s", request, client, code);
        countRefusal(code, frame);
    }

    private boolean mayBeRefused(Request request, String code) {
        if (request.refusal != null && code.equals(request.refusal)) {
            return true;
        }
        if (code.equals("unavailable")) {
            boolean roomsLimited = world.limits.get(Limit.ROOMS) < Limit.ROOMS.defaultValue();
            return (request.type.equals("publish") && world.brokerFails)
                    || (request.type.equals("join") && me == null && (world.brokerFails || roomsLimited));
        }
        return switch (request.type) {
            case "join" ->
                me == null
                        && ((code.equals("room_full")
                                        && room.atMostSince(request.sentAtStep)
                                                >= world.limits.get(Limit.MEMBERS_PER_ROOM))
                                || (code.equals("too_many_rooms") && client.mayHaveTooManyRooms()));
            case "publish" -> code.equals("not_member") && (me == null || targetMayBeGone(request));
            case "member", "members" -> code.equals("not_member") && me == null;
            default -> false;
        };
    }

    private boolean targetMayBeGone(Request request) {
        SentMessage message = request.message;
        if (message == null || message.to == null) {
            return false;
        }
        Member target = world.members.get(message.to);
        return target == null || target.endingSinceStep <= world.step || target.order != member("publish").order;
    }

    private void countRefusal(String code, JsonNode frame) {
        boolean needsRetry = code.equals("unavailable");
        world.require(!needsRetry || frame.path("retryAfterMs").asLong(0) > 0, "it lacks retryAfterMs: %s", frame);
        switch (code) {
            case "not_member" -> world.tally.count(Exercised.REFUSED_NOT_MEMBER);
            case "too_large" -> world.tally.count(Exercised.REFUSED_TOO_LARGE);
            case "room_full" -> world.tally.count(Exercised.REFUSED_ROOM_FULL);
            case "too_many_rooms" -> world.tally.count(Exercised.REFUSED_TOO_MANY_ROOMS);
            case "unavailable" -> world.tally.count(Exercised.REFUSED_UNAVAILABLE);
            default -> world.tally.count(Exercised.BAD_REQUESTS);
        }
    }

    // ---- What others do

    private void message(JsonNode frame, String text) {
        Member self = member("message");
        SentMessage message = world.sent.get(frame.path("data").path("n").asLong(0));
        world.require(message != null, "%s got a message that nobody sent: %s", client, text);
        checkContent(Objects.requireNonNull(message), frame, text);
        if (message.to != null) {
            world.require(message.to.equals(self.id), "%s got a message for %s: %s", client, message.to, text);
            world.require(message.timesReadByTarget++ == 0, "%s got %s twice", client, message);
            world.require(!frame.has("offset"), "a message to one has an offset: %s", text);
            world.tally.count(Exercised.PRIVATE_MESSAGES_READ);
            inOrderOfPublisher(message);
        } else {
            world.require(
                    message.echo || message.publisher != client, "%s got its own %s without echo", client, message);
            next(message, frame.path("offset").asLong(0));
        }
        world.tally.count(Exercised.MESSAGES_READ);
        if (message.publisher == client) {
            justRead = message;
        }
    }

    private void checkContent(SentMessage message, JsonNode frame, String text) {
        world.require(text.contains("\"data\":" + message.data), "%s changed on its way: %s", message, text);
        world.require(message.room.equals(room.id), "%s of room %s came in %s", message, message.room, room);
        world.require(
                Objects.equals(
                                message.event,
                                frame.has("event") ? frame.path("event").asString() : null)
                        && Objects.equals(
                                message.to, frame.has("to") ? frame.path("to").asString() : null),
                "event or to is wrong: %s",
                text);
        long at = frame.path("at").asLong(0);
        world.require(at > 0 && at <= world.clock.wallMillis(), "the time is wrong: %s", text);
        Member from = world.members.get(frame.path("from").asString(""));
        world.require(frame.has("from") == (message.publisher != null), "from is wrong: %s", text);
        world.require(from == null || from.client == message.publisher, "%s came from %s: %s", message, from, text);
    }

    /** The next message of the room's order at this client. */
    private void next(SentMessage message, long offset) {
        world.require(
                message.keep == offset > 0,
                "%s is to be kept: %s, but its offset is %d",
                message,
                message.keep,
                offset);
        if (offset > 0) {
            world.require(offset == lastOffset + 1, "%s got offset %d behind %d", client, offset, lastOffset);
            lastOffset = offset;
        }
        Member self = member("message");
        self.order.saw(message, offset);
        world.require(
                message.seenAtStep >= self.joinSentAtStep,
                "%s was there before %s asked to join, and came after its cut",
                message,
                self);
        self.order.follows(last, message, self.joinReadAtStep);
        inOrderOfPublisher(message);
        last = message;
    }

    private void inOrderOfPublisher(SentMessage message) {
        if (message.publisher == null && !message.keep) {
            return; // The order of a connection's messages is promised; the server is none.
        }
        Long before = lastFrom.put(message.publisherNumber(), message.number);
        world.require(
                before == null || before < message.number,
                "%s got message %d and then %s, which its publisher sent before",
                client,
                before,
                message);
    }

    private void news(JsonNode frame) {
        Member self = member("news");
        world.require(option != MembersOption.NONE, "%s got news that it did not ask for: %s", client, frame);
        frame.propertyNames()
                .forEach(name -> world.require(NEWS_FIELDS.contains(name), "news have a field %s: %s", name, frame));
        if (option == MembersOption.COUNT) {
            world.require(
                    !frame.has("joined") && !frame.has("left") && !frame.has("changed"),
                    "%s asked for the count only: %s",
                    client,
                    frame);
            world.tally.count(Exercised.NEWS_WITH_COUNT);
        } else {
            members.apply(frame, self.id, joinSentAtStep);
            world.tally.count(Exercised.NEWS_WITH_NAMES);
        }
        lastCount = frame.path("count").asInt(-1);
        world.require(lastCount >= 1, "%s is in a room with count %d", client, lastCount);
    }

    /** The membership, which must be there for such a frame to come. */
    private Member member(String frame) {
        Member self = me;
        world.require(self != null, "%s got %s of %s, where it is not a member", client, frame, room);
        return Objects.requireNonNull(self);
    }
}
