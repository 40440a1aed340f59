package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.Decoded;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Refusal;
import io.roomcast.protocol.ServerMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A room while it is alive: in which order its requests are handled, and how they are answered. Who is in it is with
 * {@link RoomMembers}, what is said with {@link RoomMessages}, what was said with {@link RoomHistory},
 * its state with {@link RoomState}.
 *
 * <h2>Threads</h2>
 *
 * Everything is decided on the room's home lane; only the count of holds is touched elsewhere. What is decided is carried
 * out by the room's share on each lane, in the order of the decisions: see {@link FanOut}.
 *
 * <h2>Ordering</h2>
 *
 * A message's place is decided by the broker, and answers are applied strictly by offset ({@link Sequencer}). A join
 * takes its cut when it is decided: position, list and count are read in one go, and the {@code joined} frame travels to
 * the member's lane on the same way as every frame before and after it. While a member awaits an answer of the broker,
 * or its turn to have a replay, its later requests wait, so that its replies keep the order of its requests; other
 * members go on.
 *
 * <h2>Memory</h2>
 *
 * A room holds its list of members, a share for each lane that has had members, and what is under way. What waits for
 * one member is bounded by pausing that connection beyond {@value #PAUSE_BEYOND} requests. The history is the broker's.
 */
final class LiveRoom {
    private static final int PAUSE_BEYOND = 16;

    final String id;
    final Turn turn;
    final Rooms rooms;

    /** What holds for this room. From any thread. */
    final RoomTemplate template;

    /** What is asked about what its members say, null if nothing is. From any thread. */
    final @Nullable RoomCheck check;

    final FanOut fanOut;
    final RoomMembers members;
    final RoomMessages messages;
    final RoomHistory history;
    final RoomState state;
    private final AtomicInteger holds = new AtomicInteger(1);

    /** Where the room stands, null until the broker has opened its log. */
    private @Nullable Sequencer sequencer;

    /** Home lane: whether a tick is under way; there is one at the most. */
    private boolean tickIsPlanned;

    /** What waits for the log to be opened, in order; null when nobody has asked the broker. */
    private @Nullable ArrayList<Runnable> untilOpen;

    LiveRoom(String id, Turn home, Rooms rooms, int lanes) {
        this.id = id;
        this.turn = home;
        this.rooms = rooms;
        this.template = rooms.template(id);
        this.check = rooms.check(id);
        this.fanOut = new FanOut(home, lanes);
        this.members = new RoomMembers(this);
        this.messages = new RoomMessages(this);
        this.history = new RoomHistory(this);
        this.state = new RoomState(this);
    }

    // ---- Alive or not: from any thread

    boolean tryHold() {
        for (int now = holds.get(); now > 0; now = holds.get()) {
            if (holds.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Whether that was the last one. */
    boolean releaseHold() {
        return holds.decrementAndGet() == 0;
    }

    /** Nobody holds this room any more. */
    void end() {
        if (sequencer != null) {
            sequencer.close();
            rooms.logClosed();
        }
    }

    // ---- Requests

    /** A member's, or a future member's, next request or refusal. */
    void receive(Membership membership, Decoded request) {
        assert turn.lane.inLane();
        whenItsTurn(membership, () -> handle(membership, request));
    }

    /** A member's join that no listener was asked about; of one who is no member any more it is refused. */
    void resync(Membership membership, ClientMessage.Join join) {
        assert turn.lane.inLane();
        whenItsTurn(membership, () -> {
            if (membership.isMember()) {
                handle(membership, join);
            } else {
                membership.handled++;
                refuse(membership, join, ErrorCode.UNAVAILABLE, "You are not in the room any more; join it again.");
            }
        });
    }

    /** The connection is gone for good: nothing that waits is done any more. */
    void drop(Membership membership) {
        assert turn.lane.inLane();
        members.drop(membership);
    }

    /** The connection is gone, but its session may come back. */
    void absent(Membership membership) {
        assert turn.lane.inLane();
        members.absent(membership);
    }

    /** Runs the step now, or behind what this membership still waits for. */
    void whenItsTurn(Membership membership, Runnable step) {
        if (!membership.awaiting || membership.dropped) {
            step.run();
            return;
        }
        if (membership.waiting == null) {
            membership.waiting = new ArrayDeque<>();
        }
        membership.waiting.add(step);
        if (membership.waiting.size() > PAUSE_BEYOND && !membership.paused) {
            membership.paused = true;
            turn.send(membership.session.turn, membership.session::pause);
        }
    }

    /** What a member awaited is there, and nothing more has to be done for it: what has waited is taken. */
    void goOn(Membership membership) {
        goOn(membership, () -> {});
    }

    /** What a member awaited is there: this is done first, then what has waited is taken, as far as that goes. */
    void goOn(Membership membership, Runnable first) {
        membership.awaiting = false;
        if (membership.goingOn) {
            // The answer has come within a step's call; the loop that runs the step takes the next.
            first.run();
            return;
        }
        membership.goingOn = true;
        try {
            first.run();
            while (!membership.awaiting && membership.waiting != null && !membership.dropped) {
                Runnable step = membership.waiting.poll();
                if (step == null) {
                    membership.waiting = null;
                } else {
                    step.run();
                }
            }
        } finally {
            membership.goingOn = false;
        }
        if (membership.paused && membership.waiting == null) {
            membership.paused = false;
            turn.send(membership.session.turn, membership.session::resume);
        }
    }

    private void handle(Membership membership, Decoded request) {
        membership.handled++;
        if (request instanceof ClientMessage.Publish publish) {
            messages.publish(membership, publish);
        } else if (request instanceof ClientMessage.Update update) {
            state.update(membership, update);
        } else if (request instanceof ClientMessage.Join join) {
            join(membership, join);
        } else if (request instanceof ClientMessage.Leave leave) {
            members.leave(membership, leave.id(), null);
        } else if (request instanceof Refusal refusal) {
            send(membership, refusal, Refusals.error(refusal));
        } else if (request instanceof ClientMessage.Members list) {
            members.answer(membership, list);
        } else if (request instanceof ClientMessage.Member about) {
            members.tell(membership, about);
        } else if (request instanceof ClientMessage.History past) {
            history.answer(membership, past);
        } else {
            throw new AssertionError(request);
        }
    }

    private void join(Membership membership, ClientMessage.Join join) {
        if (sequencer != null) {
            readAndEnter(membership, join, false);
            return;
        }
        membership.awaiting = true;
        whenOpen(() -> {
            if (membership.dropped) {
                return;
            }
            goOn(membership, () -> {
                if (sequencer == null) {
                    refuse(
                            membership,
                            join,
                            ErrorCode.UNAVAILABLE,
                            "The room cannot be opened right now; try again later.");
                } else {
                    join(membership, join);
                }
            });
        });
    }

    /** @param wholeState whether the state must not be a change since what the client has */
    private void readAndEnter(Membership membership, ClientMessage.Join join, boolean wholeState) {
        state.read(
                membership,
                join,
                wholeState,
                () -> history.replay(membership, join, replay -> {
                    if (replay.isFresh() && state.isChange(membership)) {
                        // What it missed cannot be had, so it begins anew in everything.
                        state.forget(membership);
                        readAndEnter(membership, join, true);
                    } else {
                        members.enter(membership, join, replay);
                    }
                }));
    }

    // ---- The log

    boolean isOpen() {
        return sequencer != null;
    }

    /** The position of the room. Only of an open room. */
    Sequencer sequencer() {
        assert sequencer != null : "whoever is in, or has opened the room, finds it open";
        return sequencer;
    }

    String epoch() {
        return sequencer().epoch();
    }

    /** The offset of the last message that became part of the room. */
    long offset() {
        return sequencer().offset();
    }

    /** The version of the last change of the state that became part of the room. */
    long version() {
        return sequencer().version();
    }

    Broker.RoomLog log() {
        return sequencer().log();
    }

    /** Runs the step when the broker has opened the log, or has failed to. */
    void whenOpen(Runnable step) {
        if (sequencer != null) {
            step.run();
        } else if (untilOpen != null) {
            untilOpen.add(step);
        } else {
            untilOpen = new ArrayList<>(List.of(step));
            rooms.broker().open(id, rooms.retention(template), new Broker.OpenAnswer() {
                @Override
                public void opened(Broker.RoomLog log) {
                    rooms.runIn(turn, () -> open(new Sequencer(log)));
                }

                @Override
                public void failed(String why) {
                    rooms.runIn(turn, () -> open(null));
                }
            });
        }
    }

    private void open(@Nullable Sequencer opened) {
        sequencer = opened;
        if (opened != null) {
            state.opened(opened.version());
        }
        List<Runnable> steps = untilOpen == null ? List.of() : untilOpen;
        untilOpen = null;
        steps.forEach(Runnable::run);
        if (holds.get() == 0) {
            end();
        }
    }

    // ---- The tick

    /** Sees to it that what the room gathers goes out when the time of its tick has passed, or earlier. */
    void planTick() {
        if (!tickIsPlanned) {
            tickIsPlanned = true;
            turn.lane.executeAfter(this::tick, template.tickMillis());
        }
    }

    private void tick() {
        tickIsPlanned = false;
        letOut();
    }

    /** Sends what is gathered now. */
    void letOut() {
        messages.letOut();
        state.letOut();
    }

    // ---- Replies

    /** Whether it is a member; if not, its request is refused. */
    boolean isMember(Membership membership, ClientMessage.InRoom request) {
        if (!membership.isMember()) {
            refuse(membership, request, Refusals.notMember(request));
        }
        return membership.isMember();
    }

    /** Refuses what the template, stricter than the server, does not take. */
    boolean isTooLarge(Membership membership, ClientMessage.InRoom request, Limit limit, @Nullable Json json) {
        boolean tooLarge = json != null && json.length() > template.limits().get(limit);
        if (tooLarge) {
            String most = limit.key() + " is " + template.limits().get(limit) + " in this room; send less.";
            refuse(membership, request, ErrorCode.TOO_LARGE, most);
        }
        return tooLarge;
    }

    void refuse(Membership membership, ClientMessage.InRoom request, ErrorCode code, String message) {
        refuse(membership, request, Refusals.of(request, code, message));
    }

    /** How many bytes the refusal has. */
    int refuse(Membership membership, ClientMessage.InRoom request, Refusal refusal) {
        if (request instanceof ClientMessage.Join) {
            state.forget(membership);
        }
        return send(membership, request, Refusals.error(refusal));
    }

    /** The reply to this request, at its place in the room's order. How many bytes it has. */
    int reply(Membership membership, ClientMessage.InRoom request, ServerMessage message) {
        return send(membership, request, message);
    }

    /** This update has none: its session goes on, if it has waited for a refusal. */
    void noReply(Membership membership, ClientMessage.Update request) {
        if (request.isConditional()) {
            fanOut.at(membership, share -> membership.session.nothingComes(request));
        }
    }

    /** Whether the member has to have read all that has become part of the room. */
    private static boolean speaksOfMessages(ServerMessage reply) {
        return reply instanceof ServerMessage.Published || reply instanceof ServerMessage.History;
    }

    private int send(Membership membership, Decoded request, ServerMessage message) {
        if (membership.isOwedReply || speaksOfMessages(message)) {
            messages.letOut();
        }
        EncodedFrame frame = turn.encode(message, this);
        int bytes = frame.length();
        boolean settles = !membership.isMember();
        int handled = membership.handled;
        fanOut.at(membership, share -> {
            membership.session.replayComes(request, bytes);
            share.toOne(frame, membership);
            if (settles) {
                rooms.dispatcher().settle(membership, handled);
            }
        });
        return bytes;
    }
}
