package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that reads and writes its socket by itself, without a channel: from the moment it was accepted, first as
 * what may become a WebSocket ({@link Arrival}), then as one.
 *
 * <p>Reading: when the socket has something, it is read into a buffer of the lane until it has nothing any more, but at
 * most {@value #READS_EACH} times before others are looked at, and within what the lane reads in a turn ({@link
 * DirectLane#mayRead}). So an idle connection has no buffer, and the events may be of those that are told once.
 *
 * <p>Memory: an idle connection is this object, its {@link Socket}, and the bytes of the peer's address; it
 * has a frame reader of its own only while something is half read.
 */
abstract class DirectConnection extends WebSocketConnection {
    /** Reads of one socket in a row. */
    private static final int READS_EACH = 2;

    final Socket socket;

    /** The peer's address, as the system has told it. */
    private final byte[] peer;

    /** The request that has not come whole yet; null once this is a WebSocket, or is given away. */
    private @Nullable Arrival arrival;

    private boolean open = true;

    /** The peer sends nothing more, so that reading goes on to the very end. */
    private boolean peerEnded;

    /** Whether the lane has it among those that read later. */
    private boolean readsLater;

    /** What comes when the socket has taken all. */
    private Then then = Then.STAYS;

    DirectConnection(DirectLane lane, Socket socket, byte[] peer) {
        super(lane);
        this.socket = socket;
        this.peer = peer;
    }

    /** Begins to be told of events, or closes. */
    abstract void begin();

    /** Gives this up without closing the socket, and then runs the task with the socket free for others. */
    abstract void giveUp(Runnable then);

    /** No events are wanted any more: the socket is closed as soon as it can be, and {@link #socketClosed} is told. */
    abstract void release();

    /** Whether something waits that the socket has not taken. */
    abstract boolean keepsSomething();

    /** What waits is given back. */
    abstract void dropKept();

    final void awaitRequest(Arrival request) {
        arrival = request;
    }

    final void upgraded() {
        arrival = null;
    }

    final InetSocketAddress peerAddress() {
        return NativeInetAddress.address(peer, 0, peer.length);
    }

    // ---- In

    /** There is something to read, or may be. */
    final void readable(boolean untilTheEnd) {
        peerEnded |= untilTheEnd;
        if (((DirectLane) lane).othersWait()) {
            readLater();
        } else {
            read();
        }
    }

    private void read() {
        if (!open || !reads() || hasUnread()) {
            return; // if it is open, it is read when it goes on
        }
        try {
            readAll();
            readComplete();
        } catch (IOException reset) {
            closeSocket();
        } catch (Throwable bug) { // an Error too: its place to end is here, and not the loop with all who live there
            failed(bug);
        }
    }

    private void readAll() throws IOException {
        DirectLane direct = (DirectLane) lane;
        for (int i = 0; open && reads(); i++) {
            if (i == READS_EACH || !direct.mayRead()) {
                readLater();
                return;
            }
            ByteBuf in = direct.readBuffer();
            int read = readNow(in);
            if (read < 0) {
                closeSocket();
            }
            if (read <= 0) {
                return;
            }
            direct.hasRead(read);
            in.setIndex(0, read);
            take(in);
            if (read < in.capacity() && !peerEnded) {
                return; // it had no more; what comes now is told again
            }
        }
    }

    private void readLater() {
        if (!readsLater) {
            readsLater = true;
            ((DirectLane) lane).readLater(this);
        }
    }

    /** The turn has come to read what was left. */
    final void readsNow() {
        readsLater = false;
        read();
    }

    private int readNow(ByteBuf in) throws IOException {
        if (in.hasMemoryAddress()) {
            return socket.recvAddress(in.memoryAddress(), 0, in.capacity());
        }
        ByteBuffer view = in.internalNioBuffer(0, in.capacity());
        return socket.recv(view, view.position(), view.limit());
    }

    private void take(ByteBuf in) {
        if (arrival != null) {
            arrival.read(in);
        }
        if (arrival == null && in.isReadable() && open) {
            readShared(in);
        }
    }

    @Override
    final void readOrNot() {
        if (open && reads()) {
            readLater(); // what has come meanwhile was told, and is not told again
        }
    }

    // ---- Out

    @Override
    final void sendLast(ByteBuf close, Then afterwards) {
        then = afterwards;
        send(close);
        if (!keepsSomething()) {
            endOfOutput();
        }
    }

    /** The socket has taken all that was kept. */
    final void allTaken() {
        taken();
        endOfOutput();
    }

    /** The socket has taken what there was: what stands behind the close frame happens. */
    final void endOfOutput() {
        if (open && then == Then.CLOSES) {
            closeSocket();
        } else if (open && then == Then.HALF_CLOSES) {
            try {
                socket.shutdown(false, true);
            } catch (IOException reset) {
                closeSocket();
            }
        }
    }

    /** Takes over the first bytes that this sends, and holds them, and what is written behind them, until they are sent. */
    abstract void hold(ByteBuf first);

    /** Sends what is held, in one go. */
    abstract void sendHeld();

    /** How many of the buffer's bytes, from its reader index on, the socket has taken now. */
    final int writeNow(ByteBuf bytes) throws IOException {
        ((DirectLane) lane).counts().sends++;
        if (bytes.hasMemoryAddress()) {
            return socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
        }
        ByteBuffer view = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
        return socket.send(view, view.position(), view.limit());
    }

    @Override
    final ByteBuf newBuffer() {
        return ByteBufAllocator.DEFAULT.directBuffer();
    }

    @Override
    public final String peer() {
        return NetUtil.toSocketAddressString(peerAddress());
    }

    // ---- The end

    @Override
    final boolean isOpen() {
        return open;
    }

    @Override
    final void closeSocket() {
        if (!open) {
            return;
        }
        open = false;
        dropKept();
        release();
    }

    /** Told by the subclass: the socket is closed. */
    final void socketClosed() {
        try {
            lane.execute(this::gone);
        } catch (RejectedExecutionException loopHasEnded) {
            gone();
        }
    }

    private void gone() {
        lane.reception().left(peerAddress().getAddress(), arrival == null);
        if (arrival != null) {
            arrival.end();
        }
        ended();
    }

    /**
     * By a reset: otherwise the kernel keeps what the peer does not take, up to twice the send buffer, and tries for
     * minutes to get rid of it when nobody here knows of the connection any more.
     */
    @Override
    public final void cut() {
        if (open) {
            try {
                socket.setSoLinger(0);
            } catch (IOException reset) {
                // Then there is nothing left to cut.
            }
            closeSocket();
        }
    }

    /** It goes on as another's. */
    final void giveAway(Runnable then) {
        open = false;
        dropKept();
        giveUp(then);
    }
}
