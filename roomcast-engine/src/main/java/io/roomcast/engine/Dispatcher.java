package io.roomcast.engine;

import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Decoded;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.PlainPublish;
import io.roomcast.protocol.Refusal;
import io.roomcast.protocol.ServerMessage;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes each message of a client to where it is decided: here, with the application's listeners, or on the home lane of
 * its room. Every method runs on the lane of the session it is about.
 *
 * <p>Ordering: requests that concern one room all go the same way, through the session's membership to the room's home
 * lane and back, refusals included, so their replies keep their order. Only where no membership is, nothing of that room
 * can be under way, and the answer is given here: in the same words whether the room exists or not.
 */
final class Dispatcher {
    /** Bad frames without a good one between them: this one is still answered, then the connection ends. */
    private static final int BAD_FRAMES = 10;

    /** Rooms that a connection may still be on its way out of, beside those it may be in; beyond, reading is paused. */
    private static final int LEAVING = 64;

    /** Of so many requests that cross over to one room on another lane, one is waited for: so what they bring is seen. */
    private static final int MOST_UNDER_WAY = 64;

    private final Rooms rooms;
    private final Registry registry;
    private final UserCode userCode;
    private final Listeners listeners;

    Dispatcher(Rooms rooms, Registry registry, UserCode userCode, Listeners listeners) {
        this.rooms = rooms;
        this.registry = registry;
        this.userCode = userCode;
        this.listeners = listeners;
    }

    // ---- A connection begins

    void opened(LiveSession session, Handshake handshake) {
        Consumer<ConnectEvent> listener = listeners.connect();
        if (listener == null) {
            rooms.welcome(session);
            return;
        }
        ConnectEvent event = new ConnectEvent(session, handshake);
        ask(session, () -> listener.accept(event), failure -> {
            if (failure != null) {
                session.closeAfterTurn(CloseCode.TRY_LATER);
            } else if (event.refusal() != null) {
                session.closeAfterTurn(event.refusal());
            } else {
                rooms.welcome(session);
            }
        });
    }

    // ---- A message

    void take(LiveSession session, Decoded decoded) {
        if (decoded instanceof Refusal refusal) {
            refused(session, refusal);
            return;
        }
        session.badFrames = 0;
        if (decoded instanceof ClientMessage.Join join) {
            join(session, join);
        } else if (decoded instanceof ClientMessage.Publish publish) {
            publish(session, publish);
        } else if (decoded instanceof ClientMessage.Update update) {
            update(session, update);
        } else if (decoded instanceof ClientMessage.Member member) {
            member(session, member);
        } else if (decoded instanceof ClientMessage.InRoom other) {
            route(session, other);
        } else if (decoded instanceof ClientMessage.Session request) {
            session(session, request);
        } else if (decoded instanceof ClientMessage.Ping ping) {
            session.tell(new ServerMessage.Pong(ping.id()));
        } else {
            throw new AssertionError(decoded);
        }
    }

    /**
     * The membership by which this message goes to all in its room within the call; null where it takes the way of all
     * others, because somebody has to be asked about it, or the room's home is another lane, or something is under way before
     * it.
     */
    @Nullable
    Membership atOnce(LiveSession session, PlainPublish said) {
        Membership membership = session.memberships.get(said.room());
        boolean goes = membership != null
                && membership.wanted
                && listeners.message() == null
                && membership.room.check == null
                && membership.room.turn == session.turn
                && membership.room.messages.goesAtOnce(membership, said);
        return goes ? membership : null;
    }

    /** The membership has been found by {@link #atOnce}. */
    static void publishAtOnce(Membership membership, PlainPublish said) {
        membership.session.badFrames = 0;
        membership.sent++;
        membership.room.messages.publishAtOnce(membership, said);
    }

    private void refused(LiveSession session, Refusal refusal) {
        boolean isAbuse = refusal.unreadable() && ++session.badFrames == BAD_FRAMES;
        // The last answer cannot take the way through a room on another lane, because the close does not wait for it.
        Membership membership = isAbuse || refusal.room() == null ? null : session.memberships.get(refusal.room());
        if (membership == null) {
            session.tell(Refusals.error(refusal));
        } else {
            send(membership, refusal);
        }
        if (isAbuse) {
            session.closeAfterTurn(CloseCode.ABUSE);
        }
    }

