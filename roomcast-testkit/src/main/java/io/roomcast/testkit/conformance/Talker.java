package io.roomcast.testkit.conformance;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One party of a conversation: its connection, and what it may know from the frames it was sent. */
final class Talker {
    /** @param repeat whether these are news that its list holds already, which the protocol allows at any time */
    record Arrival(JsonValue.Obj frame, boolean repeat) {}

    /** In the place of a join that was never sent. */
    private static final JsonValue.Obj NO_FIELDS = new JsonValue.Obj("{}", List.of());

    private final Wire wire;
    private final Variables variables;
    private final Set<String> roomsOfAll;
    private final boolean repeatsAllowed;
    private final Map<String, JsonValue.Obj> joins = new HashMap<>();
    private final Map<String, Membership> rooms = new LinkedHashMap<>();
    private final Map<String, StateView> states = new HashMap<>();

    /** Frames that came between the pages of a cut, and have nothing to do with that room. */
    private final Deque<JsonValue.Obj> between = new ArrayDeque<>();

    private boolean over;
    private long mostListed = Long.MAX_VALUE;

    /** @param roomsOfAll takes the rooms joined, of all talkers together */
    Talker(Wire wire, Variables variables, Set<String> roomsOfAll, boolean repeatsAllowed) {
        this.wire = wire;
        this.variables = variables;
        this.roomsOfAll = roomsOfAll;
        this.repeatsAllowed = repeatsAllowed;
    }

    Wire wire() {
        return wire;
    }

    String name() {
        return wire.name();
    }

    /** Whether news may repeat what is known already. */
    boolean repeatsAllowed() {
        return repeatsAllowed;
    }

    /** The room's membership, if the talker is in. */
    Optional<Membership> membership(String room) {
        return Optional.ofNullable(rooms.get(room));
    }

    /** The room's state, if the talker is in and takes it. */
    Optional<StateView> state(String room) {
        return Optional.ofNullable(rooms.containsKey(room) ? states.get(room) : null);
    }

    /** Knows of states what an earlier connection under its name knew, as a client that comes back does. */
    void remember(Talker before) {
        states.putAll(before.states);
    }

    /** Whether the connection has ended, whoever ended it. */
    boolean isOver() {
        return over;
    }

    void send(String text) throws InterruptedException {
        noteJoin(text);
        wire.send(text);
    }

    /** News after a join, and what stands in its reply, depend on what the join asked for. */
    void noteJoin(String text) {
        try {
            if (JsonValue.parse(text) instanceof JsonValue.Obj frame
                    && frame.text("type").equals("join")) {
                joins.put(frame.text("room"), frame);
            }
        } catch (IllegalArgumentException e) {
            // Some conversations send what is no JSON; then it is no join.
        }
    }

    private static Membership.News newsAskedBy(JsonValue.Obj join) {
        return switch (join.field("members").map(JsonValue::raw).orElse("")) {
            case "true" -> Membership.News.NAMES;
            case "\"count\"" -> Membership.News.COUNT;
            default -> Membership.News.NONE;
        };
    }

    /** The next frame, held against the rules for every frame. */
    Arrival next(String expected) throws InterruptedException {
        JsonValue.Obj frame = between.isEmpty() ? take(expected) : between.remove();
        boolean repeat = observe(frame) && repeatsAllowed;
        if (frame.text("type").equals("joined") && isTrue(frame, "more")) {
            readPages(frame.text("room"));
        } else if (frame.text("type").equals("joined")) {
            known(frame.text("room"), frame).complete(frame);
        }
        return new Arrival(frame, repeat);
    }

    private JsonValue.Obj take(String expected) throws InterruptedException {
        if (over) {
            throw new ConversationFailure(expected, "the connection has ended");
        }
        WireEvent event = wire.take(expected);
        if (event instanceof WireEvent.Text text) {
            return FrameRules.check(text.text());
        }
        over = event instanceof WireEvent.Closed;
        throw new ConversationFailure(expected, event.toString());
    }

    /** The rest of a large list or state belongs to its {@code joined}: nothing of the room comes before it. */
    private void readPages(String room) throws InterruptedException {
        String expected = "the rest of the list or state of " + room;
        boolean more = true;
        boolean stateHasBegun = false;
        while (more) {
            JsonValue.Obj frame = take(expected);
            if (!frame.text("room").equals(room)) {
                between.add(frame);
            } else if (frame.text("type").equals("snapshot")) {
                more = isTrue(frame, "more");
                if (frame.field("members").isPresent() && !stateHasBegun) {
                    known(room, frame).page(frame);
                } else {
                    stateHasBegun = true;
                    StateView view = state(room).orElseThrow(() -> new ConversationFailure("no state", frame.raw()));
                    view.page(frame);
                }
                if (!more) {
                    known(room, frame).complete(frame);
                }
            } else {
                throw new ConversationFailure(expected, frame.raw());
            }
        }
    }

    private static boolean isTrue(JsonValue.Obj frame, String name) {
        return frame.field(name).map(JsonValue::raw).orElse("").equals("true");
    }

