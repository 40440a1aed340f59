package io.roomcast.testkit;

import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What one client is given of a room's past, when it joins and when it asks for it, held against what the broker has
 * accepted.
 *
 * <p>Between a request and its reply the window moves on. So of each message it is known whether it must be there (the
 * window still holds it when the reply is read) and whether it may be there (the window held it when the request was
 * sent).
 */
final class PastMessages {
    private static final Set<String> FIELDS = Set.of("offset", "at", "from", "user", "event", "data");

    private final SimulatedClient client;
    private final RoomModel room;
    private final World world;

    PastMessages(SimulatedClient client, RoomModel room, World world) {
        this.client = client;
        this.room = room;
        this.world = world;
    }

    // ---- In a joined

    /** The messages in this reply to a join whose cut is at this offset. */
    List<SentMessage> onJoin(Request join, JsonNode frame, String text, LogModel log, long cut) {
        world.require(cut <= log.head(), "%s joined %s at %d, but it is at %d", client, room, cut, log.head());
        Position resume = join.resume;
        boolean resumed = frame.path("resumed").asBoolean(false);
        world.require(frame.has("resumed") == (resume != null), "resumed is wrong for %s: %s", join, frame);
        world.require(frame.has("reason") == (resume != null && !resumed), "reason is wrong for %s: %s", join, frame);
        boolean hasMessages = resumed || join.history > 0;
        world.require(frame.has("messages") == hasMessages, "messages are wrong for %s: %s", join, frame);
        if (resume != null && !resumed) {
            notResumed(join, resume, frame, log, cut);
        }
        if (!hasMessages) {
            return List.of();
        }
        List<SentMessage> messages = read(frame.path("messages"), text, log, join);
        if (resumed) {
            resumed(Objects.requireNonNull(resume), messages, frame, log, cut);
        } else {
            last(join, messages, log, cut);
        }
        world.countIf(
                !messages.isEmpty() && client.connection.timesBlocked() > join.timesBlockedWhenSent,
                Exercised.REPLAYS_BLOCKED);
        return messages;
    }

    /** All that was missed, and nothing else. */
    private void resumed(Position resume, List<SentMessage> messages, JsonNode frame, LogModel log, long cut) {
        world.require(resume.epoch().equals(log.epoch), "%s resumed another epoch: %s", client, frame);
        world.require(resume.offset() <= cut, "%s resumed from behind the end: %s", client, frame);
        world.require(
                messages.size() == cut - resume.offset(),
                "%s missed %d to %d, but was given %d messages: %s",
                client,
                resume.offset() + 1,
                cut,
                messages.size(),
                frame);
        world.require(
                messages.isEmpty() || messages.get(0).acceptedOffset == resume.offset() + 1,
                "%s resumed from %d: %s",
                client,
                resume.offset(),
                frame);
        world.require(
                messages.size() <= room.limits.get(Limit.RESUME_MESSAGES), "%s resumed too much: %s", client, frame);
        world.tally.count(messages.isEmpty() ? Exercised.RESUMED_NOTHING_MISSED : Exercised.RESUMED_WITH_MESSAGES);
        world.countIf(
                messages.size() == room.limits.get(Limit.HISTORY_MESSAGES) && !messages.isEmpty(),
                Exercised.RESUMED_WHOLE_WINDOW);
    }

    /**
     * The reason must be the first that was true at some moment between the request and the cut: the engine says how much
     * is missed when it asks the broker, which may answer later.
     */
    private void notResumed(Request join, Position resume, JsonNode frame, LogModel log, long cut) {
        String reason = frame.path("reason").asString("");
        long from = resume.offset();
        long most = room.limits.get(Limit.RESUME_MESSAGES);
        long head = headWhenSent(join, log);
        boolean isTrue = log.epoch.equals(resume.epoch())
                ? switch (reason) {
                    case "future" -> from > head;
                    case "too_many" -> cut - from > most;
                    case "trimmed" -> from < cut && head - from <= most && !log.surelyKeeps(from + 1);
                    default -> false;
                }
                : reason.equals("epoch");
        world.require(
                isTrue,
                "%s, which had %d of %s, cannot be refused for %s what it missed up to %d",
                client,
                from,
                log,
                reason,
                cut);
        world.tally.count(
                switch (reason) {
                    case "epoch" -> Exercised.NOT_RESUMED_EPOCH;
                    case "future" -> Exercised.NOT_RESUMED_FUTURE;
                    case "too_many" -> Exercised.NOT_RESUMED_TOO_MANY;
                    default ->
                        switch (log.whyTrimmed(from + 1)) {
                            case BY_COUNT -> Exercised.NOT_RESUMED_TRIMMED_BY_COUNT;
                            case BY_BYTES -> Exercised.NOT_RESUMED_TRIMMED_BY_BYTES;
                            case BY_AGE -> Exercised.NOT_RESUMED_TRIMMED_BY_AGE;
                            case BY_BUDGET -> Exercised.NOT_RESUMED_TRIMMED_BY_BUDGET;
                        };
                });
    }

    /** Where the room stood at least when the request was sent; offsets of the epoch before say nothing of this one. */
    private static long headWhenSent(Request request, LogModel log) {
        MessageOrder order = request.orderWhenSent;
        return order != null && order.epoch.equals(log.epoch) ? request.offsetWhenSent : 0;
    }

