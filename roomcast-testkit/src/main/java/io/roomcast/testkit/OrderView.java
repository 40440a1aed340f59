package io.roomcast.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A room's messages as one connection sees them, from its cut on: each kept one at the offset behind the one before, all
 * in the one order of the room, none that was there before the cut.
 */
final class OrderView {
    private final SimulatedClient client;
    private final RoomModel room;
    private final World world;

    /** By publisher: the number of the last message it had from there. */
    private final Map<Integer, Long> lastFrom = new HashMap<>();

    /** The room's order; null before the first cut. */
    private @Nullable MessageOrder order;

    /** When the join was sent and its reply read by which this connection came in. */
    private long cutSentAtStep;

    private long cutReadAtStep;
    private long lastOffset;

    /** The last message of the room's order, its own without echo too; null before the first since the join. */
    private @Nullable SentMessage last;

    /** The own messages that were this room's last frame: their replies may only stand right behind it. */
    private final List<SentMessage> justRead = new ArrayList<>(1);

    private final List<SentMessage> readBefore = new ArrayList<>(1);

    /** Own messages without echo that a frame of several has left out, by offset: their replies bring them. */
    private final Map<Long, SentMessage> leftOut = new HashMap<>();

    /** Whether own messages may be left out of frames: of one that is not kept it cannot tell where it stood. */
    private boolean leavesOut;

    OrderView(SimulatedClient client, RoomModel room, World world) {
        this.client = client;
        this.room = room;
        this.world = world;
    }

    long lastOffset() {
        return lastOffset;
    }

    @Nullable
    SentMessage last() {
        return last;
    }

    long cutSentAtStep() {
        return cutSentAtStep;
    }

    /** The next frame of the room is being read. */
    void nextFrame(String type) {
        boolean mayBeNextReply = type.equals("published") && world.settings.gathers(room.id);
        if (!mayBeNextReply || !justRead.isEmpty()) {
            readBefore.clear();
            readBefore.addAll(justRead);
            justRead.clear();
        }
    }

    /** Own messages without echo may be left out of frames from here on. */
    void sent(SentMessage message) {
        leavesOut |= !message.echo && world.settings.gathers(message);
    }

    /** Several messages have come in one frame. */
    void messages(Member self, JsonNode frame, String text) {
        JsonNode entries = frame.path("messages");
        world.require(entries.size() > 1, "%s got a frame for several messages with fewer: %s", client, text);
        int leftOutBefore = leftOut.size();
        for (JsonNode entry : entries) {
            world.require(!entry.has("type") && !entry.has("room") && !entry.has("to"), "a wrong entry: %s", text);
            SentMessage message = message(self, entry, text);
            world.require(world.settings.gathers(message), "%s was gathered: %s", message, text);
        }
        world.tally.count(Exercised.FRAMES_OF_SEVERAL_READ);
        world.countIf(leftOut.size() > leftOutBefore, Exercised.FRAMES_WITHOUT_OWN_READ);
    }

    /** The client has come in here. */
    void cut(Request join, MessageOrder where, long offset) {
        order = where;
        cutSentAtStep = join.sentAtStep;
        cutReadAtStep = world.step;
        lastOffset = offset;
        last = null;
        lastFrom.clear();
        leftOut.clear();
    }

    /** The client has come in with these messages, which end at the cut. */
    void replayed(List<SentMessage> messages) {
        for (SentMessage message : messages) {
            order().saw(message, message.acceptedOffset);
            inOrderOfPublisher(message);
        }
    }

    /** Whether messages of the room may have been dropped for this connection: those that are not kept without a word. */
    boolean isLossy() {
        return client.connection.timesBlocked() > 0 && world.settings.dropsOldest(room.id);
    }

    /** Messages were dropped for this connection: these, from where it stands. */
    void gap(JsonNode frame) {
        long after = frame.path("after").asLong(-1);
        long before = frame.path("before").asLong(-1);
        world.require(isLossy(), "%s lacks messages of a room that drops none, or was never slow: %s", client, frame);
        world.require(
                after == lastOffset && before > after + 1,
                "%s stands at %d, but the gap is another: %s",
                client,
                lastOffset,
                frame);
        while (lastOffset < before - 1) {
            noteLeftOut(++lastOffset);
        }
        world.tally.count(Exercised.GAPS);
    }

