package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Publication;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.PlainPublish;
import io.roomcast.protocol.ServerMessage;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is published in a room: from the request over the broker, which gives a message its place, to the members. Used on
 * the room's home lane only, but for the broker's answers, which come from any thread.
 */
final class RoomMessages {
    private final LiveRoom room;

    /** What waits for the tick, null as long as nothing has. */
    private @Nullable GatheredMessages gathered;

    RoomMessages(LiveRoom room) {
        this.room = room;
    }

    /** Whether this message can go to all within the call: what it depends on is here, and nothing is under way before it. */
    boolean goesAtOnce(Membership membership, PlainPublish said) {
        return membership.isMember()
                && !membership.awaiting
                && !membership.goingOn
                && membership.waiting == null
                && said.dataBytes() <= room.template.limits().get(Limit.DATA_BYTES)
                && (!said.hasEvent() || !room.template.tellsEventsApart())
                && room.sequencer().placesAtOnce()
                && !room.history.isAwaited();
    }

    /**
     * Sends a message to all, for which {@link #goesAtOnce} holds: to the same end as {@link #publish}, but nothing is made
     * of it but its frame, and what the broker keeps.
     */
    void publishAtOnce(Membership membership, PlainPublish said) {
        assert room.turn.lane.inLane();
        membership.handled++;
        room.rooms.counters().publishes.increment();
        long atMillis = room.rooms.clock().wallMillis();
        long offset = room.sequencer().place(said, membership, atMillis);
        EncodedFrame frame = room.turn.message(said, offset, atMillis, membership);
        letOut();
        room.fanOut.toAll(frame);
    }

    void publish(Membership membership, ClientMessage.Publish publish) {
        if (!room.isMember(membership, publish)
                || room.isTooLarge(membership, publish, Limit.DATA_BYTES, publish.data())) {
            return;
        }
        String to = publish.to();
        String own = publish.key();
        MessageKey key = own == null ? null : new MessageKey(membership.session.keyOwner(), own);
        if (to != null && room.members.find(to) == null) {
            publishToNobody(membership, publish, key);
            return;
        }
        room.rooms.counters().publishes.increment();
        membership.awaiting = true;
        Publication publication = new Publication(
                membership.id(),
                membership.session.user(),
                publish.event(),
                publish.data(),
                publish.keep() && to == null,
                to,
                key);
        submit(new Publishing(room, publication, membership, publish));
    }

    /** There is no such member; but there may have been when the same was published before, whose reply is due again. */
    private void publishToNobody(Membership membership, ClientMessage.Publish publish, @Nullable MessageKey key) {
        if (key == null) {
            refuseNobody(membership, publish);
            return;
        }
        membership.awaiting = true;
        boolean held = room.tryHold();
        assert held : "whoever publishes holds the room";
        room.log().find(key, new Broker.KeyAnswer() {
            @Override
            public void found(long offset) {
                // The reply says that the message has its place in the room's order, which it may be about to get.
                answered(offset, () -> {
                    if (publish.id().isPresent() || !publish.echo()) {
                        room.reply(membership, publish, new ServerMessage.Published(publish.id(), room.id, offset));
                    }
                });
            }

            @Override
            public void unknown() {
                answered(0, () -> refuseNobody(membership, publish));
            }

            @Override
            public void failed(String why) {
                answered(0, () -> refuseUnaccepted(membership, publish));
            }

            private void answered(long behindOffset, Runnable step) {
                room.rooms.runIn(
                        room.turn,
                        () -> room.sequencer().behindOffset(behindOffset, () -> {
                            if (!membership.dropped) {
                                room.goOn(membership, step);
                            }
                            room.rooms.release(room);
                        }));
            }
        });
    }

    private void refuseNobody(Membership membership, ClientMessage.Publish publish) {
        String message = "`to` is no member of the room; take an id of its list.";
        room.refuse(membership, publish, ErrorCode.NOT_MEMBER, message);
    }

    private void refuseUnaccepted(Membership membership, ClientMessage.Publish publish) {
        String message = "The message was not accepted; try again later.";
        room.refuse(membership, publish, ErrorCode.UNAVAILABLE, message);
    }

