package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket of a client that is in order itself and expects the connection to break anywhere: handshake, text frames,
 * answers to pings and closes. All of it on one loop.
 */
final class ClientSocket extends ChannelInboundHandlerAdapter {
    /** In the place of a close code: the connection ended without a close frame; RFC 6455, section 7.1.5. */
    static final int NO_CLOSE_FRAME = 1_006;

    private static final ByteBuf HEAD_END = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", ISO_8859_1));

    private final Talk talk;
    private final byte[] request;

    private @Nullable ChannelHandlerContext context;
    /** The beginning of a frame whose rest has not arrived; at most one frame. */
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;

    private boolean upgraded;
    private boolean ended;
    private int closeCode = NO_CLOSE_FRAME;
    private String fault = "";
    private long lastHeard = System.nanoTime();

    private ClientSocket(Talk talk, byte[] request) {
        this.talk = talk;
        this.request = request;
    }

    /** Connects, with TLS if there is any; what comes of it is told to the talk. */
    static ClientSocket open(
            Bootstrap bootstrap, @Nullable SslContext tls, InetSocketAddress address, byte[] request, Talk talk) {
        ClientSocket socket = new ClientSocket(talk, request);
        ChannelHandler handler = tls == null
                ? socket
                : new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        String host = address.getAddress().getHostAddress();
                        channel.pipeline().addLast(tls.newHandler(channel.alloc(), host, address.getPort()), socket);
                    }
                };
        ChannelFuture connecting = bootstrap.clone().handler(handler).connect(address);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                socket.fault = String.valueOf(done.cause());
                socket.end();
            }
        });
        return socket;
    }

    boolean isUpgraded() {
        return upgraded;
    }

    boolean hasEnded() {
        return ended;
    }

    /** The code of the server's close frame, or {@link #NO_CLOSE_FRAME}. */
    int closeCode() {
        return closeCode;
    }

    /** What the server did that no server may do, or how connecting failed; empty if nothing. */
    String fault() {
        return fault;
    }

    /** When bytes last came, or the socket was made. */
    long lastHeard() {
        return lastHeard;
    }

    /** What there is of a frame, without its head, whose rest has not arrived. */
    String unread() {
        int head = upgraded ? WebSocketFrames.headLength(rest) : 0;
        return head < 0
                ? ""
                : rest.toString(rest.readerIndex() + head, Math.max(0, rest.readableBytes() - head), ISO_8859_1);
    }

    void send(String json) {
        ChannelHandlerContext open = context;
        if (open != null) {
            open.writeAndFlush(WebSocketFrames.text(open.alloc(), json), open.voidPromise());
        }
    }

    /** Sends a binary frame. Takes the bytes over. */
    void send(byte[] payload) {
        ChannelHandlerContext open = context;
        if (open != null) {
            open.writeAndFlush(
                    WebSocketFrames.masked(open.alloc(), WebSocketFrames.BINARY, payload), open.voidPromise());
        }
    }

    /** Goes with a close frame. */
    void close(int code) {
        ChannelHandlerContext open = context;
        if (open != null) {
            open.writeAndFlush(WebSocketFrames.close(open.alloc(), code), open.voidPromise());
        }
    }

    /** Ends the connection at once, with a reset. */
    void reset() {
        ChannelHandlerContext open = context;
        // One that is closed is told so in a later task, and takes no options meanwhile.
        if (open != null && open.channel().isOpen()) {
            open.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            // Without TLS's last word, which would have to be taken first.
            open.channel().unsafe().close(open.channel().unsafe().voidPromise());
        }
    }

    /** Whether to read on. */
    void read(boolean on) {
        ChannelHandlerContext open = context;
        if (open != null) {
            open.channel().config().setAutoRead(on);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        ctx.writeAndFlush(Unpooled.wrappedBuffer(request), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        ByteBuf in = (ByteBuf) received;
        if (rest.isReadable()) {
            rest = rest.writeBytes(in);
            in.release();
            in = rest;
            rest = Unpooled.EMPTY_BUFFER;
        }
        long now = System.nanoTime();
        lastHeard = now;
        while (!ended && fault.isEmpty() && (upgraded ? frame(in, now) : head(in))) {
            // The condition does the work, one frame at a time.
        }
        if (!ended && in.isReadable()) {
            rest = ctx.alloc().buffer(in.readableBytes() + 2_048).writeBytes(in);
        }
        in.release();
        if (!fault.isEmpty()) {
            reset();
        }
    }

    private boolean head(ByteBuf in) {
        int end = ByteBufUtil.indexOf(HEAD_END, in);
        if (end < 0) {
            return false;
        }
        String head = in.readCharSequence(end - in.readerIndex(), ISO_8859_1).toString();
        if (!Handshake.accepted(head)) {
            fault = "was not accepted: " + head;
            return false;
        }
        in.skipBytes(4);
        upgraded = true;
        talk.opened(this);
        return true;
    }

    private boolean frame(ByteBuf in, long now) {
        int head = WebSocketFrames.headLength(in);
        if (head < 0) {
            return false;
        }
        long length = WebSocketFrames.payloadLength(in);
        int first = in.getByte(in.readerIndex()) & 0xFF;
        if (length > WebSocketFrames.MOST || in.getByte(in.readerIndex() + 1) < 0 || (first & 0xF0) != 0x80) {
            fault = "got a frame that is masked, fragmented, has reserved bits or is too long";
            return false;
        }
        if (in.readableBytes() < head + length) {
            return false;
        }
        in.skipBytes(head);
        String text = in.readCharSequence((int) length, ISO_8859_1).toString();
        ChannelHandlerContext open = context;
        switch (first & 0x0F) {
            case WebSocketFrames.TEXT -> talk.text(this, text, now);
            case WebSocketFrames.BINARY -> {
                if (!talk.binary(this, text, now)) {
                    fault = "got a binary frame";
                }
            }
            case WebSocketFrames.PING -> {
                if (open != null) {
                    open.writeAndFlush(
                            WebSocketFrames.masked(open.alloc(), WebSocketFrames.PONG, text.getBytes(ISO_8859_1)),
                            open.voidPromise());
                }
            }
            case WebSocketFrames.PONG -> {}
            case WebSocketFrames.CLOSE -> {
                closeCode = length < 2 ? 1_005 : (text.charAt(0) << 8) | text.charAt(1);
                if (open != null) {
                    open.close();
                }
            }
            default -> fault = "got a frame of opcode " + (first & 0x0F);
        }
        return true;
    }

    private void end() {
        if (!ended) {
            ended = true;
            context = null;
            talk.ended(this);
            if (rest.refCnt() > 0) {
                rest.release();
            }
            rest = Unpooled.EMPTY_BUFFER;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