    /** @return whether the frame is news that repeat what is known */
    private boolean observe(JsonValue.Obj frame) {
        String room = frame.text("room");
        switch (frame.text("type")) {
            case "welcome" -> frame.field("limits").ifPresent(this::limits);
            case "joined" -> {
                JsonValue.Obj join = joins.getOrDefault(room, NO_FIELDS);
                PastMessages.checkReply(join, frame);
                rooms.put(room, new Membership(frame, newsAskedBy(join), mostListed));
                states.compute(room, (name, before) -> StateView.joined(join, frame, before));
                roomsOfAll.add(room);
            }
            case "state" ->
                state(room)
                        .orElseThrow(() -> new ConversationFailure("no state, as it takes none there", frame.raw()))
                        .change(frame);
            case "snapshot" -> throw new ConversationFailure("no page behind a cut that is complete", frame.raw());
            case "left" -> rooms.remove(room);
            case "members" -> {
                if (isNews(frame)) {
                    return known(room, frame).apply(frame);
                }
            }
            default -> {}
        }
        return false;
    }

    private void limits(JsonValue limits) {
        variables.bind("limits", limits);
        if (limits instanceof JsonValue.Obj all
                && all.field("membersListed").orElse(null) instanceof JsonValue.Num most) {
            mostListed = most.value().longValueExact();
        }
    }

    private Membership known(String room, JsonValue.Obj frame) {
        return membership(room)
                .orElseThrow(() -> new ConversationFailure("no news of a room it is not in", frame.raw()));
    }

    /** Replies to {@code members} carry the list, news never do. */
    static boolean isNews(JsonValue.Obj frame) {
        return frame.text("type").equals("members") && frame.field("members").isEmpty();
    }

    /** Reads one frame that has to match, passing over news that repeat what is known. */
    void read(FramePattern pattern) throws InterruptedException {
        String expected = pattern.raw();
        while (true) {
            Arrival arrival = next(expected);
            Optional<String> mismatch = pattern.mismatch(arrival.frame(), variables);
            if (mismatch.isEmpty()) {
                return;
            }
            if (!arrival.repeat()) {
                throw new ConversationFailure(expected, arrival.frame().raw() + "\n      because: " + mismatch.get());
            }
        }
    }

    /** Reads as many frames as there are patterns, in any order. */
    void readInAnyOrder(List<FramePattern> patterns) throws InterruptedException {
        List<FramePattern> left = new ArrayList<>(patterns);
        while (!left.isEmpty()) {
            String expected = "one of " + left.stream().map(FramePattern::raw).toList();
            Arrival arrival = next(expected);
            Optional<FramePattern> hit = left.stream()
                    .filter(pattern ->
                            pattern.mismatch(arrival.frame(), variables).isEmpty())
                    .findFirst();
            if (hit.isPresent()) {
                left.remove(hit.get());
            } else if (!arrival.repeat()) {
                throw new ConversationFailure(expected, arrival.frame().raw());
            }
        }
    }

    /** Reads news of a room until its list or count is the expected one. */
    void learn(String room, JsonValue expected) throws InterruptedException {
        String wanted = "news of " + room + " until the members are " + expected.raw();
        while (!knows(room, expected)) {
            Arrival arrival = next(wanted + "; known is " + knowledge(room));
            if (!isNews(arrival.frame()) || !arrival.frame().text("room").equals(room)) {
                throw new ConversationFailure(wanted, arrival.frame().raw());
            }
        }
    }

    private boolean knows(String room, JsonValue expected) {
        Optional<Membership> membership = membership(room);
        if (membership.isEmpty()) {
            throw new ConversationFailure("a member of " + room, name() + " is not in");
        }
        if (expected instanceof JsonValue.Arr entries) {
            try {
                FramePattern.unordered(entries.items(), membership.get().list(), "the list", false, variables);
                return true;
            } catch (FramePattern.Mismatch notYet) {
                return false;
            }
        }
        return membership.get().count() == variables.number(expected);
    }

    private String knowledge(String room) {
        return membership(room)
                .map(known -> known.news() == Membership.News.NAMES
                        ? known.list().stream().map(JsonValue::raw).toList().toString()
                        : Long.toString(known.count()))
                .orElse("nothing");
    }

    /** Reads the server's close. */
    void readClose(long code) throws InterruptedException {
        String expected = "close " + code + " by the server";
        WireEvent event = wire.take(expected);
        over = event instanceof WireEvent.Closed;
        if (!(event instanceof WireEvent.Closed closed) || closed.code() != code) {
            throw new ConversationFailure(expected, event.toString());
        }
    }

    /** Closes and reads the answering close; frames that were under way before it are dropped. */
    void close(int code) throws InterruptedException {
        wire.close(code);
        over = true;
        WireEvent event;
        do {
            event = wire.take("the answer to close " + code);
        } while (!(event instanceof WireEvent.Closed));
    }

    void cut() {
        over = true;
        wire.cut();
    }
}
