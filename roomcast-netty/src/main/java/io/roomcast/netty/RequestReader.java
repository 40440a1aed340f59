package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A channel's first reader: reads one request head, then hands the channel on to a WebSocket connection or answers and
 * closes. One request a connection, so nothing can be smuggled in behind it.
 *
 * <p>Bounds: the head's sizes are the parser's; all of it has to come, and its answer to be read, within
 * 10 s, however slowly it drips; an answered peer has half a second to read its answer. A connection that its address
 * has too many of is answered 429 before it has asked for anything, one that the process has no descriptors for 503, and
 * either is cut if there are far too many. With TLS it is cut at once: an answer would cost a handshake first.
 *
 * <p>TLS begins with the connection's first byte, and all of the above holds for its handshake too. Who begins otherwise is
 * told so, in plain HTTP.
 */
final class RequestReader extends ChannelInboundHandlerAdapter {
    private static final HttpResponse TOO_MANY = HttpResponse.refusal(
                    HttpStatus.TOO_MANY_REQUESTS, "Too many connections from your address. Try again later.")
            .with("Retry-After", "1");
    private static final HttpResponse NO_DESCRIPTORS = HttpResponse.refusal(
                    HttpStatus.UNAVAILABLE, "The server has as many connections as it can have. Try again later.")
            .with("Retry-After", "1");
    private static final HttpResponse NO_TLS = HttpResponse.refusal(
            HttpStatus.BAD_REQUEST, "This port speaks TLS: the address begins with https:// or wss://.");

    private final Channels channels;
    private final Routes routes;
    private final InetAddress address;
    private final Reception.Admission admission;
    private final long headNanos;
    private final HeadParser parser = new HeadParser();
    private @Nullable Future<?> deadline;
    private boolean answered;
    private boolean upgraded;

    /** What the first bytes have to begin; null if that is nothing but HTTP, or has begun. */
    private @Nullable Tls tls;

    /**
     * @param address the peer's, which has arrived at the reception already
     * @param headNanos how long its request may still take
     */
    RequestReader(
            Channels channels, Routes routes, InetAddress address, Reception.Admission admission, long headNanos) {
        this.channels = channels;
        this.routes = routes;
        this.address = address;
        this.admission = admission;
        this.headNanos = headNanos;
        this.tls = channels.tls();
    }

    /** Its end is told to the reception, also if its peer has ended it before it could become active. */
    void watchEnd(Channel channel) {
        channel.closeFuture().addListener(closed -> channels.reception().left(address, upgraded));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel channel = context.channel();
        deadline = closeAfter(channel, headNanos);
        switch (admission) {
            case WELCOME -> {}
            case NO_DESCRIPTORS -> refuse(context, NO_DESCRIPTORS);
            case TOO_MANY -> refuse(context, TOO_MANY);
            case CUT -> channel.close();
        }
    }

    private void refuse(ChannelHandlerContext context, HttpResponse response) {
        if (tls == null) {
            answer(context, response, false);
        } else {
            context.channel().close();
        }
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
        } else if (tls != null) {
            beginTls(context, tls, in);
        } else {
            readRequest(context, in);
        }
    }

    private void beginTls(ChannelHandlerContext context, Tls awaited, ByteBuf first) {
        if (Tls.isBegunBy(first)) {
            tls = null;
            awaited.begin(context.channel());
            context.pipeline().fireChannelRead(first);
        } else {
            first.release();
            answer(context, NO_TLS, false);
        }
    }

    private void readRequest(ChannelHandlerContext context, ByteBuf in) {
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
        if (!channels.reception().upgrades(address)) {
            behind.release();
            answer(context, TOO_MANY, head.isHead());
            return;
        }
        upgraded = true;
        stopClock();
        write(context, upgrade.response(), false);
        ChannelConnection connection = channels.connection(context.channel());
        context.pipeline().replace(this, null, connection.handler());
        connection.open(routes.endpoints(), routes.handshake(context.channel().remoteAddress(), head));
        if (behind.isReadable()) {
            context.fireChannelRead(behind);
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
            Tls.endOutput(context.channel());
            deadline =
                    closeAfter(context.channel(), channels.patience().linger().toNanos());
        });
    }

    private static Future<?> closeAfter(Channel channel, long nanos) {
        return channel.eventLoop().schedule(() -> Tls.close(channel), nanos, TimeUnit.NANOSECONDS);
    }

    private ChannelFuture write(ChannelHandlerContext context, HttpResponse response, boolean headOnly) {
        routes.answers().count(response.status());
        ByteBuf out = context.alloc().buffer();
        response.writeTo(out, headOnly);
        return context.writeAndFlush(out);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Tls.readOrNot(context.channel(), true);
        context.fireChannelWritabilityChanged();
    }

    private void stopClock() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Tls.close(context.channel());
    }
}
