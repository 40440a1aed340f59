package io.roomcast.testkit.conformance;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Proves at the end of a conversation that nothing else arrives, without waiting for silence.
 *
 * <p>Frames reach a connection by three ways: replies, the order of each room, and gathered news. A fence goes through
 * each of them behind everything that could still be under way, and anything else that comes before it is a fault:
 *
 * <ol>
 *   <li>A witness joins each room with the full list and changes what it tells about itself. Once a member has the news
 *       of that change, it has had all earlier news, and so has everybody else in the room. Where too many are in the
 *       room for a list, the count with the witness is what all who take news wait for.
 *   <li>Each connection asks each room it is in for its members. The reply takes the room's own way, behind all
 *       messages.
 *   <li>Each connection pings: behind all replies.
 *   <li>Each connection joins the rooms it is not in: what a room wrongly sent it came before {@code joined}.
 * </ol>
 *
 * <p>Then everybody who takes a room's state has the same map, to the character, as the witness, who joined last.
 */
final class Fence {
    /** Rooms beyond this many are not fenced; only conversations about very many rooms have them. */
    private static final int MOST_ROOMS = 16;

    private static final String MARK = "{\"fence\":true}";

    private final Talker witness;
    private final List<Talker> talkers;
    private final List<String> rooms;
    private int requests;

    Fence(Talker witness, List<Talker> talkers, Set<String> rooms) {
        this.witness = witness;
        this.talkers = talkers;
        this.rooms = rooms.stream().limit(MOST_ROOMS).toList();
    }

    void check() throws InterruptedException {
        for (Talker talker : talkers) {
            if (talker.isOver()) {
                List<WireEvent> rest = talker.wire().rest();
                if (!rest.isEmpty() && !(rest.get(0) instanceof WireEvent.Closed)) {
                    throw new ConversationFailure("nothing else for " + talker.name(), rest.toString());
                }
            }
        }
        List<Talker> open = talkers.stream().filter(talker -> !talker.isOver()).toList();
        if (open.isEmpty()) {
            return;
        }
        for (String room : rooms) {
            fenceNews(room, open);
        }
        for (Talker talker : open) {
            for (String room : rooms) {
                if (talker.membership(room).isPresent()) {
                    request(talker, "\"type\":\"members\",\"limit\":1,\"room\":" + JsonValue.quote(room), false);
                }
            }
            request(talker, "\"type\":\"ping\"", false);
        }
        for (Talker talker : open) {
            for (String room : rooms) {
                if (talker.membership(room).isEmpty()) {
                    request(talker, "\"type\":\"join\",\"room\":" + JsonValue.quote(room), true);
                }
            }
        }
        for (Talker talker : open) {
            rooms.forEach(room -> compareStates(talker, room));
        }
    }

    private void compareStates(Talker talker, String room) {
        Optional<StateView> latest = witness.state(room);
        Optional<StateView> known = talker.state(room);
        if (latest.isPresent() && known.isPresent()) {
            String difference = known.get().difference(latest.get());
            if (!difference.isEmpty()) {
                throw new ConversationFailure(
                        "the same state of " + room + " for " + talker.name() + " as for who joins now", difference);
            }
        }
    }

    private void fenceNews(String room, List<Talker> open) throws InterruptedException {
        String quoted = JsonValue.quote(room);
        request(witness, "\"type\":\"join\",\"members\":true,\"room\":" + quoted, true);
        Optional<Membership> joined = witness.membership(room);
        if (joined.isEmpty()) {
            return;
        }
        String id = joined.get().memberId();
        long count = joined.get().count();
        request(witness, "\"type\":\"member\",\"member\":" + MARK + ",\"room\":" + quoted, true);
        hear(witness, room, id, count);
        for (Talker talker : open) {
            if (talker.membership(room).isPresent()) {
                hear(talker, room, id, count);
            }
        }
    }

    /** Reads news until the witness and its mark are known; news about anybody else had to be read before. */
    private void hear(Talker talker, String room, String id, long count) throws InterruptedException {
        Membership known = talker.membership(room).orElseThrow();
        while (!hasHeard(known, id, count)) {
            List<JsonValue> others = known.listWithout(id);
            Talker.Arrival arrival = talker.next("the news of the fence in " + room);
            JsonValue.Obj frame = arrival.frame();
            boolean allowed =
                    talker == witness || arrival.repeat() || isOfFence(talker, frame, known, id, count, others);
            if (!Talker.isNews(frame) || !allowed) {
                throw nothingElse(talker, frame);
            }
        }
    }

    /** Whether the news are the fence's own; in the same frame there may be more that repeats what is known. */
    private static boolean isOfFence(
            Talker talker, JsonValue.Obj news, Membership known, String id, long count, List<JsonValue> others) {
        boolean othersAsBefore = known.news() == Membership.News.NAMES
                ? JsonValue.sameItems(others, known.listWithout(id))
                : known.count() == count;
        return othersAsBefore
                && (talker.repeatsAllowed()
                        || (isOnly(news.items("joined"), id)
                                && isOnly(news.items("changed"), id)
                                && news.items("left").isEmpty()));
    }

    private static boolean hasHeard(Membership known, String id, long count) {
        return switch (known.news()) {
            case NAMES -> known.entry(id).filter(Fence::isMarked).isPresent();
            case COUNT -> known.count() == count;
            case NONE -> true;
        };
    }

    private static boolean isMarked(JsonValue entry) {
        return entry instanceof JsonValue.Obj object
                && object.field("member").map(JsonValue::raw).orElse("").equals(MARK);
    }

    private static boolean isOnly(List<JsonValue> entries, String id) {
        return entries.stream()
                .allMatch(entry -> entry instanceof JsonValue.Obj object
                        && object.text("id").equals(id));
    }

    /** Sends a request and reads up to its reply; only repeated news, or news if they are said to be allowed, may come before. */
    private void request(Talker talker, String fields, boolean newsAllowed) throws InterruptedException {
        String id = "fence-" + ++requests;
        talker.send("{" + fields + ",\"id\":\"" + id + "\"}");
        while (true) {
            Talker.Arrival arrival = talker.next("the reply to the fence {" + fields + "}");
            JsonValue.Obj frame = arrival.frame();
            if (frame.text("id").equals(id)) {
                return;
            }
            if (!arrival.repeat() && !(newsAllowed && Talker.isNews(frame))) {
                throw nothingElse(talker, frame);
            }
        }
    }

    private static ConversationFailure nothingElse(Talker talker, JsonValue.Obj frame) {
        return new ConversationFailure("nothing else for " + talker.name() + " at the end", frame.raw());
    }
}
