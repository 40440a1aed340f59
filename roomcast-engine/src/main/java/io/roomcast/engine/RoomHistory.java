package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.KeptMessage;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.ServerMessage;
import io.roomcast.protocol.ServerMessage.Resumed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A room's past messages, for those who come back and those who ask. Used on the room's home lane only.
 *
 * <h2>The cut</h2>
 *
 * A replay ends exactly where its {@code joined} says. What the broker is asked for ends where the room stood when it was
 * asked; if it answers later, messages that became part of the room meanwhile are in the {@link #tail}, and the cut is
 * taken when the answer is there: so nothing of the room has to be held back, and nobody waits for a slow broker but the
 * one who asked.
 *
 * <h2>Memory</h2>
 *
 * The messages of a replay are encoded once for all who have missed the same; that is let go when no replay waits. The
 * tail exists while an answer is awaited, and holds at most as many messages as the room may keep.
 */
final class RoomHistory {
    private static final String UNREADABLE = "The room's history cannot be read right now; try again later.";

    private final LiveRoom room;
    private final int mostMessages;
    private final long mostMissed;

    /** Answers of the broker that are awaited. */
    private int awaited;

    /** What has become part of the room since the oldest of them was asked for; null while none is awaited. */
    private @Nullable ArrayDeque<KeptMessage> tail;

    /** The end of the last replay, for the next one that is the same; null if there is none. */
    private @Nullable EncodedFrame encoded;

    private long encodedFrom;
    private long encodedTo;

    RoomHistory(LiveRoom room) {
        this.room = room;
        this.mostMessages = room.template.limits().asInt(Limit.HISTORY_MESSAGES);
        this.mostMissed = room.template.limits().get(Limit.RESUME_MESSAGES);
    }

    /** A kept message has become part of the room. */
    void applied(Publishing publishing) {
        if (tail != null) {
            if (tail.size() == Math.max(1, mostMessages)) {
                tail.remove();
            }
            tail.add(new KeptMessage(publishing.offset(), publishing.atMillis(), publishing.publication));
        }
    }

    /** Whether what becomes part of the room is gathered for an answer of the broker. */
    boolean isAwaited() {
        return tail != null;
    }

    // ---- For a join

    /** Whether this join may have to wait for what it asks for, or for its turn to have it. */
    boolean mayWait(ClientMessage.Join join) {
        return join.asksForMessages() || room.members.bringsMuch(join);
    }

    /**
     * Finds what this join asks for and goes on with it: within the call if nothing is asked for, else later. A large list
     * takes its turn as past messages do.
     */
    void replay(Membership membership, ClientMessage.Join join, Consumer<Replay> then) {
        if (!mayWait(join)) {
            then.accept(Replay.NONE);
            return;
        }
        membership.awaiting = true;
        room.turn.replays.run(() -> {
            if (!membership.dropped) {
                resume(membership, join, then);
            }
        });
    }

    private void resume(Membership membership, ClientMessage.Join join, Consumer<Replay> then) {
        Position stood = join.resume();
        if (stood == null) {
            last(membership, join, null, then);
            return;
        }
        Resumed refused = refusal(stood);
        long missed = room.offset() - stood.offset();
        if (refused != null) {
            last(membership, join, refused, then);
        } else if (missed == 0) {
            goOn(membership, Resumed.YES, List.of(), then);
        } else {
            HistoryRange range = new HistoryRange(stood.offset(), room.offset() + 1, (int) missed);
            read(membership, join, range, (messages, more) -> {
                Resumed meanwhile = refusal(stood);
                boolean all = !messages.isEmpty() && messages.get(0).offset() == stood.offset() + 1;
                if (meanwhile != null) {
                    last(membership, join, meanwhile, then);
                } else if (all) {
                    goOn(membership, Resumed.YES, messages, then);
                } else {
                    last(membership, join, Resumed.TRIMMED, then);
                }
            });
        }
    }

    /** Why there can be no resume from there, as far as that is known without asking the broker. */
    private @Nullable Resumed refusal(Position stood) {
        if (!stood.epoch().equals(room.epoch())) {
            return Resumed.EPOCH;
        }
        if (stood.offset() > room.offset()) {
            return Resumed.FUTURE;
        }
        return room.offset() - stood.offset() > mostMissed ? Resumed.TOO_MANY : null;
    }

    /** Nothing is resumed: the last messages, if they are asked for. */
    private void last(
            Membership membership, ClientMessage.Join join, @Nullable Resumed resumed, Consumer<Replay> then) {
        int limit = Math.min(join.history(), mostMessages);
        if (join.history() == 0) {
            goOn(membership, resumed, null, then);
        } else if (limit == 0) {
            goOn(membership, resumed, List.of(), then);
        } else {
            HistoryRange range = HistoryRange.lastBefore(room.offset() + 1, limit);
            read(membership, join, range, (messages, more) -> {
                int from = Math.max(0, messages.size() - limit);
                goOn(membership, resumed, messages.subList(from, messages.size()), then);
            });
        }
    }

    private void goOn(
            Membership membership,
            @Nullable Resumed resumed,
            @Nullable List<KeptMessage> messages,
            Consumer<Replay> then) {
        EncodedFrame end = messages == null ? null : encoded(messages);
        if (end != null) {
            room.turn.replays.spend(end.length());
        }
        room.goOn(membership, () -> then.accept(new Replay(resumed, end)));
        if (end != null) {
            end.release();
        }
    }

    /** The end of a {@code joined} with these messages, with one reference for the caller. */
    private EncodedFrame encoded(List<KeptMessage> messages) {
        if (messages.isEmpty()) {
            return room.turn.endOfJoined(List.of(), room);
        }
        long from = messages.get(0).offset();
        long to = messages.get(messages.size() - 1).offset();
        EncodedFrame same = encoded;
        if (same != null && encodedFrom == from && encodedTo == to) {
            return same.retain();
        }
        EncodedFrame fresh = room.turn.endOfJoined(shown(messages), room);
        if (same == null) {
            room.turn.replays.whenIdle(this::forgetEncoded);
        } else {
            same.release();
        }
        encoded = fresh;
        encodedFrom = from;
        encodedTo = to;
        return fresh.retain();
    }

    private void forgetEncoded() {
        if (encoded != null) {
            encoded.release();
            encoded = null;
        }
    }

    // ---- For a request

    /** Answers a request for past messages. */
    void answer(Membership membership, ClientMessage.History request) {
        if (!room.isMember(membership, request)) {
            return;
        }
        int limit = request.limit() == 0 ? mostMessages : Math.min(request.limit(), mostMessages);
        if (limit == 0) {
            reply(membership, request, List.of(), false);
            return;
        }
        membership.awaiting = true;
        room.turn.replays.run(() -> {
            if (!membership.dropped) {
                readPage(membership, request, limit);
            }
        });
    }

    private void readPage(Membership membership, ClientMessage.History request, int limit) {
        // Up to where the room stands: what the broker has beyond it this member has yet to see.
        long end = room.offset() + 1;
        boolean isOpen = request.before() == ClientMessage.History.NO_BOUND || request.before() > end;
        HistoryRange range = new HistoryRange(request.after(), isOpen ? end : request.before(), limit);
        ask(
                membership,
                request,
                range,
                (messages, more) -> room.goOn(membership, () -> {
                    if (room.isMember(membership, request)) {
                        reply(membership, request, messages, more);
                    }
                }));
    }

    private void reply(Membership membership, ClientMessage.History request, List<KeptMessage> messages, boolean more) {
        int bytes = room.reply(
                membership,
                request,
                new ServerMessage.History(request.id(), room.id, room.epoch(), shown(messages), more));
        room.turn.replays.spend(bytes);
    }

    // ---- Reading

    private interface Answer {
        void read(List<KeptMessage> messages, boolean more);
    }

    /** Reads for a join: what is read, and behind it what has become part of the room since. */
    private void read(Membership membership, ClientMessage.Join join, HistoryRange range, Answer answer) {
        long askedAt = room.offset();
        awaited++;
        if (tail == null) {
            tail = new ArrayDeque<>();
        }
        ask(membership, join, range, (messages, more) -> answer.read(withTail(messages, askedAt), more));
    }

    private List<KeptMessage> withTail(List<KeptMessage> messages, long askedAt) {
        if (tail == null || tail.isEmpty() || tail.getLast().offset() <= askedAt) {
            return messages;
        }
        if (tail.getFirst().offset() > askedAt + 1) {
            // More has come meanwhile than the room keeps: what was read lies before a hole.
            return List.copyOf(tail);
        }
        List<KeptMessage> all = new ArrayList<>(messages);
        tail.stream().filter(message -> message.offset() > askedAt).forEach(all::add);
        return all;
    }

    private void ask(Membership membership, ClientMessage.InRoom request, HistoryRange range, Answer answer) {
        boolean forJoin = request instanceof ClientMessage.Join;
        boolean held = room.tryHold();
        assert held : "whoever reads holds the room";
        room.log().read(range, new Broker.ReadAnswer() {
            @Override
            public void read(List<KeptMessage> messages, boolean more) {
                answered(() -> answer.read(messages, more));
            }

            @Override
            public void failed(String why) {
                answered(() -> room.goOn(
                        membership, () -> room.refuse(membership, request, ErrorCode.UNAVAILABLE, UNREADABLE)));
            }

            private void answered(Runnable step) {
                room.rooms.runIn(room.turn, () -> {
                    if (!membership.dropped) {
                        step.run();
                    }
                    if (forJoin && --awaited == 0) {
                        tail = null;
                    }
                    room.rooms.release(room);
                });
            }
        });
    }

    private List<ServerMessage.Message> shown(List<KeptMessage> messages) {
        List<ServerMessage.Message> shown = new ArrayList<>(messages.size());
        for (KeptMessage message : messages) {
            shown.add(room.messages.shown(message.offset(), message.atMillis(), message.publication()));
        }
        return shown;
    }
}