    /** A message has come. */
    SentMessage message(Member self, JsonNode frame, String text) {
        SentMessage found = world.sent.get(frame.path("data").path("n").asLong(0));
        world.require(found != null, "%s got a message that nobody sent: %s", client, text);
        SentMessage message = Objects.requireNonNull(found);
        checkContent(message, frame, text);
        if (message.to != null) {
            toOne(message, self, frame);
        } else {
            world.require(
                    message.echo || message.publisher != client, "%s got its own %s without echo", client, message);
            next(message, frame.path("offset").asLong(0));
        }
        world.tally.count(Exercised.MESSAGES_READ);
        if (message.publisher == client) {
            justRead.add(message);
        }
        return message;
    }

    private void toOne(SentMessage message, Member self, JsonNode frame) {
        world.require(self.id.equals(message.to), "%s got a message for %s: %s", client, message.to, frame);
        world.require(message.timesReadByTarget++ == 0, "%s got %s twice", client, message);
        world.require(
                message.acknowledgedAtStep >= cutSentAtStep,
                "%s was published before %s came back, and was not lost",
                message,
                client);
        world.require(!frame.has("offset"), "a message to one has an offset: %s", frame);
        world.tally.count(Exercised.PRIVATE_MESSAGES_READ);
        inOrderOfPublisher(message);
    }

    private void checkContent(SentMessage message, JsonNode frame, String text) {
        world.require(text.contains("\"data\":" + message.data), "%s changed on its way: %s", message, text);
        world.require(message.room.equals(room.id), "%s of room %s came in %s", message, message.room, room);
        message.checkFrame(frame, world);
        Member from = world.members.get(frame.path("from").asString(""));
        SimulatedClient publisher = message.publisher;
        world.require(frame.has("from") == (publisher != null), "from is wrong: %s", text);
        world.require(
                from == null || (publisher != null && from.wasOf(publisher)),
                "%s came from %s: %s",
                message,
                from,
                text);
    }

    /** The reply to a message that was accepted stands where the message stands. */
    void published(SentMessage message, Member self, JsonNode frame) {
        long offset = frame.path("offset").asLong(0);
        if (message.to == null && !message.echo) {
            if (leftOut.remove(offset, message)) {
                order().saw(message, offset);
            } else {
                next(message, offset);
            }
        } else if (message.to == null || message.to.equals(self.id)) {
            world.require(
                    readBefore.contains(message) || isLossy() || world.settings.mayBeOutdated(message),
                    "the reply to %s stands behind %s, not right behind the message",
                    message,
                    readBefore);
            readBefore.subList(0, readBefore.indexOf(message) + 1).clear();
        }
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
            while (leavesOut && lastOffset < offset - 1 && noteLeftOut(lastOffset + 1)) {
                lastOffset++;
            }
            world.require(offset == lastOffset + 1, "%s got offset %d behind %d", client, offset, lastOffset);
            lastOffset = offset;
        }
        order().saw(message, offset);
        world.require(
                message.seenAtStep >= cutSentAtStep,
                "%s was there before %s asked to join, and came after its cut",
                message,
                client);
        boolean isPartOfChain = !world.settings.mayBeOutdated(message);
        if (isLossy() || leavesOut || !isPartOfChain) {
            order().follows(null, message, Member.NEVER);
        } else {
            order().follows(last, message, cutReadAtStep);
        }
        if (message.echo || message.publisher != client || !world.settings.gathers(message)) {
            inOrderOfPublisher(message);
        }
        last = isPartOfChain ? message : last;
    }

    /** Whether at this offset, which it has not read, stands an own message without echo that was gathered. */
    private boolean noteLeftOut(long offset) {
        LogModel log = room.log(order().epoch);
        SentMessage message = offset <= log.head() ? log.at(offset).message : null;
        boolean isOwn =
                message != null && message.publisher == client && !message.echo && world.settings.gathers(message);
        if (isOwn) {
            leftOut.put(offset, message);
        }
        return isOwn;
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

    private MessageOrder order() {
        return Objects.requireNonNull(order, "whoever gets messages has come in");
    }
}