    /** Publishes for the server. The caller holds the room until the future is done. */
    void publishForServer(Publication publication, CompletableFuture<Long> done) {
        room.whenOpen(() -> {
            if (!room.isOpen()) {
                done.completeExceptionally(new IllegalStateException("The room's log cannot be opened"));
                return;
            }
            room.rooms.counters().publishes.increment();
            submit(new Publishing(room, publication, done));
        });
    }

    /** Gives a message to the broker. The room is held while the answer is awaited. */
    private void submit(Publishing publishing) {
        room.sequencer().publish(publishing);
        if (!publishing.isApplied()) {
            boolean held = room.tryHold();
            assert held : "whoever publishes holds the room";
            publishing.holdsRoom = true;
        }
    }

    /** The broker's answer to a message, in whatever order: from any thread. */
    void answered(Publishing publishing) {
        if (room.turn.lane.inLane()) {
            sequence(publishing);
        } else {
            room.turn.lane.execute(() -> sequence(publishing));
        }
    }

    private void sequence(Publishing publishing) {
        room.sequencer().answered(publishing, this::apply);
    }

    /** A message has got its place, and everything before it has been shown: here it becomes part of the room. */
    private void apply(Publishing publishing) {
        Membership publisher = publishing.publisher;
        if (publishing.failure() != null) {
            publishing.completeExceptionally();
            if (publisher != null && !publisher.dropped) {
                refuseUnaccepted(publisher, publishing.request());
            }
        } else {
            boolean repliesLater = !publishing.isRepeated() && show(publishing);
            publishing.complete();
            if (publisher != null && !repliesLater && publishing.wantsReply()) {
                replyPublished(publisher, publishing);
            }
        }
        publishing.applied();
        if (publisher != null) {
            room.goOn(publisher);
        }
        if (publishing.holdsRoom) {
            room.rooms.release(room);
        }
    }

    /** Answers who has published, if it still hears that. */
    void replyPublished(Membership publisher, Publishing publishing) {
        if (!publisher.dropped) {
            ClientMessage.Publish request = publishing.request();
            room.reply(publisher, request, new ServerMessage.Published(request.id(), room.id, publishing.offset()));
        }
    }

    /** Shows it to the members, now or with the tick. Whether it is with the tick, and the reply with it. */
    private boolean show(Publishing publishing) {
        if (publishing.offset() > 0) {
            room.history.applied(publishing);
        }
        Publication said = publishing.publication;
        ServerMessage.Message message = shown(publishing.offset(), publishing.atMillis(), said);
        if (said.to() == null && room.template.gathers(said.event())) {
            if (gathered == null) {
                gathered = new GatheredMessages(room);
            }
            gathered.add(message, latest(said), publishing);
            return true;
        }
        letOut();
        EncodedFrame frame = room.turn.message(message, latest(said), room);
        if (said.to() != null) {
            Membership target = room.members.find(said.to());
            if (target == null) {
                frame.release();
            } else {
                room.fanOut.at(target, share -> share.toOne(frame, target));
            }
        } else {
            room.fanOut.toAll(frame, publishing.isForPublisherToo() ? null : publishing.publisher);
        }
        return false;
    }

    /** Sends what was gathered: its time has come, or something else is to stand behind it. */
    void letOut() {
        if (gathered != null) {
            gathered.letOut();
        }
    }

    /** What a message has alike with the one that outdates it; null if it is one that counts even then. */
    private @Nullable String latest(Publication said) {
        if (said.keep() || said.to() != null || !room.template.isLatest(said.event())) {
            return null;
        }
        String from = said.from();
        return (from == null ? "" : from) + ' ' + said.event();
    }

    /** The message that members see of this publication. */
    ServerMessage.Message shown(long offset, long atMillis, Publication said) {
        return shown(offset, atMillis, said, said.to());
    }

    private ServerMessage.Message shown(long offset, long atMillis, Publication said, @Nullable String to) {
        return new ServerMessage.Message(
                room.id, offset, atMillis, said.from(), said.user(), said.event(), to, said.data());
    }

    /** Sends to these members alone, now. How many there are. */
    int sendTo(Predicate<Membership> who, Publication publication) {
        letOut();
        return room.members.forEach(who, member -> {
            long now = room.rooms.clock().wallMillis();
            EncodedFrame frame = room.turn.message(shown(0, now, publication, Ids.member(member.number)), null, room);
            room.fanOut.at(member, share -> share.toOne(frame, member));
        });
    }
}
