package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Lane;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A lane on one of Netty's event loops. */
class LoopLane implements Lane {
    private final int index;
    private final SingleThreadEventLoop loop;

    /** Where a whole message is unmasked; shared by the lane's connections, since each uses it within one read. */
    private final byte[] scratch;

    private final int frameBytes;

    /** For the next connection that reads and has none of its own; null while it is lent. */
    private @Nullable FrameReader spare;

    private final Reception reception;
    private final Deadlines requests;
    private final Deadlines messages;
    private final Deadlines closes;
    private final boolean home;

    LoopLane(
            int index,
            SingleThreadEventLoop loop,
            int frameBytes,
            Patience patience,
            Reception reception,
            boolean home) {
        this.index = index;
        this.loop = loop;
        this.scratch = new byte[frameBytes];
        this.frameBytes = frameBytes;
        this.reception = reception;
        this.home = home;
        this.requests = new Deadlines(this, patience.head());
        this.messages = new Deadlines(this, patience.message());
        this.closes = new Deadlines(this, patience.close());
    }

    final Reception reception() {
        return reception;
    }

    /** Requests that have not come whole. In the lane only. */
    final Deadlines requests() {
        return requests;
    }

    /** Messages that have begun and not ended; one that came whole is never here. In the lane only. */
    final Deadlines messages() {
        return messages;
    }

    /** Answers to our close frames. In the lane only. */
    final Deadlines closes() {
        return closes;
    }

    final SingleThreadEventLoop loop() {
        return loop;
    }

    /** For handles of its own that are not channels. */
    final IoEventLoop ioLoop() {
        return (IoEventLoop) loop;
    }

    /** In the lane only, and only until the caller returns to it. */
    final byte[] scratch() {
        assert inLane();
        return scratch;
    }

    /** A reader that is at rest. In the lane only. */
    final FrameReader borrowReader(FrameReader.Receiver receiver) {
        assert inLane();
        FrameReader lent = spare;
        spare = null;
        return lent == null ? new FrameReader(frameBytes, receiver) : lent.serve(receiver);
    }

    /** It is at rest again. In the lane only. */
    final void giveBack(FrameReader reader) {
        spare = reader;
    }

    /** Gives its memory back, when its loop has ended. */
    void release() {}

    @Override
    public final int index() {
        return index;
    }

    @Override
    public final boolean isHome() {
        return home;
    }

    @Override
    public final boolean inLane() {
        return loop.inEventLoop();
    }

    @Override
    public final void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void executeAfter(Runnable task, long delayMillis) {
        loop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public final void atEndOfTurn(Runnable task) {
        loop.executeAfterEventLoopIteration(task);
    }

    @Override
    public final void write(Connection[] connections, int count, ByteBuf run) {
        assert inLane();
        for (int i = 0; i < count; i++) {
            ((WebSocketConnection) connections[i]).write(run);
        }
    }
}
