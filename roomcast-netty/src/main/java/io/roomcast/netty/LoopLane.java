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

    private final Patience patience;
    private final Reception reception;
    private final OpenMessages openMessages;
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
        this.patience = patience;
        this.reception = reception;
        this.home = home;
        this.openMessages = new OpenMessages(loop, patience.message());
    }

    final Patience patience() {
        return patience;
    }

    final Reception reception() {
        return reception;
    }

    /** In the lane only. */
    final OpenMessages openMessages() {
        return openMessages;
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
    public final void executeAfter(Runnable task, long delayMillis) {
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
