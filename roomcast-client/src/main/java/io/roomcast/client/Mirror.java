package io.roomcast.client;

import io.roomcast.protocol.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What a client knows of a room: right behind every frame, and told in its order. Written by the loop; what is volatile is
 * read by any thread.
 */
final class Mirror {
    private final Runnable resync;
    final Telling telling;
    final Listeners<Message> messages;
    final Listeners<MembersEvent> membersNews;
    final Listeners<StateEvent> states;
    final Listeners<ResumedEvent> resumes;
    final Listeners<GapEvent> gaps;
    final Listeners<LeftEvent> lefts;
    final Listeners<RoomcastException> errors;
    final RoomState state;

    private volatile RoomStatus status = RoomStatus.JOINING;
    private volatile @Nullable String memberId;
    private volatile @Nullable String epoch;

    /** Of the last kept message that was handed over. */
    private volatile long offset;

    private volatile int count;

    /** Null where there is no list. */
    private volatile @Nullable MemberList list;

    private boolean takesState;

    /** Those who read the messages one by one; added by any thread, and each leaves by itself. */
    private final List<MessageStream> streams = new CopyOnWriteArrayList<>();

    /** Updates that are done, and wait until the state shows it; bounded by their time-outs. */
    private final Set<Unseen> unseen = new LinkedHashSet<>();

    /** @param resync called when the thread is lost */
    Mirror(Connector client, Runnable resync) {
        this.resync = resync;
        Deliveries deliveries = client.deliveries;
        telling = new Telling(client);
        messages = new Listeners<>(deliveries);
        membersNews = new Listeners<>(deliveries);
        states = new Listeners<>(deliveries);
        resumes = new Listeners<>(deliveries);
        gaps = new Listeners<>(deliveries);
        lefts = new Listeners<>(deliveries);
        errors = new Listeners<>(deliveries);
        state = new RoomState(client.options.codec());
    }

    RoomStatus status() {
        return status;
    }

    @Nullable
    String memberId() {
        return memberId;
    }

    @Nullable
    String epoch() {
        return epoch;
    }

    long offset() {
        return offset;
    }

    int count() {
        return count;
    }

    @Nullable
    Map<String, Member> members() {
        MemberList now = list;
        return now == null ? null : now.view();
    }

    /** Where I stand, for the next join, as JSON; null before the first. */
    @Nullable
    String resume() {
        if (epoch == null) {
            return null;
        }
        StringBuilder resume = new StringBuilder("{\"epoch\":");
        JsonLine.string(epoch, resume);
        resume.append(",\"offset\":").append(offset);
        if (takesState) {
            resume.append(",\"version\":").append(state.version());
        }
        return resume.append('}').toString();
    }

    // ---- Frames

    /** A frame that follows {@code joined}, or one that does not and leads to a new join. */
    void take(Frame frame) {
        switch (frame.type()) {
            case "message" -> takeMessage(frame);
            case "messages" -> {
                for (Json entry : frame.list("messages")) {
                    if (status == RoomStatus.JOINED) {
                        takeMessage(Frame.of(entry, "message"));
                    }
                }
            }
            // Without an id it is one with echo: false.
            case "published" -> passOwn(frame.optionalInteger("offset"));
            case "members" -> takeNews(frame);
            case "state" -> takeState(frame);
            case "gap" -> takeGap(frame);
            default -> {} // Of a type that I do not know.
        }
    }

    /** I am in the room, at the instant of this cut. */
    void entered(Cut cut) {
        Frame joined = cut.joined;
        String nextMember = joined.text("memberId");
        String nextEpoch = joined.text("epoch");
        long nextOffset = joined.integer("offset");
        long version = joined.integer("version");
        int nextCount = joined.count("count");
        boolean isFirst = epoch == null;
        boolean isSame = nextMember.equals(memberId);
        long after = offset;
        // As to another epoch, everything is new.
        long known = nextEpoch.equals(epoch) ? after : -1;
        List<Message> unread = new ArrayList<>();
        long first = nextOffset + 1;
        boolean isFirstEntry = true;
        for (Json entry : joined.list("messages")) {
            Message message = toMessage(Frame.of(entry, "message"), nextMember);
            long at = Frame.of(entry, "message").integer("offset");
            first = isFirstEntry ? at : first;
            isFirstEntry = false;
            if (at > known) {
                unread.add(message);
            }
        }
        MembersEvent news = enterMembers(cut, nextCount, isFirst);
        List<StateChange> changes = enterState(cut, version);
        memberId = nextMember;
        epoch = nextEpoch;
        offset = nextOffset;
        status = RoomStatus.JOINED;
        if (isFirst) {
            telling.hold();
        }
        if (joined.isFalse("resumed")) {
            String reason = joined.textOrNothing("reason");
            telling.tell(gaps, new GapEvent(after, first, reason == null ? "unknown" : reason));
        }
        unread.forEach(this::handOver);
        if (joined.isTrue("resumed")) {
            telling.tell(resumes, new ResumedEvent(unread.size(), isSame));
        }
        if (news != null) {
            telling.tell(membersNews, news);
        }
        if (!changes.isEmpty() && !isFirst) {
            stateChanged(changes, null);
        }
        show();
    }

