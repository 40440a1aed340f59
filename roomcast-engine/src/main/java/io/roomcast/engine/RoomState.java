package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.StateChange;
import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.Refusal;
import io.roomcast.protocol.ServerMessage;
import io.roomcast.protocol.ServerMessage.StatePart;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A room's state as its members see it: what changes it, and how those who join come to have it. The state itself is the
 * broker's. Used on the room's home lane only, but for the broker's answers, which come from any thread.
 *
 * <h2>The cut</h2>
 *
 * A joining member's state is read from the broker. What becomes part of the room between the answer and the cut is merged
 * into it; where the broker was ahead of the room, the cut waits until the room is there.
 */
final class RoomState {
    /** The state of a room that has none yet. */
    private static final List<StatePart> NOTHING = List.of(new StatePart(StatePart.WHOLE, Map.of(), List.of()));

    private static final String UNREADABLE = "The room's state cannot be read right now; try again later.";
    private static final String UNACCEPTED = "The update was not accepted; try again later.";

    private final LiveRoom room;

    /** The states of those who are about to join. */
    private final List<JoiningState> joining = new ArrayList<>(1);

    /** What has changed since the last tick; null if nothing has, or the room has no tick. */
    private @Nullable MergedChange gathered;

    /** The size of a state that nobody here has seen. */
    private static final long UNKNOWN = Long.MAX_VALUE;

    /**
     * Roughly what has been written, as it stands in frames; a state that was once large is taken for large, and one from
     * before the room was here until somebody has read all of it. Written here, read by any lane.
     */
    private volatile long writtenBytes = UNKNOWN;

    RoomState(LiveRoom room) {
        this.room = room;
    }

    /** Whether it may take many bytes to bring it to somebody. From any thread. */
    boolean isLarge() {
        return writtenBytes > Page.LARGE_BYTES;
    }

    /** The log is open, and the state at this version. */
    void opened(long version) {
        writtenBytes = version == 0 ? 0 : UNKNOWN;
    }

    // ---- To change

    void update(Membership membership, ClientMessage.Update request) {
        if (!room.isMember(membership, request)) {
            return;
        }
        String reserved = room.template.reservedKey(request);
        if (reserved != null) {
            room.refuse(
                    membership,
                    request,
                    ErrorCode.NOT_ALLOWED,
                    "Only the server changes keys that match " + reserved + " in this room.");
            return;
        }
        membership.awaiting = true;
        membership.ownsKeys |= request.own();
        StateUpdate update = new StateUpdate(
                Ids.member(membership.number),
                request.set(),
                request.delete(),
                request.add(),
                request.ifVersions(),
                request.own());
        submit(update, new Updating(this, update, membership, request));
    }

    /** Changes it for the server. The caller holds the room until the future is done. */
    void updateForServer(StateUpdate update, CompletableFuture<StateChange> done) {
        room.whenOpen(() -> {
            if (room.isOpen()) {
                submit(update, new Updating(this, null, done));
            } else {
                done.completeExceptionally(new IllegalStateException("The room's log cannot be opened"));
            }
        });
    }

    /** Reads it for the server. The caller holds the room until it is answered. */
    void readForServer(Broker.StateAnswer answer) {
        room.whenOpen(() -> {
            if (room.isOpen()) {
                room.log().readState(StatePart.WHOLE, answer);
            } else {
                answer.failed("The room's log cannot be opened");
            }
        });
    }

    private void submit(StateUpdate update, Updating updating) {
        hold();
        room.log().update(update, updating);
    }

    /** A member is finally gone, and the keys that it owns go with it. The caller has held the room for this. */
    void memberGone(String memberId) {
        room.log().release(memberId, new Updating(this, memberId, null));
    }

    private void hold() {
        boolean held = room.tryHold();
        assert held : "whoever changes the state holds the room";
    }

    /** The broker's answer, in whatever order: from any thread. */
    void answered(Updating updating) {
        room.rooms.runIn(room.turn, () -> sequence(updating));
    }

    private void sequence(Updating updating) {
        StateChange change = updating.change();
        Updating.Refused refused = updating.refused();
        if (change != null) {
            room.sequencer().changed(change.version(), updating, this::apply);
        } else if (refused != null) {
            room.sequencer().behindVersion(refused.version(), () -> refuse(updating, refused));
        } else {
            boolean isAwaited = updating.author != null || updating.done() != null;
            if (updating.failure() != null || isAwaited) {
                refuse(updating, new Updating.Refused(ErrorCode.UNAVAILABLE, UNACCEPTED, 0, Map.of()));
            } else {
                room.rooms.release(room);
            }
        }
    }

    /** A change has got its place, and everything before it has been shown: here it becomes part of the room. */
    private void apply(Updating updating) {
        StateChange change = updating.change();
        assert change != null : "what has a version is a change";
        joining.forEach(state -> state.add(change));
        long before = writtenBytes;
        if (before != UNKNOWN) {
            writtenBytes = before + bytes(change.set());
        }
        show(change, updating.from);
        Membership author = updating.author;
        ClientMessage.Update request = updating.request;
        if (author != null && request != null && !author.dropped) {
            if (request.id().isPresent()) {
                room.reply(
                        author,
                        request,
                        new ServerMessage.Updated(request.id(), room.id, change.version(), change.sums()));
            } else {
                room.noReply(author, request);
            }
        }
        CompletableFuture<StateChange> done = updating.done();
        if (done != null) {
            done.complete(change);
        }
        settled(updating);
    }

