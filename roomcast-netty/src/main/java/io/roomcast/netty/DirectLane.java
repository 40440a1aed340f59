package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A lane whose connections read and write their sockets themselves. */
abstract class DirectLane extends LoopLane {
    /** What is read from a socket in one go. */
    private static final int READ_BYTES = 64 * 1024;

    /**
     * What is read in one turn, from all connections: what comes of it is written at the turn's end, so this bounds how late
     * that is, and what is gathered until then.
     */
    private static final int READ_BYTES_OF_A_TURN = 128 * 1024;

    private final SendCounts counts = new SendCounts();

    /** Connections that have something to read when there is a next turn, each once. */
    private final ArrayDeque<DirectConnection> readLater = new ArrayDeque<>();

    private final Runnable endOfTurn = this::endOfTurn;
    private int readInThisTurn;
    private boolean endIsPlanned;

    /** Where connections read their sockets; shared, since each uses it within one read. Null until the first does. */
    private @Nullable ByteBuf readBuffer;

    DirectLane(
            int index,
            SingleThreadEventLoop loop,
            int frameBytes,
            Patience patience,
            Reception reception,
            boolean home) {
        super(index, loop, frameBytes, patience, reception, home);
    }

    /** In the lane only. */
    final SendCounts counts() {
        return counts;
    }

    /** Something that a lane watches. */
    interface Watch {
        /** Watches it no more; then the task runs, in the lane. In the lane. */
        void end(Runnable then);
    }

    /** Runs the task, in the lane, whenever the socket that is listened on has somebody new. In the lane. */
    abstract Watch watch(Socket listening, Runnable somebodyComes) throws IOException;

    /**
     * A connection of this lane, of whose socket no event is told yet. In the lane.
     *
     * @param peer its address as the system has told it
     */
    abstract DirectConnection newConnection(Socket socket, byte[] peer);

    /** Where what must be a channel becomes one. */
    abstract LoopLane channelLane();

    /** In the lane only, and only until the caller returns to it; empty. */
    final ByteBuf readBuffer() {
        assert inLane();
        if (readBuffer == null) {
            readBuffer = Unpooled.directBuffer(READ_BYTES, READ_BYTES);
        }
        return readBuffer.clear();
    }

    /** Whether this turn may read more. In the lane only. */
    final boolean mayRead() {
        return readInThisTurn < READ_BYTES_OF_A_TURN;
    }

    /** Whether others have waited since an earlier turn, behind whom everybody else has to wait. In the lane only. */
    final boolean othersWait() {
        return !readLater.isEmpty();
    }

    /** So much has been read. In the lane only. */
    final void hasRead(int bytes) {
        readInThisTurn += bytes;
        planEnd();
    }

    /** This connection is told that it may read, in a later turn. It sees to it that it is here once. In the lane only. */
    final void readLater(DirectConnection connection) {
        readLater.add(connection);
        planEnd();
    }

    private void planEnd() {
        if (!endIsPlanned) {
            endIsPlanned = true;
            atEndOfTurn(endOfTurn);
        }
    }

    private void endOfTurn() {
        endIsPlanned = false;
        readInThisTurn = 0;
        if (!readLater.isEmpty()) {
            execute(this::readThoseLeft);
        }
    }

    private void readThoseLeft() {
        for (int left = readLater.size(); left > 0 && mayRead(); left--) {
            readLater.remove().readsNow();
        }
        if (!readLater.isEmpty()) {
            planEnd();
        }
    }

    @Override
    void release() {
        if (readBuffer != null) {
            readBuffer.release();
            readBuffer = null;
        }
    }
}