    /** The last ones up to the cut. */
    private void last(Request join, List<SentMessage> messages, LogModel log, long cut) {
        long most = Math.min(join.history, world.limits.get(Limit.HISTORY_MESSAGES));
        world.require(messages.size() <= most, "%s asked for the last %d: %s", client, most, messages);
        long from = messages.isEmpty() ? cut + 1 : messages.get(0).acceptedOffset;
        long to = messages.isEmpty() ? cut : messages.get(messages.size() - 1).acceptedOffset;
        world.require(to == cut, "the last messages up to %d are %s", cut, messages);
        world.require(
                messages.size() == most || from <= log.surelyKeptFrom(),
                "%s asked for %d messages up to %d, and of those kept since %d it was given %d",
                client,
                most,
                cut,
                log.surelyKeptFrom(),
                messages.size());
        world.tally.count(messages.isEmpty() ? Exercised.LAST_MESSAGES_NONE : Exercised.LAST_MESSAGES_ON_JOIN);
    }

    // ---- In a reply to a request for history

    /** @param position the offset at which the client stands when it reads this */
    void page(Request asked, JsonNode frame, String text, LogModel log, long position) {
        List<SentMessage> messages = read(frame.path("messages"), text, log, asked);
        long most = world.limits.get(Limit.HISTORY_MESSAGES);
        long limit = asked.limit == 0 ? most : Math.min(most, asked.limit);
        world.require(
                frame.path("messages").isArray() && frame.path("more").isBoolean() && messages.size() <= limit,
                "history is wrong for the limit %d: %s",
                limit,
                frame);
        boolean more = frame.path("more").asBoolean(false);
        boolean full = messages.size() == limit;
        world.require(full || !more, "there is more, but the page is not full: %s", frame);
        long before = asked.beforeOffset == Request.NO_BOUND ? Member.NEVER : asked.beforeOffset;
        long endAtLeast = Math.min(before - 1, headWhenSent(asked, log));
        long endAtMost = Math.min(before - 1, position);
        long startAtLeast = Math.max(asked.afterOffset + 1, log.mayBeKeptFrom(asked));
        long startAtMost = Math.max(asked.afterOffset + 1, log.surelyKeptFrom());
        if (messages.isEmpty()) {
            world.require(
                    startAtMost > endAtLeast && (limit > 0 ? !more : true),
                    "%s asked for history and got none of %d to %d: %s",
                    client,
                    startAtMost,
                    endAtLeast,
                    frame);
            world.tally.count(Exercised.HISTORY_EMPTY);
            return;
        }
        long first = messages.get(0).acceptedOffset;
        long last = messages.get(messages.size() - 1).acceptedOffset;
        world.require(
                first >= startAtLeast && last <= endAtMost,
                "%s got %d to %d, but there are %d to %d: %s",
                client,
                first,
                last,
                startAtLeast,
                endAtMost,
                frame);
        if (asked.afterOffset != Request.NO_BOUND) {
            world.require(first <= startAtMost, "history starts at %d and not %d: %s", first, startAtMost, frame);
            world.require(full || last >= endAtLeast, "history ends at %d and not %d: %s", last, endAtLeast, frame);
            world.require(!more || last < endAtMost, "there is no more behind %d: %s", last, frame);
            world.require(more || last >= endAtLeast, "there is more behind %d: %s", last, frame);
        } else {
            world.require(last >= endAtLeast, "history ends at %d and not %d: %s", last, endAtLeast, frame);
            world.require(full || first <= startAtMost, "history starts at %d: %s", first, frame);
            world.require(!more || first > startAtLeast, "there is no more before %d: %s", first, frame);
            world.require(more || first <= startAtMost, "there is more before %d: %s", first, frame);
        }
        world.countIf(more, Exercised.HISTORY_MORE);
        count(asked);
    }

    private void count(Request asked) {
        boolean isAfter = asked.afterOffset != Request.NO_BOUND;
        boolean isBefore = asked.beforeOffset != Request.NO_BOUND;
        if (isAfter) {
            world.tally.count(isBefore ? Exercised.HISTORY_BETWEEN : Exercised.HISTORY_AFTER);
        } else {
            world.tally.count(isBefore ? Exercised.HISTORY_BEFORE : Exercised.HISTORY_LAST);
        }
    }

    // ---- One by one

    /** Each as it was published, one right behind the other, none that had gone before it was asked for. */
    private List<SentMessage> read(JsonNode array, String text, LogModel log, Request asked) {
        List<SentMessage> messages = new ArrayList<>();
        int position = 0;
        long previous = 0;
        for (JsonNode entry : array) {
            long offset = entry.path("offset").asLong(0);
            world.require(log.has(offset), "%s has no message %d: %s", log, offset, text);
            world.require(previous == 0 || offset == previous + 1, "%d comes behind %d: %s", offset, previous, text);
            SentMessage message = log.at(offset).message;
            world.require(
                    log.mayHaveKept(offset, asked),
                    "%d was beyond what %s keeps before %s was sent: %s",
                    offset,
                    room,
                    asked,
                    text);
            String data = "\"data\":" + message.data;
            int found = text.indexOf(data, position);
            world.require(found >= 0, "%s changed on its way, or is not at %d: %s", message, offset, text);
            message.checkFrame(entry, world);
            entry.propertyNames()
                    .forEach(name -> world.require(FIELDS.contains(name), "a past message has a %s: %s", name, text));
            position = found + data.length();
            previous = offset;
            messages.add(message);
        }
        return messages;
    }
}
