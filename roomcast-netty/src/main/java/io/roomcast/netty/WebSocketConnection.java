package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.roomcast.engine.Handshake;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Endpoint;
import io.roomcast.protocol.CloseCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket connection, from the upgrade to its end, whatever its bytes move by: what is said is decided here, how it
 * gets to the socket and from there, in the subclasses.
 *
 * <p>Threads: its lane only.
 *
 * <p>Back-pressure: out, what the socket does not take stays with the subclass, and the engine is told that the connection
 * is blocked, until all has been taken. In, a paused connection reads nothing from the socket, and what had been read
 * already stays here, unparsed. Of pings that come together the first {@value #PINGS_ANSWERED_EACH} get a pong each and of
 * the rest only the last; while a peer does not read its pongs, it is not read either.
 *
 * <p>The end: whoever begins it, one close frame is sent, the peer's is awaited for 5 s ({@link Patience}), then the
 * connection is cut. What the peer sends meanwhile is read and dropped, so that the close frame is not lost to a reset.
 */
abstract class WebSocketConnection implements Connection, FrameReader.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);
    /** Pings of one read that get a pong each; of more than these, the last. */
    private static final int PINGS_ANSWERED_EACH = 16;

    private static final int NO_CLOSE_FRAME = 1006;

    /** What becomes of the socket behind the close frame. */
    enum Then {
        /** It goes on: the peer's close frame is awaited. */
        STAYS,
        /** Our end is closed, and the peer's awaited. */
        HALF_CLOSES,
        CLOSES
    }

    final LoopLane lane;

    /** While there is something to remember between two reads; else null, and the lane's is borrowed to read. */
    private @Nullable FrameReader reader;

    private Endpoint endpoint = Unopened.ENDPOINT;

    /** What was read from the socket and not yet parsed, because reading is paused; null otherwise. */
    private @Nullable ByteBuf unread;

    /** The payload of the last ping that has no pong yet; null otherwise. */
    private byte @Nullable [] unanswered;

    /** How many pings have come since the socket was last found empty. */
    private int pingsOfThisRead;

    /** Whether reading waits until the peer has taken what is under way to it. */
    private boolean pongWaits;

    /** Whether the lane watches a message of this connection. */
    private boolean watched;

    private boolean blocked;
    private boolean closeSent;
    private boolean endpointClosed;

    WebSocketConnection(LoopLane lane) {
        this.lane = lane;
    }

    // ---- What the subclasses do

    /** Writes a run of frames; the caller keeps its reference. Not while it is blocked. */
    abstract void write(ByteBuf run);

    /** Sends a frame of control behind what was written, and takes it over. */
    abstract void send(ByteBuf frame);

    /** The same with the close frame, and what comes behind it when the socket has taken it. */
    abstract void sendLast(ByteBuf close, Then then);

    /** Whether the socket takes what it is given. */
    abstract boolean takesMore();

    /** The socket is read, or not, depending on {@link #reads()}. */
    abstract void readOrNot();

    /** Whether the socket is open, so that what was read of it can still be answered. */
    abstract boolean isOpen();

    /** Closes the socket now; {@link #ended()} follows, in a later task. */
    abstract void closeSocket();

    abstract ByteBuf newBuffer();

    // ---- In

    /** Opens the engine's end. */
    final void open(Endpoints endpoints, Handshake handshake) {
        endpoint = endpoints.open(lane, this, handshake);
        if (endpoint instanceof Endpoints.OfAllMessages) {
            reader().takeAllMessages();
        }
    }

    /** Whether the socket is to be read. */
    final boolean reads() {
        return !isPaused() && !pongWaits;
    }

    /** Whether there is something that was read and not parsed: what is read now comes behind it. */
    final boolean hasUnread() {
        return unread != null;
    }

    /** Takes over what was read: parses it, and keeps what is left, because reading was paused. */
    final void read(ByteBuf in) {
        ByteBuf before = unread;
        if (before != null) {
            unread = joined(before, in);
            return;
        }
        try {
            parse(in);
        } finally {
            if (in.isReadable() && isOpen()) {
                unread = in;
            } else {
                in.release();
            }
        }
    }

    /** The same with a buffer that belongs to somebody else: what is left is copied. Not while something is unread. */
    final void readShared(ByteBuf in) {
        parse(in);
        if (in.isReadable() && isOpen()) {
            unread = newBuffer().writeBytes(in);
        }
    }

    /** Parses all there is, or up to where reading is paused. */
    private void parse(ByteBuf in) {
        FrameReader used = reader();
        used.read(in, lane.scratch(), System.nanoTime());
        if (used.isAtRest()) {
            reader = null;
            lane.giveBack(used);
        } else if (!watched && used.messageOpen()) {
            watched = true;
            lane.messages().add(this::lookAtMessage);
        }
    }

    private FrameReader reader() {
        FrameReader there = reader;
        if (there == null) {
            there = lane.borrowReader(this);
            reader = there;
        }
        return there;
    }

    private boolean isPaused() {
        return reader != null && reader.isPaused();
    }

    /** Both in one, in the place of both. */
    final ByteBuf joined(ByteBuf first, ByteBuf second) {
        ByteBuf joined = newBuffer();
        joined.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return joined;
    }

    /** All that the socket had for now has been read. */
    final void readComplete() {
        answerPing();
        pingsOfThisRead = 0;
    }

    /** Looks at the message that is open, if there still is one, and ends the connection if it has taken too long. */
    private long lookAtMessage(long nowNanos, long mostNanos) {
        FrameReader there = reader;
        watched = there != null && !endpointClosed && there.messageOpen();
        if (there == null || !watched) {
            return Deadlines.DONE;
        }
        if (there.isPaused()) {
            return mostNanos;
        }
        long left = mostNanos - (nowNanos - there.messageOpenedNanos());
        if (left < 0) {
            there.giveUp();
            watched = false;
        }
        return watched ? left : Deadlines.DONE;
    }

    @Override
    public final void pauseReading() {
        reader().pause();
        readOrNot();
    }

    @Override
    public final void resumeReading() {
        if (reader != null) {
            reader.resume(System.nanoTime());
        }
        ByteBuf left = unread;
        unread = null;
        if (left != null) {
            read(left);
            answerPing();
        }
        // What was left may have brought the next pause, be it with its last message.
        readOrNot();
    }

    @Override
    public final void text(byte[] utf8, int offset, int length) {
        if (!closeSent) {
            endpoint.text(utf8, offset, length);
        }
    }

    @Override
    public final void binary(byte[] bytes, int offset, int length) {
        if (!closeSent) {
            ((Endpoints.OfAllMessages) endpoint).binary(bytes, offset, length);
        }
    }

    @Override
    public final void ping(byte[] payload) {
        endpoint.heard();
        unanswered = payload;
        if (++pingsOfThisRead <= PINGS_ANSWERED_EACH) {
            answerPing();
        }
    }

    private void answerPing() {
        byte[] payload = unanswered;
        if (payload == null || closeSent) {
            return;
        }
        if (takesMore()) {
            unanswered = null;
            ByteBuf pong = newBuffer();
            FrameWriter.pong(pong, payload);
            send(pong);
        } else if (!pongWaits) {
            pongWaits = true;
            readOrNot();
        }
    }

    private void stopWaitingWithPong() {
        if (pongWaits) {
            pongWaits = false;
            readOrNot();
        }
    }

    @Override
    public final void pong() {
        endpoint.heard();
    }

    @Override
    public final void close(int code, String reason) {
        if (closeSent) {
            closeSocket();
        } else {
            tellClosed(code);
            sendClose(code, "", Then.CLOSES);
            cutLater();
        }
    }

    @Override
    public final void violation(CloseCode code, String why) {
        if (!closeSent) {
            // What follows cannot be read, the peer's close frame included: our end is closed, and its end awaited.
            sendClose(code.number(), code.wireName(), Then.HALF_CLOSES);
            cutLater();
            if (!endpointClosed) {
                endpointClosed = true;
                endpoint.broken(code);
            }
        } else {
            closeSocket();
        }
    }

    // ---- Out

    /** The socket has not taken all; from now on the engine keeps what it has for this peer. */
    final void tellBlocked() {
        if (!blocked) {
            blocked = true;
            endpoint.blocked();
        }
    }

    /** The socket has taken all that was kept for it, or so much that it is worth giving it more. */
    final void taken() {
        answerPing();
        stopWaitingWithPong();
        if (blocked) {
            blocked = false;
            endpoint.ready();
        }
    }

    @Override
    public final void ping() {
        if (!closeSent && takesMore()) {
            ByteBuf ping = newBuffer();
            FrameWriter.ping(ping);
            send(ping);
        }
    }

    @Override
    public final void close(CloseCode code) {
        if (!closeSent) {
            sendClose(code.number(), code.wireName(), Then.STAYS);
            cutLater();
            // The peer's close frame is behind whatever it has said before: read on.
            resumeReading();
        }
    }

    private void sendClose(int code, String reason, Then then) {
        closeSent = true;
        ByteBuf close = newBuffer();
        FrameWriter.close(close, code, reason);
        stopWaitingWithPong();
        sendLast(close, then);
    }

    private void cutLater() {
        if (isOpen()) { // else it has failed already, and its end is on the way
            long since = System.nanoTime();
            lane.closes().add((now, most) -> cutIfLate(most - (now - since)));
        }
    }

    private long cutIfLate(long left) {
        if (isOpen() && left <= 0) {
            cut();
        }
        return isOpen() ? left : Deadlines.DONE;
    }

    // ---- The end

    /** The socket is closed, be it by us. */
    final void ended() {
        if (unread != null) {
            unread.release();
            unread = null;
        }
        tellClosed(NO_CLOSE_FRAME);
    }

    /** Something has gone wrong that is no fault of the network: it ends with this connection. */
    final void failed(Throwable bug) {
        LOG.error("A connection failed", bug);
        close(CloseCode.SERVER_FAULT);
        closeSocket();
    }

    private void tellClosed(int code) {
        if (!endpointClosed) {
            endpointClosed = true;
            endpoint.closed(code);
        }
    }

    /** Stands in until the engine has opened its end, which happens before the first byte is read. */
    private enum Unopened implements Endpoint {
        ENDPOINT;

        @Override
        public void text(byte[] utf8, int offset, int length) {}

        @Override
        public void heard() {}

        @Override
        public void blocked() {}

        @Override
        public void ready() {}

        @Override
        public void closed(int code) {}

        @Override
        public void broken(CloseCode code) {}
    }
}
