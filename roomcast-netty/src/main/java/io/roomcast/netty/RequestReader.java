package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A channel's first reader: reads one request head, then hands the channel on to a WebSocket connection or answers and
 * closes. One request a connection, so nothing can be smuggled in behind it.
 *
 * <p>Bounds: the head's sizes are the parser's; all of it has to come, and its answer to be read, within
 * {@value #HEAD_SECONDS} s, however slowly it drips; an answered peer has {@value #LINGER_MILLIS} ms to read its answer.
 */
final class RequestReader extends ChannelInboundHandlerAdapter {
    private static final int HEAD_SECONDS = 10;
    private static final int LINGER_MILLIS = 500;

    private final Routes routes;
    private final HeadParser parser = new HeadParser();
    private @Nullable Future<?> deadline;
    private boolean answered;

    RequestReader(Routes routes) {
        this.routes = routes;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel channel = context.channel();
        deadline = channel.eventLoop().schedule(() -> channel.close(), HEAD_SECONDS, TimeUnit.SECONDS);
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopClock();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (answered) {
            in.release();
            return;
        }
        switch (parser.read(in)) {
            case MORE -> in.release();
            case REFUSED -> {
                in.release();
                answer(context, parser.refusal(), false);
            }
            case DONE -> route(context, parser.head(), in);
        }
    }

    private void route(ChannelHandlerContext context, RequestHead head, ByteBuf behind) {
        if (!head.path().equals(routes.webSocketPath())) {
            behind.release();
            answer(context, routes.page(head), head.isHead());
            return;
        }
        UpgradeAnswer upgrade = routes.upgrade(head);
        if (!upgrade.accepted()) {
            behind.release();
            answer(context, upgrade.response(), head.isHead());
            return;
        }
        stopClock();
        write(context, upgrade.response(), false);
        NettyConnection connection = routes.connection(context.channel());
        context.pipeline().replace(this, null, connection);
        connection.open(routes.endpoints(), routes.handshake(context.channel(), head));
        if (behind.isReadable()) {
            context.pipeline().fireChannelRead(behind);
        } else {
            behind.release();
        }
    }

    /** Sends the answer, and closes when the peer has had time to read it: closing at once might reset it away. */
    private void answer(ChannelHandlerContext context, HttpResponse response, boolean headOnly) {
        answered = true;
        // The clock that runs since the beginning goes on, for a peer that does not read.
        write(context, response, headOnly).addListener(written -> {
            stopClock();
            Channel channel = context.channel();
            if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
            deadline = channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private ChannelFuture write(ChannelHandlerContext context, HttpResponse response, boolean headOnly) {
        routes.answers().count(response.status());
        ByteBuf out = context.alloc().buffer();
        response.writeTo(out, headOnly);
        return context.writeAndFlush(out);
    }

    private void stopClock() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