    /** Gives the connection a session that outlives it, or brings one back. */
    private void session(LiveSession session, ClientMessage.Session request) {
        String secret = request.secret();
        long number = secret == null ? 0 : rooms.sessions().number(secret);
        Grace grace = session.grace;
        if (grace != null) {
            boolean isOwn = secret == null || number == grace.number();
            session.tell(
                    isOwn ? grace.reply(request.id(), false, List.of()) : Refusals.error(Refusals.hasSession(request)));
            return;
        }
        LiveSession before = number == 0 ? null : rooms.sessions().claim(number, session);
        if (before == null) {
            Grace fresh = new Grace(Ids.connectionNumber(session.id()), session, rooms, null);
            session.grace = fresh;
            rooms.sessions().begin(fresh.number(), session);
            session.tell(fresh.reply(request.id(), false, List.of()));
        } else {
            session.grace = new Grace(number, session, rooms, request.id());
            session.await();
            session.turn.send(before.turn, () -> before.handOver(session));
        }
    }

    private void join(LiveSession session, ClientMessage.Join join) {
        Membership membership = session.memberships.get(join.room());
        Consumer<JoinEvent> listener = listeners.join();
        RoomCheck check = rooms.check(join.room());
        if (listener == null && check == null) {
            admit(session, join);
            return;
        }
        if (membership != null && membership.wanted) {
            resync(membership, join);
            return;
        }
        JoinEvent event = new JoinEvent(session, join);
        ask(session, () -> event.decide(check, call(listener, event)), failure -> {
            Refusal refusal = Refusals.by(join, event, failure);
            if (refusal != null) {
                answer(session, join, refusal);
            } else {
                admit(session, event.result());
            }
        });
    }

    /** A member's join is asked about no more, so it must not make a member of one that was removed meanwhile. */
    private static void resync(Membership membership, ClientMessage.Join join) {
        membership.sent++;
        LiveRoom room = membership.room;
        membership.session.replayBegins(join);
        membership.session.turn.send(room.turn, () -> room.resync(membership, join));
    }

    private void admit(LiveSession session, ClientMessage.Join join) {
        Membership membership = session.memberships.get(join.room());
        if (membership == null || !membership.wanted) {
            if (session.wantedRooms >= rooms.limits().get(Limit.ROOMS_PER_CONNECTION)) {
                answer(
                        session,
                        join,
                        Refusals.of(join, ErrorCode.TOO_MANY_ROOMS, "Leave a room before you join another."));
                return;
            }
            if (membership == null) {
                LiveRoom room = registry.hold(join.room());
                if (room == null) {
                    answer(
                            session,
                            join,
                            Refusals.of(join, ErrorCode.UNAVAILABLE, "The server has as many rooms as it may have."));
                    return;
                }
                membership = new Membership(session, room, absentIn(session, join.room()));
                session.memberships.put(membership);
                if (session.memberships.size() == mostMemberships() + 1) {
                    session.pause();
                }
            }
            membership.wanted = true;
            session.wantedRooms++;
        }
        send(membership, join);
    }

    private void publish(LiveSession session, ClientMessage.Publish publish) {
        RoomCheck check = checkOf(session, publish);
        Consumer<MessageEvent> listener = listeners.message();
        if ((check == null && listener == null) || !isMembers(session, publish)) {
            route(session, publish);
        } else {
            MessageEvent event = new MessageEvent(session, publish);
            askAndRoute(session, publish, event, check, call(listener, event));
        }
    }

    private void update(LiveSession session, ClientMessage.Update update) {
        RoomCheck check = checkOf(session, update);
        Consumer<UpdateEvent> listener = listeners.update();
        if ((check == null && listener == null) || !isMembers(session, update)) {
            route(session, update);
        } else {
            UpdateEvent event = new UpdateEvent(session, update);
            askAndRoute(session, update, event, check, call(listener, event));
        }
    }

