package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection of the load: handshake, frames in and out, and nothing between them and the channel. Runs on
 * the loop that all clients share.
 */
final class LoadSocket extends ChannelInboundHandlerAdapter {
    /** A response head longer than this is no response to our request. */
    private static final int MOST_HEAD = 8_192;

    final ClientView view;
    private final LoadClient client;
    private final byte[] request;
    private final Scratch scratch;

    /** Where a frame is copied to be read; shared by all connections of the loop, used within one call. */
    static final class Scratch {
        byte[] bytes = new byte[4_096];

        byte[] of(int length) {
            if (bytes.length < length) {
                bytes = new byte[length];
            }
            return bytes;
        }
    }

    private @Nullable ChannelHandlerContext context;
    /** The beginning of a frame whose rest has not arrived; at most one frame. */
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;

    private boolean upgraded;
    /** A close frame has arrived: nothing may follow. */
    private boolean closeReceived;
    /** We ended it; what arrives from now on is of no interest. */
    private boolean cut;

    LoadSocket(LoadClient client, ClientView view, byte[] request, Scratch scratch) {
        this.client = client;
        this.view = view;
        this.request = request;
        this.scratch = scratch;
    }

    void send(String json) {
        ChannelHandlerContext open = context;
        if (open != null) {
            open.writeAndFlush(WebSocketFrames.text(open.alloc(), json), open.voidPromise());
        }
    }

    /** Two frames that may reach the server in one read. */
    void send(String first, String second) {
        ChannelHandlerContext open = context;
        if (open != null) {
            open.write(WebSocketFrames.text(open.alloc(), first), open.voidPromise());
            open.writeAndFlush(WebSocketFrames.text(open.alloc(), second), open.voidPromise());
        }
    }

    /** A close with 1000, as the protocol asks of a client that goes. */
    void closeCleanly() {
        view.closing();
        ChannelHandlerContext open = context;
        if (open != null) {
            open.writeAndFlush(WebSocketFrames.close(open.alloc(), 1_000), open.voidPromise());
        }
    }

    /** Ends the connection with no close frame: with a reset, or as a process that goes ends its sockets. */
    void drop(boolean reset) {
        cut = true;
        view.dropped();
        ChannelHandlerContext open = context;
        if (open != null) {
            if (reset) {
                open.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            }
            open.close();
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
        if (cut) {
            in.release();
            return;
        }
        if (rest.isReadable()) {
            rest = rest.writeBytes(in);
            in.release();
            in = rest;
            rest = Unpooled.EMPTY_BUFFER;
        }
        long now = System.nanoTime();
        while (!cut && (upgraded ? frame(ctx, in, now) : head(in))) {
            // The condition does the work, one frame at a time.
        }
        keepRest(ctx, in);
    }

    private void keepRest(ChannelHandlerContext ctx, ByteBuf in) {
        if (!cut && in.isReadable()) {
            rest = ctx.alloc().buffer(in.readableBytes() + 1_024).writeBytes(in);
        }
        in.release();
    }

    private boolean head(ByteBuf in) {
        int end = ByteBufUtil.indexOf(Unpooled.wrappedBuffer(new byte[] {'\r', '\n', '\r', '\n'}), in);
        if (end < 0 && in.readableBytes() < MOST_HEAD) {
            return false;
        }
        String head =
                end < 0 ? in.toString(ISO_8859_1) : in.toString(in.readerIndex(), end - in.readerIndex(), ISO_8859_1);
        if (end < 0 || !Handshake.accepted(head)) {
            fail("was not accepted: " + head);
            return false;
        }
        in.readerIndex(end + 4);
        upgraded = true;
        client.opened(this);
        return true;
    }

    private boolean frame(ChannelHandlerContext ctx, ByteBuf in, long now) {
        int head = WebSocketFrames.headLength(in);
        if (head < 0) {
            return false;
        }
        long length = WebSocketFrames.payloadLength(in);
        int first = in.getByte(in.readerIndex()) & 0xFF;
        boolean masked = in.getByte(in.readerIndex() + 1) < 0;
        if (length > WebSocketFrames.MOST || masked || (first & 0xF0) != 0x80 || closeReceived) {
            fail("got a frame that is masked, fragmented, has reserved bits, is too long or follows a close");
            return false;
        }
        if (in.readableBytes() < head + length) {
            return false;
        }
        int size = (int) length;
        byte[] payload = scratch.of(size);
        in.skipBytes(head).readBytes(payload, 0, size);
        take(ctx, first & 0x0F, payload, size, now);
        return true;
    }

    private void take(ChannelHandlerContext ctx, int opcode, byte[] payload, int size, long now) {
        switch (opcode) {
            case WebSocketFrames.TEXT -> view.checker.frames.received(view, payload, size, now);
            case WebSocketFrames.PING -> {
                byte[] answer = Arrays.copyOf(payload, size);
                ctx.writeAndFlush(WebSocketFrames.masked(ctx.alloc(), WebSocketFrames.PONG, answer), ctx.voidPromise());
            }
            case WebSocketFrames.PONG -> {}
            case WebSocketFrames.CLOSE -> closeFrame(payload, size);
            default -> fail("got a frame of opcode " + opcode);
        }
    }

    private void closeFrame(byte[] payload, int size) {
        closeReceived = true;
        int code = size < 2 ? 1_005 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
        if (view.state == ClientView.State.CLOSING && code == 1_000) {
            view.closed();
        } else {
            fail("was closed by the server with " + code + " "
                    + (size > 2 ? new String(payload, 2, size - 2, UTF_8) : ""));
        }
    }

    private void fail(String what) {
        view.checker.violations.add(Fault.CONNECTION, view + " " + what);
        drop(true);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        rest.release();
        rest = Unpooled.EMPTY_BUFFER;
        if (view.state != ClientView.State.ENDED) {
            view.checker.violations.add(Fault.CONNECTION, view + " was ended by the server without a close frame");
            view.dropped();
        }
        context = null;
        client.ended(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!cut) {
            fail("failed: " + cause);
        }
    }
}
