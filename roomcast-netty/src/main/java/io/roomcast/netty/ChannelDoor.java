package io.roomcast.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Lets in connections that are Netty's channels. */
final class ChannelDoor implements Door {
    private final Channel listening;

    private ChannelDoor(Channel listening) {
        this.listening = listening;
    }

    /** @throws IOException if the address cannot be listened on */
    static ChannelDoor open(
            InetSocketAddress address, int sendBufferBytes, EventLoopGroup loops, Channels channels, AcceptPace pace)
            throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channelFactory(NioServerSocketChannel::new)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.SO_SNDBUF, sendBufferBytes)
                .handler(new Accepting(pace))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.accepted(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause());
        }
        return new ChannelDoor(bound.channel());
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
    }

    /** Holds the listening channel to the pace. */
    private static final class Accepting extends ChannelInboundHandlerAdapter {
        private final AcceptPace pace;

        Accepting(AcceptPace pace) {
            this.pace = pace;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object connection) {
            pace.accepted();
            context.fireChannelRead(connection);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            acceptOrNot(context.channel());
            context.fireChannelReadComplete();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Channel channel = context.channel();
            pace.failed(cause, later(channel), () -> acceptOrNot(channel));
            acceptOrNot(channel);
        }

        private static AcceptPace.Later later(Channel channel) {
            return (task, millis) -> channel.eventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
        }

        private void acceptOrNot(Channel channel) {
            channel.config().setAutoRead(pace.mayAccept());
            pace.pause(later(channel), () -> acceptOrNot(channel));
        }
    }
}