    private void member(LiveSession session, ClientMessage.Member member) {
        RoomCheck check = checkOf(session, member);
        if (check == null || !isMembers(session, member)) {
            route(session, member);
        } else {
            askAndRoute(session, member, new MemberEvent(session, member), check, null);
        }
    }

    /** What is asked about what is said in the room, as far as it is known here; null if nothing is. */
    private static @Nullable RoomCheck checkOf(LiveSession session, ClientMessage.InRoom request) {
        Membership membership = session.memberships.get(request.room());
        return membership == null ? null : membership.room.check;
    }

    /** Whether it is a member's request, as far as is known here; another will be refused without being asked about. */
    private static boolean isMembers(LiveSession session, ClientMessage.InRoom request) {
        Membership membership = session.memberships.get(request.room());
        return membership != null && membership.wanted;
    }

    private static <E> @Nullable Runnable call(@Nullable Consumer<E> listener, E event) {
        return listener == null ? null : () -> listener.accept(event);
    }

    private void askAndRoute(
            LiveSession session,
            ClientMessage.InRoom request,
            RoomRequestEvent event,
            @Nullable RoomCheck check,
            @Nullable Runnable listener) {
        ask(session, () -> event.decide(check, listener), failure -> {
            Refusal refusal = Refusals.by(request, event, failure);
            if (refusal != null) {
                answer(session, request, refusal);
            } else {
                route(session, event.result());
            }
        });
    }

    /** Sends a request to its room; where there is nothing of that room, answers it. */
    private void route(LiveSession session, ClientMessage.InRoom request) {
        Membership membership = session.memberships.get(request.room());
        if (membership == null) {
            if (request instanceof ClientMessage.Leave leave) {
                leaveAbsent(session, leave);
            } else {
                session.tell(Refusals.error(Refusals.notMember(request)));
            }
            return;
        }
        if (request instanceof ClientMessage.Leave) {
            if (membership.wanted) {
                membership.wanted = false;
                session.wantedRooms--;
            }
            if (session.grace != null) {
                session.grace.forget(request.room());
            }
        }
        if (request instanceof ClientMessage.Publish && membership.room.turn != session.turn) {
            rooms.counters().crossLanePublishes.increment();
        }
        send(membership, request);
    }

    /** A leave of a room that this connection has not joined: there may be a membership of its session all the same. */
    private static void leaveAbsent(LiveSession session, ClientMessage.Leave leave) {
        ServerMessage left = new ServerMessage.Left(leave.id(), leave.room(), null);
        Membership absent = session.grace == null ? null : session.grace.takeAbsent(leave.room());
        if (absent == null) {
            session.tell(left);
        } else {
            LiveRoom room = absent.room;
            session.await();
            session.turn.send(room.turn, () -> {
                room.drop(absent);
                room.turn.send(session.turn, () -> {
                    session.tell(left);
                    session.goOn();
                });
            });
        }
    }

    /** Answers with a refusal, behind what is under way in that room. */
    private void answer(LiveSession session, ClientMessage.InRoom request, Refusal refusal) {
        Membership membership = session.memberships.get(request.room());
        if (membership != null) {
            send(membership, refusal);
        } else {
            session.tell(Refusals.error(refusal));
        }
    }

    private static void send(Membership membership, Decoded request) {
        membership.sent++;
        LiveSession session = membership.session;
        Turn turn = session.turn;
        LiveRoom room = membership.room;
        if (request instanceof ClientMessage.InRoom message && bringsMuch(membership, message)) {
            session.replayBegins(request);
        } else if (room.turn != turn && membership.sent % MOST_UNDER_WAY == 0) {
            session.replayBegins(membership);
            turn.send(room.turn, () -> {
                try {
                    room.receive(membership, request);
                } finally {
                    room.turn.send(turn, () -> session.nothingComes(membership));
                }
            });
            return;
        }
        turn.send(room.turn, () -> room.receive(membership, request));
    }

