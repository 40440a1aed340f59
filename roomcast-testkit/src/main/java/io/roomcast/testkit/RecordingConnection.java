package io.roomcast.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Endpoint;
import io.roomcast.protocol.CloseCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection without a socket: it notes all that the engine does to it, and is its peer as well. What the peer does
 * reaches the engine in a later task of the lane, as from a network.
 *
 * <p>The peer may be slow: {@link #takeOnly} bounds the bytes that the "socket" takes. The rest stays here, by reference
 * as in a real transport, and the engine hears {@link Endpoint#blocked()} and later {@link Endpoint#ready()}.
 */
public final class RecordingConnection implements Connection {
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;
    private static final int NO_CLOSE_FRAME = 1006;

    private final ScriptedLane lane;
    private final FrameReader reader;

    /** What the peer has sent and the engine has not read; a null is a control frame. The test bounds it. */
    private final ArrayDeque<Inbound> inbound = new ArrayDeque<>();

    /** What the socket did not take: retained slices. The engine writes no more while there is one. */
    private final ArrayDeque<ByteBuf> remainder = new ArrayDeque<>();

    private @Nullable Endpoint endpoint;
    private @Nullable CloseCode closeCode;
    private int closedWith;
    private boolean ended;
    private boolean peerGone;
    private boolean paused;
    private boolean readsOneMore;
    private boolean answersPings = true;
    private long window = Long.MAX_VALUE;
    private long bytesWritten;
    private long heardNanos;
    private int textsSent;
    private int textsRead;
    private int pings;
    private long pingNanos;
    private long silentNanosWhenPinged;
    private long silentNanosWhenClosed;
    private long unansweredNanosWhenClosed;
    private int pauses;
    private int writes;
    private int timesBlocked;

    /** One thing that the peer sent; text is null for a control frame. */
    private record Inbound(@Nullable String text) {}

    public RecordingConnection(ScriptedLane lane) {
        this.lane = lane;
        this.heardNanos = lane.clock().nanoTime();
        this.reader = new FrameReader(complaint -> lane.complainUnless(false, complaint));
    }

    /** The engine's end, as the engine gave it on opening. */
    public void attach(Endpoint engineEnd) {
        endpoint = engineEnd;
        heardNanos = lane.clock().nanoTime();
        lane.execute(this::read);
    }

    // What the peer does.

    /** The peer sends a text message. */
    public void send(String text) {
        textsSent++;
        enqueue(new Inbound(text));
    }

    /** The peer sends a pong or another control frame. */
    public void sendControl() {
        enqueue(new Inbound(null));
    }

    /** The peer vanishes: what it has not received is lost, what it sent and nobody read too. */
    public void drop() {
        leave(1006);
    }

    /** The peer sends a close frame behind all that it has sent, and goes. */
    public void closeByPeer(int code) {
        leave(code);
    }

    /** From now on the socket takes so many bytes and no more. */
    public void takeOnly(long bytes) {
        window = bytes;
        lane.execute(this::takeRemainder);
    }

    /** From now on the socket takes everything. */
    public void takeAll() {
        takeOnly(Long.MAX_VALUE);
    }

    /** Whether pings are answered; they are at first. */
    public void answerPings(boolean answer) {
        answersPings = answer;
    }

    /** Whether one message is still read after the engine paused reading, as the contract allows. */
    public void readOneMoreWhenPaused(boolean oneMore) {
        readsOneMore = oneMore;
    }

    /** The next text the peer has received, null if there is none. */
    public @Nullable String poll() {
        return reader.poll();
    }

    /** All texts the peer has received and nobody polled. */
    public List<String> pollAll() {
        List<String> all = new ArrayList<>();
        for (String text = poll(); text != null; text = poll()) {
            all.add(text);
        }
        return all;
    }

    // What was seen.

    public ScriptedLane lane() {
        return lane;
    }

    /** The code the engine closed with, null if it has not. */
    public @Nullable CloseCode closeCode() {
        return closeCode;
    }

    /** Whether the engine has been told that the connection is gone. */
    public boolean isEnded() {
        return ended;
    }

    /** The code the engine was told, 0 while the connection is there. */
    public int closedWith() {
        return closedWith;
    }

    /** Whether the socket holds bytes back at present. */
    public boolean isBlocked() {
        return !remainder.isEmpty();
    }

    public boolean isPaused() {
        return paused;
    }

    public int pings() {
        return pings;
    }

    public int pauses() {
        return pauses;
    }

    public int timesBlocked() {
        return timesBlocked;
    }

    /** How often a run was written to this connection. */
    public int writes() {
        return writes;
    }

    /** How many bytes the engine has written. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** When the engine last heard of the peer, by the clock's nanoseconds. */
    public long heardNanos() {
        return heardNanos;
    }

    /** How long the engine had not heard of the peer at the last ping. */
    public long silentNanosWhenPinged() {
        return silentNanosWhenPinged;
    }

    /** How long the engine had not heard of the peer when it closed. */
    public long silentNanosWhenClosed() {
        return silentNanosWhenClosed;
    }

    /** How long before the engine closed it had sent the last ping. */
    public long unansweredNanosWhenClosed() {
        return unansweredNanosWhenClosed;
    }

    /** Whether the peer has nothing but whole frames. */
    public boolean isBetweenFrames() {
        return reader.isBetweenFrames();
    }

    /** How many texts the peer has sent. */
    int textsSent() {
        return textsSent;
    }

    /** How many of them the engine has read. */
    int textsRead() {
        return textsRead;
    }

    /** Whether the peer has sent what the engine has not read. */
    public boolean hasUnread() {
        return !inbound.isEmpty();
    }

    // What the engine does.

    @Override
    public void pauseReading() {
        inLaneOnly("pauseReading");
        pauses++;
        paused = true;
    }

    @Override
    public void resumeReading() {
        inLaneOnly("resumeReading");
        paused = false;
        lane.execute(this::read);
    }

    @Override
    public void ping() {
        inLaneOnly("ping");
        pings++;
        pingNanos = lane.clock().nanoTime();
        silentNanosWhenPinged = pingNanos - heardNanos;
        if (answersPings && !peerGone) {
            lane.execute(this::sendControl);
        }
    }

    @Override
    public void close(CloseCode code) {
        inLaneOnly("close");
        if (closeCode != null || ended) {
            return;
        }
        closeCode = code;
        silentNanosWhenClosed = lane.clock().nanoTime() - heardNanos;
        unansweredNanosWhenClosed = lane.clock().nanoTime() - pingNanos;
        if (remainder.isEmpty()) {
            lane.execute(() -> end(code.number()));
        } else {
            lane.executeAfter(() -> end(code.number()), CLOSE_TIMEOUT_MILLIS);
        }
    }

    @Override
    public void cut() {
        inLaneOnly("cut");
        lane.execute(() -> end(NO_CLOSE_FRAME));
    }

    /** The lane's write; within it, only {@link Endpoint#blocked()} may be called. */
    void take(ByteBuf run, byte[] bytes) {
        lane.complainUnless(!ended, "a connection was written to after it was gone");
        lane.complainUnless(closeCode == null, "a connection was written to after it was closed");
        lane.complainUnless(remainder.isEmpty(), "a connection was written to while it was blocked");
        writes++;
        bytesWritten += bytes.length;
        int taken = (int) Math.min(window, bytes.length);
        consume(bytes, taken);
        if (taken < bytes.length) {
            remainder.add(run.retainedSlice(run.readerIndex() + taken, bytes.length - taken));
            timesBlocked++;
            engineEnd().blocked();
        }
    }

    @Override
    public String peer() {
        return "a test";
    }

    @Override
    public long pendingBytes() {
        return remainder.stream().mapToLong(ByteBuf::readableBytes).sum();
    }

    private void takeRemainder() {
        if (ended || remainder.isEmpty()) {
            return;
        }
        ByteBuf rest = remainder.element();
        byte[] bytes = new byte[(int) Math.min(window, rest.readableBytes())];
        rest.readBytes(bytes);
        consume(bytes, bytes.length);
        if (!rest.isReadable()) {
            remainder.remove().release();
            if (closeCode == null) {
                engineEnd().ready();
            } else {
                end(closeCode.number());
            }
        }
    }

    private void consume(byte[] bytes, int length) {
        if (window != Long.MAX_VALUE) {
            window -= length;
        }
        if (!peerGone) {
            reader.read(bytes, 0, length);
        }
    }

    private void enqueue(Inbound sent) {
        if (!peerGone) {
            inbound.add(sent);
            lane.execute(this::read);
        }
    }

    private void read() {
        boolean oneMore = readsOneMore;
        while (!inbound.isEmpty() && endpoint != null && !ended && closeCode == null) {
            if (paused && !oneMore) {
                return;
            }
            oneMore = oneMore && !paused;
            deliver(inbound.remove());
        }
    }

    private void deliver(Inbound next) {
        heardNanos = lane.clock().nanoTime();
        if (next.text == null) {
            engineEnd().heard();
        } else {
            byte[] utf8 = next.text.getBytes(UTF_8);
            // Not at the start of the array, and gone after the call: who keeps a reference to it shows.
            byte[] shared = new byte[utf8.length + 7];
            System.arraycopy(utf8, 0, shared, 3, utf8.length);
            textsRead++;
            engineEnd().text(shared, 3, utf8.length);
            java.util.Arrays.fill(shared, (byte) '#');
        }
    }

    private void leave(int code) {
        if (!peerGone) {
            peerGone = true;
            lane.execute(() -> end(code));
        }
    }

    private void end(int code) {
        if (ended) {
            return;
        }
        ended = true;
        closedWith = code;
        remainder.forEach(ByteBuf::release);
        remainder.clear();
        inbound.clear();
        if (endpoint != null) {
            endpoint.closed(code);
        }
    }

    private Endpoint engineEnd() {
        return Objects.requireNonNull(endpoint, "the connection was used before it was attached");
    }

    private void inLaneOnly(String method) {
        lane.complainUnless(lane.inLane(), method + " was called from outside the lane");
    }
}
