package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A channel's first reader: reads one request head, then hands the channel on to a WebSocket connection or answers and
 * closes. One request a connection, so nothing can be smuggled in behind it.
 *
 * <p>Bounds: the head's sizes are the parser's; all of it has to come, and its answer to be read, within
 * 10 s, however slowly it drips; an answered peer has half a second to read its answer. A connection that its address
 * has too many of is answered 429 before it has asked for anything, one that the process has no descriptors for 503, and
 * either is cut if there are far too many.
 */
final class RequestReader extends ChannelInboundHandlerAdapter {
    private static final HttpResponse TOO_MANY = HttpResponse.refusal(
                    HttpStatus.TOO_MANY_REQUESTS, "Too many connections from your address. Try again later.")
            .with("Retry-After", "1");
    private static final HttpResponse NO_DESCRIPTORS = HttpResponse.refusal(
                    HttpStatus.UNAVAILABLE, "The server has as many connections as it can have. Try again later.")
            .with("Retry-After", "1");

    private final Routes routes;
    private final Supplier<AddressBook.Answer> descriptors;
    private final AddressBook addresses;
    private final Patience patience;
    private final InetAddress address;
    private final HeadParser parser = new HeadParser();
    private @Nullable Future<?> deadline;
    private boolean answered;
    private boolean upgraded;

    /**
     * @param descriptors whether there are enough for one more connection
     * @param address the peer's, whose connection the book hears of here
     */
    RequestReader(
            Routes routes,
            Supplier<AddressBook.Answer> descriptors,
            AddressBook addresses,
            Patience patience,
            InetAddress address) {
        this.routes = routes;
        this.descriptors = descriptors;
        this.addresses = addresses;
        this.patience = patience;
        this.address = address;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel channel = context.channel();
        channel.closeFuture().addListener(closed -> addresses.left(address, upgraded));
        deadline = closeAfter(channel, patience.head());
        AddressBook.Answer ofAddress = addresses.arrived(address);
        AddressBook.Answer ofAll = descriptors.get();
        if (ofAddress == AddressBook.Answer.CUT || ofAll == AddressBook.Answer.CUT) {
            channel.close();
        } else if (ofAll == AddressBook.Answer.LATER) {
            answer(context, NO_DESCRIPTORS, false);
        } else if (ofAddress == AddressBook.Answer.LATER) {
            answer(context, TOO_MANY, false);
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
        if (addresses.upgrades(address) != AddressBook.Answer.WELCOME) {
            behind.release();
            answer(context, TOO_MANY, head.isHead());
            return;
        }
        upgraded = true;
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
            deadline = closeAfter(channel, patience.linger());
        });
    }

    private static Future<?> closeAfter(Channel channel, Duration time) {
        return channel.eventLoop().schedule(() -> channel.close(), time.toNanos(), TimeUnit.NANOSECONDS);
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