    /** Whether the reply may be so large that the next request should wait until the socket has taken it. */
    private static boolean bringsMuch(Membership membership, ClientMessage.InRoom request) {
        LiveRoom room = membership.room;
        return request.asksForMessages()
                || request instanceof ClientMessage.Members
                || (request instanceof ClientMessage.Update update && update.isConditional())
                || (request instanceof ClientMessage.Join join
                        && (membership.sent > 1
                                || (room.state.takes(join) && room.state.isLarge())
                                || room.members.bringsMuch(join)));
    }

    private static @Nullable Membership absentIn(LiveSession session, String room) {
        return session.grace == null ? null : session.grace.absentIn(room);
    }

    void sendToMember(LiveSession session, String roomId, Json data) {
        Membership membership = session.memberships.get(roomId);
        if (membership != null) {
            LiveRoom room = membership.room;
            session.turn.send(
                    room.turn,
                    () -> room.messages.sendTo(
                            member -> member == membership, new Publication(null, null, null, data, false, null)));
        }
    }

    // ---- What comes back from a room

    /** The room has handled that many requests of a session that is not in it: if that was all, the two part. */
    void settle(Membership membership, int handled) {
        if (membership.sent == handled) {
            part(membership);
        }
    }

    /** The room has done with a membership whose connection is gone. */
    void settleDropped(Membership membership) {
        part(membership);
        confirmed(membership);
    }

    /** The room keeps the membership, because its session may come back. */
    void isAbsent(Membership membership) {
        confirmed(membership);
    }

    private static void confirmed(Membership membership) {
        Grace grace = membership.session.grace;
        if (grace != null) {
            grace.confirmed(membership);
        }
    }

    private void part(Membership membership) {
        LiveSession session = membership.session;
        if (session.memberships.get(membership.room.id) != membership) {
            return; // It was taken over and dropped at the same time: the second word of it changes nothing.
        }
        if (membership.wanted) {
            membership.wanted = false;
            session.wantedRooms--;
        }
        session.memberships.remove(membership);
        registry.release(membership.room);
        tellOfEnd(session);
        if (session.memberships.size() == mostMemberships()) {
            // Later, because reading on at once would come in the middle of what a room's share carries out.
            session.turn.lane.execute(session::resume);
        }
    }

    private long mostMemberships() {
        return rooms.limits().get(Limit.ROOMS_PER_CONNECTION) + LEAVING;
    }

    void leftRoom(Membership membership, boolean wasMember, String reason) {
        Consumer<LeaveEvent> listener = listeners.leave();
        if (wasMember && listener != null) {
            LeaveEvent event = new LeaveEvent(membership.session, membership.room.id, reason);
            userCode.tell(membership.session, () -> listener.accept(event));
        }
    }

    // ---- A connection ends

    void dropped(LiveSession session, int code) {
        if (session.grace == null) {
            dropAll(session);
        } else {
            session.grace.connectionEnded(code);
        }
        // Not before, or a room on this lane would already tell of the end.
        session.endCode = code;
        tellOfEnd(session);
    }

    void dropAll(LiveSession session) {
        session.memberships.forEach(this::drop);
    }

    /** Takes a membership whose connection is gone out of its room. */
    void drop(Membership membership) {
        membership.sent++;
        LiveRoom room = membership.room;
        membership.session.turn.send(room.turn, () -> room.drop(membership));
    }

    /** The end of a connection is told when it is out of its last room, so behind each leave. */
    private void tellOfEnd(LiveSession session) {
        Consumer<DisconnectEvent> listener = listeners.disconnect();
        if (listener != null && session.endCode != 0 && session.memberships.size() == 0) {
            DisconnectEvent event = new DisconnectEvent(session, session.endCode);
            userCode.tell(session, () -> listener.accept(event));
        }
    }

    // ---- User code

    private void ask(LiveSession session, Runnable listener, UserCode.Answer answer) {
        session.await();
        userCode.ask(session, listener, failure -> {
            if (!session.isGone()) {
                answer.done(failure);
                session.goOn();
            }
        });
    }
}
