package io.roomcast.engine;

import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Endpoint;
import io.roomcast.protocol.ClientMessage;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Decoded;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.MessageDecoder;
import io.roomcast.protocol.PlainPublish;
import io.roomcast.protocol.Refusal;
import io.roomcast.protocol.ServerMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The engine's end of one connection: what it is in, what waits for it, whether it lives.
 *
 * <p>Threads: all fields are written on the session's lane only, and but for {@link #grace} read there only.
 *
 * <p>Back-pressure, out: frames that the socket does not take stay in the outbox, which holds references; beyond
 * {@code outboxBytes}, and one replay beside them, the connection is closed with 4008. In: while a replay is under way, or
 * {@value #MOST_REPLY_BYTES} bytes of replies have not been taken, or user code works on a message of this connection, or
 * the broker is behind with its answers, later messages wait in order, and reading is paused as soon as any waits.
 */
final class LiveSession extends Session implements Endpoint {
    private static final int MOST_NOTICES = 16;

    /** Of replies that the socket has not taken; beyond, the next request waits as it does behind a replay. */
    private static final int MOST_REPLY_BYTES = 65_536;

    /** How far the replay is that this connection has asked for. */
    private enum ReplayStep {
        NONE,
        ASKED_FOR,
        QUEUED,
        WRITTEN
    }

    final Connection connection;
    final Turn turn;
    private final Rooms rooms;
    private final Dispatcher dispatcher;

    /** The rooms it is in, on its way into or on its way out of. */
    final MembershipTable memberships;

    /** How many of these it is to be in when all that it has sent is done. */
    int wantedRooms;

    /** How the connection has ended, 0 while it has not. */
    int endCode;

    /** Bad frames since the last good one. */
    int badFrames;

    /** When it began, by the clock's monotonic time. */
    private final long openedNanos;

    /** The heartbeat's tick at which something last came from the peer. */
    int heardTick;

    /** Its place in the heartbeat's list. */
    int heartbeatSlot;

    /** While blocked: what the transport kept when it was last looked at, and for how long that has not become less. */
    long pendingBytes;

    int stalledSeconds;

    /**
     * By what it outlives its connection, null unless the client has asked for it. Set once; a home lane that handles a
     * message of this connection reads it too, see {@link #keyOwner()}.
     */
    @Nullable
    Grace grace;

    /** What it may send per second, null as long as it has sent nothing. */
    private @Nullable RateLimits rates;

    /** This session's turn with user code, null as long as none was called. */
    UserCode.@Nullable Serial serial;

    private @Nullable Run outbox;

    /** How much the outbox had when it was last made smaller by conflation; the next time is at twice as much. */
    private long conflatedBytes;

    private boolean talking;
    private boolean blocked;
    private @Nullable CloseCode closing;
    private boolean gone;

    /** Whether an answer is awaited without which the next message cannot be taken: of user code, or of another lane. */
    private boolean awaiting;

    private ReplayStep replay = ReplayStep.NONE;

    /** The request whose reply is the replay that is asked for, or the membership that is waited for; null unless one is. */
    private @Nullable Object replayOf;

    /** Of a replay that waits in the outbox, beside what it may hold. */
    private int replayBytes;

    /** Of all that came to the outbox since it was last written, but for messages. */
    private int replyBytes;

    private @Nullable ArrayDeque<Decoded> waiting;
    private int pauses;

    /** Notices to the application that are under way; beyond {@value #MOST_NOTICES} reading is paused. */
    private int notices;

    LiveSession(String id, Connection connection, Turn turn, Rooms rooms, Dispatcher dispatcher) {
        super(id);
        this.connection = connection;
        this.turn = turn;
        this.rooms = rooms;
        this.dispatcher = dispatcher;
        this.openedNanos = rooms.clock().nanoTime();
        this.memberships = new MembershipTable(rooms.hashSeed());
    }

    // ---- What comes in

    @Override
    public void text(byte[] utf8, int offset, int length) {
        assert turn.lane.inLane();
        heard();
        rooms.counters().receivedBytes.add(length);
        if (gone || closing != null) {
            return;
        }
        MessageDecoder decoder = turn.decoder;
        Decoded decoded;
        try {
            decoder.read(utf8, offset, length);
            decoded = publishedOrDecoded(decoder, length, rooms.clock().nanoTime());
        } finally {
            decoder.release();
        }
        if (decoded != null) {
            take(decoded);
        }
    }

    /**
     * Publishes the message that was read, if it can go to all within the call.
     *
     * @return null if it has; else the message, or its refusal if it is one too many
     */
    private @Nullable Decoded publishedOrDecoded(MessageDecoder decoder, int length, long now) {
        PlainPublish plain = isBusy() || waiting != null ? null : decoder.plainPublish();
        Membership membership = plain == null ? null : dispatcher.atOnce(this, plain);
        if (plain == null || membership == null) {
            return withinRates(decoder.message(), length, now);
        }
        long wait = waitForPublish(length, now);
        if (wait > 0) {
            return tooSoon(decoder.message(), wait, now);
        }
        Dispatcher.publishAtOnce(membership, plain);
        return null;
    }

    private void take(Decoded decoded) {
        if (isBusy() || waiting != null) {
            if (waiting == null) {
                waiting = new ArrayDeque<>();
                pause();
            }
            waiting.add(decoded);
        } else {
            dispatcher.take(this, decoded);
        }
    }

    /** The message, or its refusal if it is one too many. */
    private Decoded withinRates(Decoded decoded, int length, long now) {
        long wait;
        if (decoded instanceof ClientMessage.Publish || decoded instanceof ClientMessage.Update) {
            wait = waitForPublish(length, now);
        } else {
            wait = rates(now).bytes(length, now);
            if (wait == 0 && (decoded instanceof ClientMessage.Join || decoded instanceof ClientMessage.Leave)) {
                wait = rates(now).join(now);
            }
        }
        return wait == 0 ? decoded : tooSoon(decoded, wait, now);
    }

    private long waitForPublish(int length, long now) {
        long wait = rates(now).bytes(length, now);
        return wait == 0 ? rates(now).publish(now) : wait;
    }

    private Refusal tooSoon(Decoded decoded, long wait, long now) {
        if (rates(now).refused(now)) {
            closeAfterTurn(CloseCode.ABUSE);
        }
        return Refusals.overRate(decoded, wait);
    }

    private RateLimits rates(long now) {
        if (rates == null) {
            rates = new RateLimits(rooms.limits(), now);
        }
        return rates;
    }

    /** From now on what comes waits, until {@link #goOn()}: the next message depends on an answer that is awaited. */
    void await() {
        awaiting = true;
    }

    /** The answer is there: what has waited is taken, as far as that goes. */
    void goOn() {
        assert turn.lane.inLane();
        awaiting = false;
        takeWaiting();
    }

    /**
     * A reply is asked for that may be far longer than its request: what comes waits until the socket has taken it. So a
     * connection has one replay under way at the most, which bounds what waits for it, whatever number of rooms it joins in
     * one go.
     *
     * @param request by which its end is known, to {@link #replayComes} or {@link #nothingComes}; the membership, if only its
     *     room is waited for and not the socket
     */
    void replayBegins(Object request) {
        replay = ReplayStep.ASKED_FOR;
        replayOf = request;
    }

    /** The reply to this request is queued next: if it is the one that is awaited, with so many bytes of a replay. */
    void replayComes(Decoded request, long bytes) {
        if (!gone && replayOf == request) {
            replay = ReplayStep.QUEUED;
            replayOf = null;
            replayBytes = (int) Math.min(bytes, Integer.MAX_VALUE);
        }
    }

    /** This request, or what was asked of this membership's room, is done, and nothing of it is still to come. */
    void nothingComes(Object request) {
        if (replayOf == request) {
            replayOf = null;
            replayIsOver();
        }
    }

    /** The next message is taken, in a later task; or what has come meanwhile is waited for, if that is much. */
    private void replayIsOver() {
        replay = replyBytes > MOST_REPLY_BYTES ? ReplayStep.QUEUED : ReplayStep.NONE;
        if (replay == ReplayStep.NONE && waiting != null) {
            turn.lane.execute(this::takeWaiting);
        }
    }

    boolean isReplaying() {
        return replay != ReplayStep.NONE;
    }

    /** If the socket has taken all of a replay, it is over. */
    private void endReplay() {
        if (replay != ReplayStep.WRITTEN || blocked) {
            return;
        }
        if (connection.isUnderWay()) {
            turn.lane.execute(this::endReplay);
        } else {
            replayIsOver();
        }
    }

    private boolean isBusy() {
        return awaiting || replay != ReplayStep.NONE;
    }

    private void takeWaiting() {
        while (!isBusy() && waiting != null && !gone && closing == null) {
            Decoded next = waiting.poll();
            if (next == null) {
                waiting = null;
                resume();
            } else {
                dispatcher.take(this, next);
            }
        }
    }

    /** One more reason not to read. */
    void pause() {
        if (pauses++ == 0 && !gone) {
            connection.pauseReading();
        }
    }

    /** One reason less not to read. */
    void resume() {
        if (--pauses == 0 && !gone) {
            connection.resumeReading();
        }
    }

    void noticeBegins() {
        if (notices++ == MOST_NOTICES) {
            pause();
        }
    }

    void noticeEnds() {
        if (--notices == MOST_NOTICES) {
            resume();
        }
    }

    boolean isPaused() {
        return pauses > 0;
    }

    @Override
    public void heard() {
        heardTick = rooms.heartbeat(turn).tick();
    }

    // ---- What goes out

    /** Sends a message that concerns no room. */
    void tell(ServerMessage message) {
        if (!gone) {
            queue(turn.encode(message, null));
        }
    }

    /** Puts a frame behind all that waits for this connection; it is written at the end of the turn. Takes it over. */
    void queue(EncodedFrame frame) {
        if (gone) {
            frame.release();
            return;
        }
        add(frame);
        planToWrite();
    }

    /** The same with frames of which some may be in two pieces: nothing comes between them. */
    void queue(List<EncodedFrame> frames) {
        if (gone) {
            frames.forEach(EncodedFrame::release);
        } else {
            frames.forEach(this::add);
            planToWrite();
        }
    }

    /** Messages are others' doing: that they wait is no reason not to hear this one. */
    private void add(EncodedFrame frame) {
        outbox().add(frame);
        if (!frame.isMessage()) {
            replyBytes += Math.min(frame.length(), Integer.MAX_VALUE - replyBytes);
            if (replyBytes > MOST_REPLY_BYTES && replay == ReplayStep.NONE) {
                replay = ReplayStep.QUEUED;
            }
        }
    }

    /** Puts frames of a shared run, from this index on, behind all that waits for this connection. */
    void queueFrom(Run run, int from) {
        if (!gone && from < run.size()) {
            outbox().addFrom(run, from, run.size());
            planToWrite();
        }
    }

    /** Whether a shared run may be written to this connection as its only write of the turn. */
    boolean hasNothingElse(boolean otherRoomsAreDirty) {
        return outbox == null
                && !blocked
                && !gone
                && closing == null
                && !(otherRoomsAreDirty && memberships.size() > 1);
    }

    void writeOutbox(Turn turn) {
        talking = false;
        if (gone) {
            return;
        }
        if (outbox != null && !blocked) {
            turn.write(this, outbox);
            dropOutbox();
            replyBytes = 0;
            if (replay == ReplayStep.QUEUED) {
                replay = ReplayStep.WRITTEN;
                replayBytes = 0;
            }
        }
        endReplay();
        if (closing != null) {
            end(closing);
        }
    }

    @Override
    public void blocked() {
        blocked = true;
        pendingBytes = connection.pendingBytes();
        stalledSeconds = 0;
        turn.stalls.add(this);
        if (hasTooMuch()) {
            end(CloseCode.SLOW_CONSUMER);
        }
    }

    @Override
    public void ready() {
        blocked = false;
        endReplay();
        if (outbox != null) {
            conflate();
            planToWrite();
        }
    }

    private Run outbox() {
        if (outbox == null) {
            outbox = new Run();
        }
        return outbox;
    }

    private void planToWrite() {
        if (blocked) {
            boundOutbox();
        } else if (!talking) {
            talking = true;
            turn.talking(this);
        }
    }

    /**
     * Changes of the state are merged, and outdated messages left out, when much waits and when it goes out. Beyond its
     * bound, the outbox gives up its oldest messages, down to three quarters of it; or all is over. What the client has
     * asked for does not count: it is not to be punished for a history that is longer than an outbox.
     */
    private void boundOutbox() {
        long most = rooms.outboxBytes() + replayBytes;
        if (outbox != null && outbox.bytes() > Math.max(rooms.outboxBytes() / 4, conflatedBytes * 2)) {
            conflate();
        }
        if (outbox != null && outbox.bytes() > most) {
            outbox = OldestFirst.drop(outbox, most - rooms.outboxBytes() / 4, turn);
            if (outbox.bytes() > most) {
                end(CloseCode.SLOW_CONSUMER);
            }
        }
    }

    /** What waits of a room's changes becomes one, and outdated messages go. */
    private void conflate() {
        if (outbox != null && outbox.any(frame -> frame.change() != null || frame.shown() != null)) {
            outbox = Conflation.merge(outbox, turn);
        }
        conflatedBytes = outbox == null ? 0 : outbox.bytes();
    }

    boolean isBlocked() {
        return blocked && !gone;
    }

    /** Whether more waits for it than is its share now that buffers are short. */
    boolean hasTooMuch() {
        return rooms.buffersAreShort() && waitingBytes() > rooms.outboxBytes();
    }

    /** Whether anything waits for the socket that a template does not allow to be dropped. */
    boolean hasWhatMustNotBeDropped() {
        return outbox != null
                && outbox.any(frame -> {
                    LiveRoom room = frame.room();
                    return frame.isMessage() && room != null && room.template.slowConsumer() == SlowConsumer.DISCONNECT;
                });
    }

    private void dropOutbox() {
        if (outbox != null) {
            outbox.clear();
            outbox = null;
            conflatedBytes = 0;
        }
    }

    // ---- How it ends

    boolean isGone() {
        return gone;
    }

    /** Ends the connection behind what this turn has for it. */
    void closeAfterTurn(CloseCode code) {
        if (!gone && closing == null) {
            closing = code;
            if (!talking) {
                talking = true;
                turn.talking(this);
            }
        }
    }

    /** Nobody is waited for any more that might bring this session back. */
    void endGrace() {
        if (grace != null && gone) {
            grace.end();
        }
    }

    /** Another connection has claimed this session. */
    void handOver(LiveSession to) {
        assert grace != null : "only a session that was asked for can be claimed";
        grace.handOver(to);
    }

    /** The connection before this one has handed over what is left of the session. */
    void restored(Map<String, Membership> absent) {
        assert grace != null : "it has claimed a session";
        grace.restored(absent);
    }

    /** This room has been joined. */
    void joined(String room) {
        if (grace != null) {
            grace.forget(room);
        }
    }

    /**
     * Whose the keys are of the messages that this connection publishes: the user's, else those of the connection that
     * the session began on, so that what was published before the session was asked for can be repeated too. Read on home
     * lanes.
     */
    String keyOwner() {
        String user = user();
        if (user != null) {
            return "user " + user;
        }
        return grace == null ? id() : Ids.connection(grace.number());
    }

    /** The peer has not given a sign of life in time, or takes nothing: ends the connection now. */
    void end(CloseCode code) {
        if (!gone) {
            noteEnding(Ending.by(code));
            if (code == CloseCode.SLOW_CONSUMER && rooms.buffersAreShort()) {
                connection.cut();
            } else {
                connection.close(code);
            }
            vanish(code.number());
        }
    }

    @Override
    public void closed(int code) {
        assert turn.lane.inLane();
        if (!gone) {
            noteEnding(Ending.toldBy(code));
            vanish(code);
        }
    }

    @Override
    public void broken(CloseCode code) {
        assert turn.lane.inLane();
        if (!gone) {
            noteEnding(Ending.by(code));
            vanish(code.number());
        }
    }

    private void noteEnding(Ending ending) {
        rooms.counters().ended(ending);
        if (!ending.isNormal()) {
            Duration age = Duration.ofNanos(rooms.clock().nanoTime() - openedNanos);
            rooms.endingLog()
                    .note(
                            new Ended(id(), connection.peer(), user(), ending, memberships.size(), waitingBytes(), age),
                            turn.lane);
        }
    }

    /** What waits for the socket: here, and what the transport has taken already. */
    private long waitingBytes() {
        return (outbox == null ? 0 : outbox.bytes()) + connection.pendingBytes();
    }

    /** Leaves everything. The rooms are told in a later task, because this may happen in the middle of a fan-out. */
    private void vanish(int code) {
        gone = true;
        dropOutbox();
        waiting = null;
        rooms.forget(this);
        turn.lane.execute(() -> dispatcher.dropped(this, code));
    }

    // ---- For the application

    @Override
    public void send(String room, Json data) {
        turn.lane.execute(() -> dispatcher.sendToMember(this, room, data));
    }

    @Override
    public void close(CloseCode code) {
        turn.lane.execute(() -> closeAfterTurn(code));
    }
}
