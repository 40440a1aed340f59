package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The request of a direct connection, until it has come whole. If it asks for the WebSocket and may have it, the connection
 * becomes one. Everything else (pages, refusals) is for a channel to answer: the socket is given to one, with the bytes
 * that were read.
 *
 * <p>Bounds: those of {@link HeadParser}, and as many bytes are kept; the time that {@link Patience} has for a request.
 */
final class Arrival implements Deadlines.Awaited {
    private final DirectConnection connection;
    private final Routes routes;
    private final Channels channels;
    private final LoopLane channelLane;
    private final HeadParser parser = new HeadParser();
    private final long sinceNanos = System.nanoTime();
    private boolean over;

    /** What was read of a request that came in pieces; null otherwise. */
    private @Nullable ByteBuf soFar;

    /** @param channelLane where it goes on if it is for a channel */
    Arrival(DirectConnection connection, Routes routes, Channels channels, LoopLane channelLane) {
        this.connection = connection;
        this.routes = routes;
        this.channels = channels;
        this.channelLane = channelLane;
    }

    @Override
    public long look(long nowNanos, long mostNanos) {
        long left = mostNanos - (nowNanos - sinceNanos);
        if (!over && left <= 0) {
            connection.closeSocket();
            over = true;
        }
        return over ? Deadlines.DONE : left;
    }

    /** Reads on, up to what is behind the request. */
    void read(ByteBuf in) {
        int begin = in.readerIndex();
        switch (parser.read(in)) {
            case MORE -> keep(in, begin);
            case REFUSED -> giveAway(in, begin);
            case DONE -> {
                if (!upgrade(parser.head())) {
                    giveAway(in, begin);
                }
            }
        }
    }

    private boolean upgrade(RequestHead head) {
        if (routes.isForChannel(head)) {
            return false;
        }
        UpgradeAnswer answer = routes.upgrade(head);
        InetSocketAddress peer = connection.peerAddress();
        if (!answer.accepted() || !channels.reception().upgrades(peer.getAddress())) {
            return false;
        }
        end();
        connection.upgraded();
        routes.answers().count(answer.response().status());
        ByteBuf out = connection.newBuffer();
        answer.response().writeTo(out, false);
        // With the engine's first words, which are written at the end of this turn.
        connection.hold(out);
        connection.open(routes.endpoints(), routes.handshake(peer, head));
        connection.lane.atEndOfTurn(connection::sendHeld);
        return true;
    }

    private void giveAway(ByteBuf in, int begin) {
        ByteBuf all = keep(in, begin);
        soFar = null;
        over = true;
        int descriptor = connection.socket.intValue();
        InetSocketAddress peer = connection.peerAddress();
        long deadlineNanos = sinceNanos + channels.patience().head().toNanos();
        long left = Math.max(0, deadlineNanos - System.nanoTime());
        connection.giveAway(() -> channelLane.execute(
                () -> channels.adopt(descriptor, channelLane, peer, Reception.Admission.WELCOME, left, all)));
    }

    /** All that was read, this included. */
    private ByteBuf keep(ByteBuf in, int begin) {
        if (soFar == null) {
            soFar = connection.newBuffer();
        }
        return soFar.writeBytes(in, begin, in.writerIndex() - begin);
    }

    /** It is over: the connection is a WebSocket, or closed. */
    void end() {
        over = true;
        if (soFar != null) {
            soFar.release();
            soFar = null;
        }
    }
}