    /** What these take in a frame, about: a key stands beside its value and beside its version. */
    private static long bytes(Map<String, VersionedValue> set) {
        long bytes = 0;
        for (Map.Entry<String, VersionedValue> entry : set.entrySet()) {
            Json value = entry.getValue().value();
            bytes += 2L * entry.getKey().length() + (value == null ? 0 : value.length());
        }
        return bytes;
    }

    private void refuse(Updating updating, Updating.Refused refused) {
        Membership author = updating.author;
        ClientMessage.Update request = updating.request;
        if (author != null && request != null && !author.dropped) {
            Refusal refusal = Refusals.of(request, refused.code(), refused.message());
            room.turn.replays.spend(room.refuse(author, request, refusal.with(refused.current())));
        }
        CompletableFuture<StateChange> done = updating.done();
        if (done != null) {
            done.completeExceptionally(
                    new UpdateRefusedException(refused.code(), refused.message(), refused.current()));
        }
        settled(updating);
    }

    private void settled(Updating updating) {
        if (updating.author != null) {
            room.goOn(updating.author);
        }
        room.rooms.release(room);
    }

    // ---- To show

    private void show(StateChange change, @Nullable String from) {
        if (room.template.tickMillis() == 0) {
            send(new MergedChange(change, from));
        } else if (gathered == null) {
            gathered = new MergedChange(change, from);
            room.planTick();
        } else {
            gathered.add(change);
        }
    }

    /** Shows what was gathered: the time has passed, or somebody joins, whose state has it already. */
    void letOut() {
        MergedChange change = gathered;
        gathered = null;
        if (change != null) {
            send(change);
        }
    }

    private void send(MergedChange change) {
        room.fanOut.toStateTakers(room.turn.state(change, room));
    }

    // ---- To join

    /**
     * Reads the state for a join and goes on with it: within the call if none is asked for, else later. Whoever goes on
     * takes its cut by {@link #cut}.
     *
     * @param whole whether it must not be a change since what the client has
     */
    void read(Membership membership, ClientMessage.Join join, boolean whole, Runnable then) {
        boolean isEmpty = room.version() == 0;
        if (!takes(join) || (isEmpty && !room.history.mayWait(join))) {
            then.run();
            return;
        }
        JoiningState pending = new JoiningState();
        joining.add(pending);
        membership.joiningState = pending;
        long since = whole ? StatePart.WHOLE : since(join.resume());
        if (isEmpty) {
            // The past messages, or a turn to have a large list, may take a while, and the state may begin meanwhile.
            pending.begin(0, new StatePart(since, Map.of(), List.of()));
            then.run();
            return;
        }
        membership.awaiting = true;
        hold();
        room.log().readState(since, new Broker.StateAnswer() {
            @Override
            public void read(long version, StatePart state) {
                answered(() -> room.sequencer().behindVersion(version, () -> go(version, state)));
            }

            private void go(long version, StatePart state) {
                if (!membership.dropped) {
                    pending.begin(version, state);
                    if (writtenBytes == UNKNOWN && state.since() == StatePart.WHOLE) {
                        writtenBytes = bytes(pending.part().set());
                    }
                    room.goOn(membership, then);
                }
            }

            @Override
            public void failed(String why) {
                answered(() -> {
                    forget(membership);
                    room.goOn(membership, () -> room.refuse(membership, join, ErrorCode.UNAVAILABLE, UNREADABLE));
                });
            }

            private void answered(Runnable step) {
                room.rooms.runIn(room.turn, () -> {
                    if (!membership.dropped) {
                        step.run();
                    }
                    room.rooms.release(room);
                });
            }
        });
    }

    boolean takes(ClientMessage.Join join) {
        return join.state() == null ? room.template.state() : join.state();
    }

    private long since(@Nullable Position stood) {
        if (stood == null || !stood.epoch().equals(room.epoch()) || stood.version() > room.version()) {
            return StatePart.WHOLE;
        }
        return stood.version();
    }

    /** The state at this instant, in parts that fit into a frame each; what was gathered is shown to the others first. */
    List<StatePart> cut(Membership membership, ClientMessage.Join join) {
        if (!takes(join)) {
            return List.of();
        }
        JoiningState state = membership.joiningState;
        if (state == null) {
            assert room.version() == 0 : "where there was something to read, it was read";
            return NOTHING;
        }
        forget(membership);
        letOut();
        return pages(state.part());
    }

    /** Whether what was read for this join is what has changed since the client left. */
    boolean isChange(Membership membership) {
        return membership.joiningState != null && membership.joiningState.isChange();
    }

    /** Nobody waits for this member's state any more. */
    void forget(Membership membership) {
        if (membership.joiningState != null) {
            joining.remove(membership.joiningState);
            membership.joiningState = null;
        }
    }

    private static List<StatePart> pages(StatePart part) {
        List<StatePart> pages = new ArrayList<>(1);
        Map<String, VersionedValue> page = new LinkedHashMap<>();
        List<String> delete = part.delete();
        long bytes = 0;
        for (Map.Entry<String, VersionedValue> entry : part.set().entrySet()) {
            page.put(entry.getKey(), entry.getValue());
            bytes += 2L * entry.getKey().length() + 24;
            bytes += entry.getValue().value() == null
                    ? 0
                    : entry.getValue().value().length();
            if (bytes > Page.BYTES) {
                pages.add(new StatePart(part.since(), page, delete));
                page = new LinkedHashMap<>();
                delete = List.of();
                bytes = 0;
            }
        }
        if (!page.isEmpty() || pages.isEmpty()) {
            pages.add(new StatePart(part.since(), page, delete));
        }
        return pages;
    }
}
