package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.NetUtil;
import io.roomcast.engine.Handshake;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Endpoint;
import io.roomcast.protocol.CloseCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket connection on a Netty channel, from the upgrade to its end.
 *
 * <p>Threads: its lane only.
 *
 * <p>Back-pressure: out, the channel keeps up to its high water mark, 64 KiB and what was under way; then the engine is
 * told that the connection is blocked, until all has been taken. In, a paused connection reads nothing from the socket,
 * and what had been read already stays here, unparsed. Of pings that come together the first {@value
 * #PINGS_ANSWERED_EACH} get a pong each and of the rest only the last; while a peer does not read its pongs, it is not
 * read either.
 *
 * <p>The end: whoever begins it, one close frame is sent, the peer's is awaited for 5 s ({@link Patience}), then the
 * connection is cut. What the peer sends meanwhile is read and dropped, so that the close frame is not lost to a reset.
 */
final class NettyConnection extends ChannelInboundHandlerAdapter implements Connection, FrameReader.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(NettyConnection.class);
    /** Pings of one read that get a pong each; of more than these, the last. */
    private static final int PINGS_ANSWERED_EACH = 16;

    private static final int NO_CLOSE_FRAME = 1006;

    private final Channel channel;
    private final NettyLane lane;
    private final FrameReader reader;
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
    private @Nullable Future<?> cutLater;

    NettyConnection(Channel channel, NettyLane lane, int frameBytes) {
        this.channel = channel;
        this.lane = lane;
        this.reader = new FrameReader(frameBytes, this);
    }

    /** Opens the engine's end. */
    void open(Endpoints endpoints, Handshake handshake) {
        endpoint = endpoints.open(lane, this, handshake);
        if (endpoint instanceof Endpoints.OfAllMessages) {
            reader.takeAllMessages();
        }
    }

    // ---- In

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (unread != null) {
            unread = join(context, unread, in);
        } else {
            read(in);
        }
    }

    /** Parses what there is and takes it over; what is left, because reading was paused, is kept. */
    private void read(ByteBuf in) {
        try {
            reader.read(in, lane.scratch(), System.nanoTime());
        } finally {
            if (in.isReadable() && channel.isActive()) {
                unread = in;
            } else {
                in.release();
            }
        }
        if (!watched && reader.messageOpen()) {
            watched = true;
            lane.openMessages().add(this);
        }
    }

    /** Whether a message is still open and has to be looked at again. Ends the connection if it has taken too long. */
    boolean keepsMessageOpen(long nowNanos, long mostNanos) {
        boolean open = !endpointClosed && reader.messageOpen();
        if (open && !reader.isPaused() && nowNanos - reader.messageOpenedNanos() > mostNanos) {
            reader.giveUp();
            open = false;
        }
        watched = open;
        return open;
    }

    private static ByteBuf join(ChannelHandlerContext context, ByteBuf first, ByteBuf second) {
        ByteBuf joined = context.alloc().buffer(first.readableBytes() + second.readableBytes());
        joined.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return joined;
    }

    @Override
    public void pauseReading() {
        reader.pause();
        readOrNot();
    }

    @Override
    public void resumeReading() {
        reader.resume(System.nanoTime());
        ByteBuf left = unread;
        unread = null;
        if (left != null) {
            read(left);
            answerPing();
        }
        // What was left may have brought the next pause, be it with its last message.
        readOrNot();
    }

    private void readOrNot() {
        channel.config().setAutoRead(!reader.isPaused() && !pongWaits);
    }

    @Override
    public void text(byte[] utf8, int offset, int length) {
        if (!closeSent) {
            endpoint.text(utf8, offset, length);
        }
    }

    @Override
    public void binary(byte[] bytes, int offset, int length) {
        if (!closeSent) {
            ((Endpoints.OfAllMessages) endpoint).binary(bytes, offset, length);
        }
    }

    @Override
    public void ping(byte[] payload) {
        endpoint.heard();
        unanswered = payload;
        if (++pingsOfThisRead <= PINGS_ANSWERED_EACH) {
            answerPing();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        answerPing();
        pingsOfThisRead = 0;
    }

    private void answerPing() {
        byte[] payload = unanswered;
        if (payload == null || closeSent) {
            return;
        }
        if (channel.isWritable()) {
            unanswered = null;
            ByteBuf pong = channel.alloc().buffer();
            FrameWriter.pong(pong, payload);
            channel.writeAndFlush(pong, channel.voidPromise());
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
    public void pong() {
        endpoint.heard();
    }

    @Override
    public void close(int code, String reason) {
        if (closeSent) {
            channel.close();
        } else {
            tellClosed(code);
            sendClose(code, "").addListener(sent -> channel.close());
            cutLater();
        }
    }

    @Override
    public void violation(CloseCode code, String why) {
        if (!closeSent) {
            // What follows cannot be read, the peer's close frame included: our end is closed, and its end awaited.
            sendClose(code.number(), code.wireName()).addListener(sent -> shutdownOutput());
            cutLater();
            if (!endpointClosed) {
                endpointClosed = true;
                endpoint.broken(code);
            }
        } else {
            channel.close();
        }
    }

    // ---- Out

    /** Writes a run of frames; the caller keeps its reference. */
    void write(ByteBuf run) {
        channel.write(run.retainedDuplicate(), channel.voidPromise());
        channel.flush();
        if (!channel.isWritable() && !blocked) {
            blocked = true;
            endpoint.blocked();
        }
    }

    @Override
    public String peer() {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? NetUtil.toSocketAddressString(address)
                : "an unknown address";
    }

    @Override
    public long pendingBytes() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!channel.isWritable()) {
            return;
        }
        answerPing();
        stopWaitingWithPong();
        if (blocked) {
            blocked = false;
            endpoint.ready();
        }
    }

    @Override
    public void ping() {
        if (!closeSent && channel.isWritable()) {
            ByteBuf ping = channel.alloc().buffer();
            FrameWriter.ping(ping);
            channel.writeAndFlush(ping, channel.voidPromise());
        }
    }

    @Override
    public void close(CloseCode code) {
        if (!closeSent) {
            sendClose(code.number(), code.wireName());
            cutLater();
            // The peer's close frame is behind whatever it has said before: read on.
            resumeReading();
        }
    }

    private ChannelFuture sendClose(int code, String reason) {
        closeSent = true;
        ByteBuf close = channel.alloc().buffer();
        FrameWriter.close(close, code, reason);
        stopWaitingWithPong();
        return channel.writeAndFlush(close);
    }

    private void cutLater() {
        long nanos = lane.patience().close().toNanos();
        cutLater = channel.eventLoop().schedule(this::cut, nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * By a reset: otherwise the kernel keeps what the peer does not take, up to twice the send buffer, and tries for
     * minutes to get rid of it when nobody here knows of the connection any more.
     */
    @Override
    public void cut() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    private void shutdownOutput() {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    // ---- The end

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        dropUnread();
        if (cutLater != null) {
            cutLater.cancel(false);
        }
        tellClosed(NO_CLOSE_FRAME);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            // Not a reset, so a fault of ours, which ends with this connection.
            LOG.error("A connection failed", cause);
            close(CloseCode.SERVER_FAULT);
        }
        channel.close();
    }

    private void tellClosed(int code) {
        if (!endpointClosed) {
            endpointClosed = true;
            endpoint.closed(code);
        }
    }

    private void dropUnread() {
        if (unread != null) {
            unread.release();
            unread = null;
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
