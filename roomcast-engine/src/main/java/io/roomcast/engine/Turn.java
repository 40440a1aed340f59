package io.roomcast.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Lane;
import io.roomcast.protocol.JsonWriter;
import io.roomcast.protocol.MessageDecoder;
import io.roomcast.protocol.MessageEncoder;
import io.roomcast.protocol.PlainPublish;
import io.roomcast.protocol.ServerMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane gathers during a turn and lets out at its end. There is one for each lane, used turn after turn, and it is
 * touched by that lane only.
 *
 * <h2>Writes</h2>
 *
 * During a turn, frames for all members of a room are appended to the runs of its audiences, and frames for one
 * connection to that connection's outbox. Nothing is written yet. At the end, every connection gets at most one write:
 *
 * <ol>
 *   <li>A dirty audience's run is joined into one piece of bytes, and the lane is handed that piece together with an
 *       array of all connections that have nothing else pending: the usual case, one call for a whole room.
 *   <li>Whoever has something else (a reply, frames of a second room, bytes that the socket did not take) gets the frames
 *       of the run in its outbox, by reference, behind what is there.
 *   <li>Outboxes of connections that are not blocked are written last, one call each.
 * </ol>
 *
 * An audience of more than {@value #SLICE} members is written in slices, one a turn, so that other rooms go on in
 * between. Meanwhile the room's share on this lane holds back what happens next, and its run stays as it is.
 *
 * <h2>Crossings</h2>
 *
 * What is meant for another lane is gathered too, and shipped at the end of the turn as one task for each other lane, so
 * that a thousand publishes cost one wake-up. It goes before this lane writes: to write to a large room takes milliseconds,
 * in which the other lane can write to its own members. What comes up while this one writes goes behind it. Between two
 * lanes order is kept: a list is filled, shipped and worked off in the order of the calls.
 *
 * <h2>Memory</h2>
 *
 * The arrays here keep the size of the largest turn, up to {@value #SLICE} connections. Frames are references.
 */
final class Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

    /** Members of an audience that are written before other rooms get their turn. */
    private static final int SLICE = 4096;

    final Lane lane;
    final JsonWriter json = new JsonWriter();
    final MessageDecoder decoder;
    final Stalls stalls = new Stalls(this);
    final ReplayPace replays = new ReplayPace(this);
    private final ByteBufAllocator allocator;
    private final Statistics.Counters counters;

    /** Tasks for each other lane, by its index; null where there are none. */
    private final @Nullable Crossing[] crossings;

    private final ArrayList<Crossing> toShip = new ArrayList<>();
    private final ArrayList<Audience> dirty = new ArrayList<>();
    private final ArrayList<LiveSession> talking = new ArrayList<>();
    private Connection[] batch = new Connection[64];
    private final Connection[] single = new Connection[1];
    private final Runnable end = this::end;
    private boolean endIsPlanned;

    Turn(Lane lane, int lanes, MessageDecoder decoder, ByteBufAllocator allocator, Statistics.Counters counters) {
        this.lane = lane;
        this.decoder = decoder;
        this.allocator = allocator;
        this.counters = counters;
        this.crossings = new Crossing[lanes];
    }

    /** The frame of this message, which belongs to no room or to this one, with one reference for the caller. */
    EncodedFrame encode(ServerMessage message, @Nullable LiveRoom room) {
        write(message);
        return EncodedFrame.text(allocator, json, room);
    }

    /** The beginning of a reply to a join whose messages are the other piece, with one reference for the caller. */
    EncodedFrame beginOfJoined(ServerMessage.Joined joined, LiveRoom room, EncodedFrame messages) {
        assert lane.inLane();
        json.clear();
        MessageEncoder.encodeBeginOfJoined(joined, json);
        return EncodedFrame.begin(allocator, json, room, messages);
    }

    /** The end of a reply to a join, to be shared by all who get these messages, with one reference for the caller. */
    EncodedFrame endOfJoined(List<ServerMessage.Message> messages, LiveRoom room) {
        assert lane.inLane();
        json.clear();
        MessageEncoder.encodeEndOfJoined(messages, json);
        return EncodedFrame.end(allocator, json, room);
    }

    /**
     * The frame of a room's message, with one reference for the caller.
     *
     * @param latest what the next message has alike that outdates this one, null if none does
     */
    EncodedFrame message(ServerMessage.Message message, @Nullable String latest, LiveRoom room) {
        write(message);
        return EncodedFrame.messages(
                allocator,
                json,
                room,
                Math.max(0, message.offset() - 1),
                message.offset(),
                latest == null ? null : List.of(ShownMessage.alone(latest)));
    }

    /** The frame of a message that goes on as this member has said it, with one reference for the caller. */
    EncodedFrame message(PlainPublish said, long offset, long atMillis, Membership from) {
        assert lane.inLane();
        LiveRoom room = from.room;
        json.clear();
        MessageEncoder.encodeMessage(said, room.id, offset, atMillis, from.id(), from.session.user(), json);
        return EncodedFrame.messages(allocator, json, room, Math.max(0, offset - 1), offset, null);
    }

    /** A message to be put into a frame with others. */
    ShownMessage shown(ServerMessage.Message message, @Nullable String latest) {
        assert lane.inLane();
        json.clear();
        MessageEncoder.encodeEntry(message, json);
        return new ShownMessage(Arrays.copyOf(json.array(), json.length()), message.offset(), latest);
    }

    /** The frame of these messages of a room, at least one, with one reference for the caller. */
    EncodedFrame messages(List<ShownMessage> messages, LiveRoom room) {
        assert lane.inLane();
        List<byte[]> entries = new ArrayList<>(messages.size());
        boolean mayBeOutdated = false;
        long after = 0;
        long offset = 0;
        for (ShownMessage message : messages) {
            entries.add(message.json);
            mayBeOutdated |= message.latest != null;
            if (message.offset > 0) {
                after = offset == 0 ? message.offset - 1 : after;
                offset = message.offset;
            }
        }
        json.clear();
        MessageEncoder.encodeMessages(room.id, entries, json);
        return EncodedFrame.messages(allocator, json, room, after, offset, mayBeOutdated ? messages : null);
    }

    /** The frame of a change of the state, with one reference for the caller. */
    EncodedFrame state(MergedChange change, LiveRoom room) {
        write(change.frame(room.id));
        return EncodedFrame.state(allocator, json, room, change);
    }

    /** The frame that tells of dropped messages, with one reference for the caller. */
    EncodedFrame gap(ServerMessage.Gap gap, LiveRoom room) {
        write(gap);
        return EncodedFrame.gap(allocator, json, room, gap.after(), gap.before());
    }

    private void write(ServerMessage message) {
        assert lane.inLane();
        if (message instanceof ServerMessage.Error error) {
            counters.refused(error.refusal().code());
        }
        json.clear();
        MessageEncoder.encode(message, json);
    }

    /** Runs the task in the other lane's turn: at once if that is this one, else at the end of this turn. */
    void send(Turn other, Runnable task) {
        assert lane.inLane();
        if (other == this) {
            task.run();
            return;
        }
        Crossing crossing = crossings[other.lane.index()];
        if (crossing == null) {
            crossing = new Crossing(other);
            crossings[other.lane.index()] = crossing;
            toShip.add(crossing);
            planEnd();
        }
        crossing.tasks.add(task);
    }

    /** This audience's run is to be written at the end of the turn. */
    void dirty(Audience audience) {
        if (!audience.dirty) {
            audience.dirty = true;
            dirty.add(audience);
            planEnd();
        }
    }

    /** This session's outbox is to be written at the end of the turn. The session sees to it that it is there once. */
    void talking(LiveSession session) {
        talking.add(session);
        planEnd();
    }

    private void planEnd() {
        assert lane.inLane();
        if (!endIsPlanned) {
            endIsPlanned = true;
            lane.atEndOfTurn(end);
        }
    }

    private void end() {
        endIsPlanned = false;
        ship();
        boolean many = dirty.size() > 1;
        for (int i = 0; i < dirty.size(); i++) {
            write(dirty.get(i), many);
        }
        dirty.clear();
        for (int i = 0; i < talking.size(); i++) {
            talking.get(i).writeOutbox(this);
        }
        talking.clear();
        ship();
    }

    private void ship() {
        for (int i = 0; i < toShip.size(); i++) {
            Crossing crossing = toShip.get(i);
            crossings[crossing.destination.lane.index()] = null;
            crossing.destination.lane.execute(crossing);
        }
        toShip.clear();
    }

    private void write(Audience audience, boolean othersAreDirty) {
        audience.dirty = false;
        boolean sliced = audience.size > SLICE;
        if (sliced && audience.written == 0) {
            audience.share.hold();
        }
        int end = Math.min(audience.size, audience.written + SLICE);
        int count = 0;
        if (batch.length < end - audience.written) {
            batch = new Connection[Math.min(SLICE, Math.max(end - audience.written, batch.length * 2))];
        }
        for (int i = audience.written; i < end; i++) {
            Membership member = audience.members[i];
            LiveSession session = member.session;
            if (member.hasDiverged(audience.runNumber) || !session.hasNothingElse(othersAreDirty)) {
                session.queueFrom(audience.run, member.takenOf(audience.runNumber));
            } else {
                batch[count++] = session.connection;
            }
        }
        audience.written = end;
        if (count > 0) {
            counters.deliveries.add((long) count * audience.run.size());
            ByteBuf bytes = audience.run.joined(allocator);
            counters.sentBytes.add((long) count * bytes.readableBytes());
            lane.write(batch, count, bytes);
            bytes.release();
            Arrays.fill(batch, 0, count, null);
        }
        if (end < audience.size) {
            lane.execute(() -> dirty(audience));
        } else {
            audience.startNewRun();
            if (sliced) {
                lane.execute(audience.share::resume);
            }
        }
    }

    /** Writes one session's outbox: its only write in this turn. */
    void write(LiveSession session, Run outbox) {
        counters.deliveries.add(outbox.wholeFrames());
        ByteBuf bytes = outbox.joined(allocator);
        counters.sentBytes.add(bytes.readableBytes());
        single[0] = session.connection;
        lane.write(single, 1, bytes);
        bytes.release();
    }

    /** Tasks on their way from one lane to another. */
    private static final class Crossing implements Runnable {
        final Turn destination;
        final ArrayList<Runnable> tasks = new ArrayList<>();

        Crossing(Turn destination) {
            this.destination = destination;
        }

        @Override
        public void run() {
            for (Runnable task : tasks) {
                try {
                    task.run();
                } catch (RuntimeException | AssertionError bug) {
                    // One room's fault must not lose what others have sent along with it.
                    LOG.error("A task from another lane failed", bug);
                }
            }
        }
    }
}
