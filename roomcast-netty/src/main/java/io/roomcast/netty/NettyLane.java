package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.SingleThreadEventLoop;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Lane;
import java.util.concurrent.TimeUnit;

/** A lane on one of Netty's event loops, for connections that are Netty's channels. */
final class NettyLane implements Lane {
    private final int index;
    private final SingleThreadEventLoop loop;

    /** Where a whole message is unmasked; shared by the lane's connections, since each uses it within one read. */
    private final byte[] scratch;

    private final Patience patience;
    private final OpenMessages openMessages;

    NettyLane(int index, SingleThreadEventLoop loop, int frameBytes, Patience patience) {
        this.index = index;
        this.loop = loop;
        this.scratch = new byte[frameBytes];
        this.patience = patience;
        this.openMessages = new OpenMessages(loop, patience.message());
    }

    Patience patience() {
        return patience;
    }

    /** In the lane only. */
    OpenMessages openMessages() {
        return openMessages;
    }

    SingleThreadEventLoop loop() {
        return loop;
    }

    /** In the lane only, and only until the caller returns to it. */
    byte[] scratch() {
        assert inLane();
        return scratch;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inLane() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void executeAfter(Runnable task, long delayMillis) {
        loop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void atEndOfTurn(Runnable task) {
        loop.executeAfterEventLoopIteration(task);
    }

    @Override
    public void write(Connection[] connections, int count, ByteBuf run) {
        assert inLane();
        for (int i = 0; i < count; i++) {
            ((NettyConnection) connections[i]).write(run);
        }
    }
}
