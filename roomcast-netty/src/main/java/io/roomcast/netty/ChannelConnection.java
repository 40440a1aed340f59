package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.DecoderException;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A WebSocket connection on a Netty channel, for everything that has no faster way: other platforms, and who comes in an
 * unusual way.
 *
 * <p>Back-pressure: the channel keeps up to its high water mark, 64 KiB and what was under way.
 */
final class ChannelConnection extends WebSocketConnection {
    private final Channel channel;

    ChannelConnection(Channel channel, LoopLane lane) {
        super(lane);
        this.channel = channel;
    }

    /** Reads the channel from now on. */
    ChannelHandler handler() {
        return new Handler();
    }

    @Override
    void write(ByteBuf run) {
        channel.write(run.retainedDuplicate(), channel.voidPromise());
        channel.flush();
        if (!channel.isWritable()) {
            tellBlocked();
        }
    }

    @Override
    void send(ByteBuf frame) {
        channel.writeAndFlush(frame, channel.voidPromise());
    }

    @Override
    void sendLast(ByteBuf close, Then then) {
        var sent = channel.writeAndFlush(close);
        switch (then) {
            case STAYS -> {}
            case HALF_CLOSES -> sent.addListener(done -> Tls.endOutput(channel));
            case CLOSES -> sent.addListener(done -> closeSocket());
        }
    }

    @Override
    boolean takesMore() {
        return channel.isWritable();
    }

    @Override
    void readOrNot() {
        Tls.readOrNot(channel, reads());
    }

    @Override
    boolean isOpen() {
        return channel.isActive();
    }

    @Override
    void closeSocket() {
        Tls.close(channel);
    }

    @Override
    ByteBuf newBuffer() {
        return channel.alloc().buffer();
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

    /**
     * By a reset: otherwise the kernel keeps what the peer does not take, up to twice the send buffer, and tries for
     * minutes to get rid of it when nobody here knows of the connection any more.
     */
    @Override
    public void cut() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    private final class Handler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            read((ByteBuf) message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            readComplete();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            readOrNot();
            if (channel.isWritable()) {
                taken();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ended();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof IOException || cause instanceof DecoderException) { // a reset, or no TLS
                closeSocket();
            } else {
                failed(cause);
            }
        }
    }
}
