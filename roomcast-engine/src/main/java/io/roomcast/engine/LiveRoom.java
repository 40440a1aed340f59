package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Publication;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.Decoded;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.MemberEntry;
import io.roomcast.protocol.MembersOption;
import io.roomcast.protocol.Refusal;
import io.roomcast.protocol.RequestId;
import io.roomcast.protocol.ServerMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A room while it is alive: who is in it and what happens in which order.
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
 * its later requests wait, so that its replies keep the order of its requests; other members go on.
 *
 * <h2>Memory</h2>
 *
 * A room holds its list of members, a share for each lane that has had members, and what is under way. What waits for
 * one member is bounded by pausing that connection beyond {@value #PAUSE_BEYOND} requests.
 */
final class LiveRoom {
    private static final int PAUSE_BEYOND = 16;
    private static final int MEMBERS_PER_REPLY = 1_000;

    final String id;
    final Turn turn;
    private final Rooms rooms;
    private final RoomTemplate template;
    private final AtomicInteger holds = new AtomicInteger(1);
    private final FanOut fanOut;
    private final MemberList members = new MemberList();
    private final News news;

    /** Where the room stands, null until the broker has opened its log. */
    private @Nullable Sequencer sequencer;

    /** What waits for the log to be opened, in order; null when nobody has asked the broker. */
    private @Nullable ArrayList<Runnable> untilOpen;

    LiveRoom(String id, Turn home, Rooms rooms, int lanes) {
        this.id = id;
        this.turn = home;
        this.rooms = rooms;
        this.template = rooms.template(id);
        this.fanOut = new FanOut(home, lanes);
        this.news = new News(this, fanOut, rooms.newsMillis());
    }

    /** What holds for this room. From any thread. */
    RoomTemplate template() {
        return template;
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

    /** Runs the step now, or behind what this membership still waits for. */
    private void whenItsTurn(Membership membership, Runnable step) {
        if (!membership.awaiting) {
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

    /** The broker has answered: what has waited is taken, as far as that goes. */
    private void goOn(Membership membership) {
        membership.awaiting = false;
        if (membership.goingOn) {
            // The broker has answered within a step's call; the loop that runs the step takes the next.
            return;
        }
        membership.goingOn = true;
        try {
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
            publish(membership, publish);
        } else if (request instanceof ClientMessage.Join join) {
            join(membership, join);
        } else if (request instanceof ClientMessage.Leave leave) {
            leave(membership, leave.id(), null);
        } else if (request instanceof Refusal refusal) {
            reply(membership, Dispatcher.error(refusal));
        } else if (request instanceof ClientMessage.Members list) {
            list(membership, list);
        } else if (request instanceof ClientMessage.Member about) {
            tellAbout(membership, about);
        } else {
            throw new AssertionError(request);
        }
    }

    private void join(Membership membership, ClientMessage.Join join) {
        if (sequencer == null) {
            membership.awaiting = true;
            whenOpen(() -> {
                if (!membership.dropped) {
                    enter(membership, join);
                    goOn(membership);
                }
            });
        } else {
            enter(membership, join);
        }
    }

    private void enter(Membership membership, ClientMessage.Join join) {
        if (sequencer == null) {
            refuse(membership, join, ErrorCode.UNAVAILABLE, "The room cannot be opened right now; try again later.");
            return;
        }
        if (isTooLarge(membership, join, Limit.MEMBER_BYTES, join.member())) {
            return;
        }
        if (!membership.isMember()) {
            if (members.size() >= template.limits().get(Limit.MEMBERS_PER_ROOM)) {
                refuse(membership, join, ErrorCode.ROOM_FULL, "The room has as many members as it may have.");
                return;
            }
            membership.number = rooms.nextNumber();
            membership.about = join.member();
            members.append(membership);
            fanOut.entered(membership);
            rooms.counters().members.increment();
            news.joined(membership);
        }
        membership.option = join.members();
        membership.sawEvent = news.events();
        List<MemberEntry> list = join.members() == MembersOption.LIST ? entries(0, members.size()) : null;
        EncodedFrame joined = turn.encode(
                new ServerMessage.Joined(
                        join.id(),
                        id,
                        Ids.member(membership.number),
                        sequencer.epoch(),
                        sequencer.offset(),
                        0,
                        members.size(),
                        list,
                        null,
                        null),
                this);
        MembersOption option = membership.option;
        fanOut.at(membership, share -> share.enter(joined, membership, option));
    }

    /** @param reason null when it leaves by itself, else why it is removed */
    private void leave(Membership membership, RequestId request, @Nullable String reason) {
        boolean wasMember = takeOut(membership);
        EncodedFrame left = turn.encode(new ServerMessage.Left(request, id, reason), this);
        int handled = membership.handled;
        fanOut.at(membership, share -> {
            share.exit(left, membership);
            rooms.dispatcher().leftRoom(membership, wasMember, reason == null ? "left" : reason);
            rooms.dispatcher().settle(membership, handled);
        });
    }

    /** The connection is gone: nothing that waits is done any more. */
    void drop(Membership membership) {
        assert turn.lane.inLane();
        membership.dropped = true;
        membership.waiting = null;
        boolean wasMember = takeOut(membership);
        fanOut.at(membership, share -> {
            share.forget(membership);
            rooms.dispatcher().leftRoom(membership, wasMember, "disconnected");
            rooms.dispatcher().settleDropped(membership);
        });
    }

    private boolean takeOut(Membership membership) {
        if (!membership.isMember()) {
            return false;
        }
        members.remove(membership);
        news.left(membership);
        membership.number = 0;
        fanOut.left(membership);
        rooms.counters().members.decrement();
        return true;
    }

    private void list(Membership membership, ClientMessage.Members request) {
        if (!isMember(membership, request)) {
            return;
        }
        int from = 0;
        String after = request.after();
        if (after != null) {
            long number = Ids.memberNumber(after);
            if (number == 0) {
                refuse(membership, request, ErrorCode.BAD_REQUEST, "`after` is no member id; take one of a list.");
                return;
            }
            from = members.indexBehind(number);
        }
        int limit = request.limit() == 0 ? MEMBERS_PER_REPLY : Math.min(request.limit(), MEMBERS_PER_REPLY);
        int to = Math.min(members.size(), from + limit);
        reply(
                membership,
                new ServerMessage.Members(request.id(), id, members.size(), entries(from, to), to < members.size()));
    }

    private void tellAbout(Membership membership, ClientMessage.Member request) {
        if (isMember(membership, request) && !isTooLarge(membership, request, Limit.MEMBER_BYTES, request.member())) {
            membership.about = request.member();
            news.changed(membership);
            if (request.id().isPresent()) {
                reply(membership, new ServerMessage.Ok(request.id(), id));
            }
        }
    }

    private void publish(Membership membership, ClientMessage.Publish publish) {
        if (!isMember(membership, publish) || isTooLarge(membership, publish, Limit.DATA_BYTES, publish.data())) {
            return;
        }
        String to = publish.to();
        if (to != null && members.find(Ids.memberNumber(to)) == null) {
            refuse(membership, publish, ErrorCode.NOT_MEMBER, "`to` is no member of the room; take an id of its list.");
            return;
        }
        rooms.counters().publishes.increment();
        membership.awaiting = true;
        Publication publication = new Publication(
                Ids.member(membership.number),
                membership.session.user(),
                publish.event(),
                publish.data(),
                publish.keep() && to == null,
                to);
        submit(new Publishing(this, publication, membership, publish));
    }

    /** Gives a message to the broker. The room is held while the answer is awaited. */
    private void submit(Publishing publishing) {
        assert sequencer != null : "whoever publishes is in, or has opened the room";
        sequencer.publish(publishing);
        if (!publishing.isApplied()) {
            boolean held = tryHold();
            assert held : "whoever publishes holds the room";
            publishing.holdsRoom = true;
        }
    }

    /** The broker's answer to a message, in whatever order: from any thread. */
    void answered(Publishing publishing) {
        if (turn.lane.inLane()) {
            sequence(publishing);
        } else {
            turn.lane.execute(() -> sequence(publishing));
        }
    }

    private void sequence(Publishing publishing) {
        assert sequencer != null : "only an open room publishes";
        sequencer.answered(publishing, this::apply);
    }

    /** A message has got its place, and everything before it has been shown: here it becomes part of the room. */
    private void apply(Publishing publishing) {
        Membership publisher = publishing.publisher;
        if (publishing.failure() != null) {
            publishing.completeExceptionally();
            if (publisher != null && !publisher.dropped) {
                refuse(
                        publisher,
                        publishing.request(),
                        ErrorCode.UNAVAILABLE,
                        "The message was not accepted; try again later.");
            }
        } else {
            show(publishing);
            publishing.complete();
            if (publisher != null && publishing.wantsReply() && !publisher.dropped) {
                reply(
                        publisher,
                        new ServerMessage.Published(publishing.request().id(), id, publishing.offset()));
            }
        }
        publishing.applied();
        if (publisher != null) {
            goOn(publisher);
        }
        if (publishing.holdsRoom) {
            rooms.release(this);
        }
    }

    private void show(Publishing publishing) {
        Publication said = publishing.publication;
        EncodedFrame frame = turn.message(
                new ServerMessage.Message(
                        id,
                        publishing.offset(),
                        publishing.atMillis(),
                        said.from(),
                        said.user(),
                        said.event(),
                        said.to(),
                        said.data()),
                this);
        if (said.to() != null) {
            Membership target = members.find(Ids.memberNumber(said.to()));
            if (target == null) {
                frame.release();
            } else {
                fanOut.at(target, share -> share.toOne(frame, target));
            }
        } else {
            fanOut.toAll(frame, publishing.isForPublisherToo() ? null : publishing.publisher);
        }
    }

    // ---- For the application

    /** Publishes for the server. Runs on the home lane; the caller holds the room until the future is done. */
    void publishForServer(Publication publication, CompletableFuture<Long> done) {
        whenOpen(() -> {
            if (sequencer == null) {
                done.completeExceptionally(new IllegalStateException("The room's log cannot be opened"));
                return;
            }
            rooms.counters().publishes.increment();
            submit(new Publishing(this, publication, done));
        });
    }

    /** Sends to these members alone, now. */
    int sendTo(Predicate<Membership> who, Publication publication) {
        int reached = 0;
        for (int i = 0; i < members.size(); i++) {
            Membership member = members.at(i);
            if (who.test(member)) {
                EncodedFrame frame = turn.message(
                        new ServerMessage.Message(
                                id,
                                0,
                                rooms.clock().wallMillis(),
                                null,
                                null,
                                publication.event(),
                                Ids.member(member.number),
                                publication.data()),
                        this);
                fanOut.at(member, share -> share.toOne(frame, member));
                reached++;
            }
        }
        return reached;
    }

    /** Removes this member, behind what it waits for. Whether there is such a member. */
    boolean remove(String memberId, String reason) {
        Membership member = members.find(Ids.memberNumber(memberId));
        if (member == null) {
            return false;
        }
        whenItsTurn(member, () -> {
            if (member.isMember() && Ids.member(member.number).equals(memberId)) {
                leave(member, RequestId.NONE, reason);
            }
        });
        return true;
    }

    List<MemberEntry> members() {
        return entries(0, members.size());
    }

    // ---- Small steps

    int size() {
        return members.size();
    }

    /** Runs the step when the broker has opened the log, or has failed to. */
    private void whenOpen(Runnable step) {
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
        List<Runnable> steps = untilOpen == null ? List.of() : untilOpen;
        untilOpen = null;
        steps.forEach(Runnable::run);
        if (opened != null && holds.get() == 0) {
            opened.close();
        }
    }

    private List<MemberEntry> entries(int from, int to) {
        List<MemberEntry> entries = new ArrayList<>(Math.max(0, to - from));
        for (int i = from; i < to; i++) {
            entries.add(members.at(i).entry());
        }
        return entries;
    }

    private boolean isMember(Membership membership, ClientMessage request) {
        if (!membership.isMember()) {
            refuse(membership, request, ErrorCode.NOT_MEMBER, Dispatcher.NOT_MEMBER);
        }
        return membership.isMember();
    }

    /** Refuses what the template, stricter than the server, does not take. */
    private boolean isTooLarge(Membership membership, ClientMessage request, Limit limit, @Nullable Json json) {
        boolean tooLarge = json != null && json.length() > template.limits().get(limit);
        if (tooLarge) {
            String most = limit.key() + " is " + template.limits().get(limit) + " in this room; send less.";
            refuse(membership, request, ErrorCode.TOO_LARGE, most);
        }
        return tooLarge;
    }

    private void refuse(Membership membership, ClientMessage request, ErrorCode code, String message) {
        reply(membership, Dispatcher.error(new Refusal(request.id(), request.type(), id, code, message)));
    }

    /** A frame for one session, at its place in the room's order. */
    private void reply(Membership membership, ServerMessage message) {
        EncodedFrame frame = turn.encode(message, this);
        boolean settles = !membership.isMember();
        int handled = membership.handled;
        fanOut.at(membership, share -> {
            share.toOne(frame, membership);
            if (settles) {
                rooms.dispatcher().settle(membership, handled);
            }
        });
    }
}
