package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connections of a server that are Netty's channels. */
final class Channels {
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(1, 64 * 1024);

    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final List<LoopLane> lanes;
    private final Routes routes;
    private final Reception reception;
    private final Patience patience;
    private final @Nullable Tls tls;

    /** @param tls what they all speak, null for plain ones */
    Channels(List<LoopLane> lanes, Routes routes, Reception reception, Patience patience, @Nullable Tls tls) {
        this.lanes = List.copyOf(lanes);
        this.routes = routes;
        this.reception = reception;
        this.patience = patience;
        this.tls = tls;
    }

    Reception reception() {
        return reception;
    }

    Patience patience() {
        return patience;
    }

    /** What they all speak, null for plain ones. */
    @Nullable
    Tls tls() {
        return tls;
    }

    /** A channel has been accepted, and is not yet registered with its loop. */
    void accepted(Channel channel) {
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        Reception.Admission admission = reception.arrived(peer.getAddress());
        begin(
                channel,
                new RequestReader(
                        this,
                        routes,
                        peer.getAddress(),
                        admission,
                        patience.head().toNanos()));
    }

    /**
     * A socket that was accepted otherwise becomes a channel on this lane, which is one of epoll. In that lane.
     *
     * @param descriptor the socket's; the channel owns it from now on
     * @param headNanos how long its request may still take
     * @param soFar what has been read of the request; it is taken over
     */
    void adopt(
            int descriptor,
            LoopLane lane,
            InetSocketAddress peer,
            Reception.Admission admission,
            long headNanos,
            ByteBuf soFar) {
        Channel channel = new EpollSocketChannel(descriptor);
        begin(channel, new RequestReader(this, routes, peer.getAddress(), admission, headNanos));
        lane.loop().register(channel);
        if (channel.isActive() && soFar.isReadable()) {
            channel.pipeline().fireChannelRead(soFar).fireChannelReadComplete();
        } else {
            soFar.release();
        }
        if (!channel.isActive()) { // its peer has reset it already
            channel.unsafe().close(channel.unsafe().voidPromise());
        }
    }

    private void begin(Channel channel, RequestReader reader) {
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS);
        reader.watchEnd(channel);
        open.add(channel);
        channel.pipeline().addLast(reader);
    }

    ChannelConnection connection(Channel channel) {
        for (LoopLane lane : lanes) {
            if (lane.loop() == channel.eventLoop()) {
                return new ChannelConnection(channel, lane);
            }
        }
        throw new AssertionError("a channel lives on one of our lanes");
    }

    int size() {
        return open.size();
    }

    /** Closes them all, in bounded time. */
    void close() {
        open.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
}