    void suspend() {
        if (status == RoomStatus.JOINED) {
            status = RoomStatus.REJOINING;
        }
    }

    /** A message of mine that I do not get: its offset counts as seen. */
    void passOwn(@Nullable Long own) {
        if (status == RoomStatus.JOINED && own != null) {
            if (own > offset + 1) {
                loseThread();
            } else {
                offset = Math.max(offset, own);
            }
        }
    }

    Message toMessage(Frame frame) {
        return toMessage(frame, memberId);
    }

    private static Message toMessage(Frame frame, @Nullable String me) {
        String from = frame.optionalText("from");
        Json data = frame.get("data");
        return new Message(
                data == null ? Json.of("null") : data,
                Instant.ofEpochMilli(frame.integer("at")),
                from != null && from.equals(me),
                frame.optionalInteger("offset"),
                from,
                frame.optionalText("user"),
                frame.optionalText("event"),
                frame.optionalText("to"));
    }

    private void takeMessage(Frame frame) {
        Message message = toMessage(frame);
        Long at = message.offset();
        if (at != null) {
            if (at <= offset) {
                return;
            }
            if (at > offset + 1) {
                loseThread();
                return;
            }
            offset = at;
        }
        handOver(message);
    }

    private void handOver(Message message) {
        telling.tell(() -> {
            messages.tell(message);
            for (MessageStream stream : streams) {
                stream.push(message);
            }
        });
    }

    private void takeGap(Frame frame) {
        long after = frame.integer("after");
        long before = frame.integer("before");
        offset = Math.max(offset, before - 1);
        telling.tell(gaps, new GapEvent(after, before, "slow_consumer"));
    }

    /** The server has to say anew where the room stands; what comes before that is dropped. */
    private void loseThread() {
        status = RoomStatus.REJOINING;
        resync.run();
    }

    private void takeNews(Frame frame) {
        int now = frame.count("count");
        MemberList known = list;
        boolean hasNames = frame.has("joined") || frame.has("left") || frame.has("changed");
        if (known != null && now != known.size() && !hasNames) {
            known = null; // The room has become too large for lists.
            list = null;
        }
        MembersEvent event = known == null ? MemberList.difference(null, null, now) : known.apply(frame);
        count = now;
        telling.tell(membersNews, event);
    }

    private void takeState(Frame frame) {
        if (!takesState) {
            return;
        }
        long version = frame.integer("version");
        Long since = frame.optionalInteger("since");
        if ((since == null ? version - 1 : since) != state.version()) {
            loseThread();
            return;
        }
        stateChanged(state.apply(List.of(frame), version, false), frame.optionalText("from"));
        show();
    }

    /** Takes the list, and returns what has become of it where that is to be told. */
    private @Nullable MembersEvent enterMembers(Cut cut, int nextCount, boolean isFirst) {
        MemberList before = list;
        MemberList after = cut.members == null ? null : new MemberList(cut.members);
        MembersEvent news = MemberList.difference(before, after, nextCount);
        boolean hasChanged = !news.joined().isEmpty()
                || !news.left().isEmpty()
                || !news.changed().isEmpty()
                || nextCount != count;
        list = after;
        count = nextCount;
        return hasChanged && !isFirst ? news : null;
    }

    private List<StateChange> enterState(Cut cut, long version) {
        takesState = cut.state != null;
        if (cut.state == null) {
            return state.apply(List.of(), 0, true);
        }
        boolean isWhole = cut.state.isEmpty() || !cut.state.get(0).has("since");
        return state.apply(cut.state, version, isWhole);
    }

    private void stateChanged(List<StateChange> changes, @Nullable String from) {
        StateEvent event = new StateEvent(changes, state.version(), from);
        telling.tell(() -> {
            states.tell(event);
            state.tell(changes);
        });
    }

    // ---- Who reads on

    void add(MessageStream stream) {
        streams.add(stream);
    }

    void remove(MessageStream stream) {
        streams.remove(stream);
    }

    /** What has come is told, and nothing more. */
    void leaving() {
        telling.release();
        telling.end();
        status = RoomStatus.LEFT;
    }

    void leave(LeftEvent event, boolean wasIn) {
        show();
        for (MessageStream stream : streams) {
            stream.end(event.error());
        }
        if (wasIn) {
            lefts.tell(event);
        }
    }

    // ---- Updates that wait to be seen

    private record Unseen(@Nullable String epoch, long version, Runnable whenShown) {}

    /** Calls it when the state shows this version, or will not. Returns what calls it at once. */
    Runnable whenShown(long version, Runnable action) {
        Unseen waits = new Unseen(epoch, version, action);
        unseen.add(waits);
        show();
        return () -> {
            if (unseen.remove(waits)) {
                action.run();
            }
        };
    }

    private void show() {
        for (Unseen waits : List.copyOf(unseen)) {
            boolean mayCome = takesState
                    && status != RoomStatus.LEFT
                    && Objects.equals(epoch, waits.epoch)
                    && state.version() < waits.version;
            if (!mayCome && unseen.remove(waits)) {
                waits.whenShown.run();
            }
        }
    }
}
