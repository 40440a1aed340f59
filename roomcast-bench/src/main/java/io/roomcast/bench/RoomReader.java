package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A member of one room that does nothing but read: holds the messages to their offsets and notes how late each is, by the
 * intended time that stands at the start of its data. Or it stops reading once it has joined, and is a stalled one.
 */
final class RoomReader extends ChannelInboundHandlerAdapter {
    private final byte[] request;
    private final String join;
    private final boolean stalls;
    private final Lateness lateness;

    private volatile @Nullable ChannelHandlerContext context;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;
    private boolean upgraded;
    private volatile boolean joined;
    private volatile boolean ended;
    private volatile boolean reset;
    private volatile int closeCode;
    private volatile long offset;
    private long faults;

    RoomReader(byte[] request, String room, boolean stalls, Lateness lateness) {
        this.request = request;
        this.join = "{\"type\":\"join\",\"room\":\"" + room + "\"}";
        this.stalls = stalls;
        this.lateness = lateness;
    }

    boolean hasJoined() {
        return joined;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether the connection's end was a reset. */
    boolean wasReset() {
        return reset;
    }

    /** The code of the close frame that has come, 0 if none has. */
    int closeCode() {
        return closeCode;
    }

    /** The last offset it has seen. */
    long offset() {
        return offset;
    }

    /** Messages that did not follow the one before. */
    long faults() {
        return faults;
    }

    void send(String json) {
        ChannelHandlerContext open = context;
        if (open != null) {
            open.writeAndFlush(WebSocketFrames.text(open.alloc(), json), open.voidPromise());
        }
    }

    /** A stalled one reads on. */
    void readOn() {
        ChannelHandlerContext open = context;
        if (open != null) {
            open.channel().config().setAutoRead(true);
        }
    }

    /** Ends the connection, and waits until that has happened. */
    void close() {
        ChannelHandlerContext open = context;
        if (open != null) {
            open.channel().close().syncUninterruptibly();
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
            rest.writeBytes(in);
            in.release();
            in = rest;
            rest = Unpooled.EMPTY_BUFFER;
        }
        long now = System.nanoTime();
        while (upgraded ? frame(ctx, in, now) : head(in)) {
            // One after another.
        }
        if (in.isReadable()) {
            rest = ctx.alloc().buffer(in.readableBytes() + 2_048).writeBytes(in);
        }
        in.release();
    }

    private boolean head(ByteBuf in) {
        int end = in.toString(ISO_8859_1).indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        in.skipBytes(end + 4);
        upgraded = true;
        send(join);
        return true;
    }

    private boolean frame(ChannelHandlerContext ctx, ByteBuf in, long now) {
        int head = WebSocketFrames.headLength(in);
        if (head < 0 || in.readableBytes() < head + WebSocketFrames.payloadLength(in)) {
            return false;
        }
        int length = (int) WebSocketFrames.payloadLength(in);
        int opcode = in.getByte(in.readerIndex()) & 0x0F;
        in.skipBytes(head);
        String text = in.readCharSequence(length, ISO_8859_1).toString();
        ChannelHandlerContext open = context;
        if (opcode == WebSocketFrames.PING && open != null) {
            open.writeAndFlush(
                    WebSocketFrames.masked(open.alloc(), WebSocketFrames.PONG, text.getBytes(ISO_8859_1)),
                    open.voidPromise());
        } else if (opcode == WebSocketFrames.TEXT) {
            take(text, now);
        } else if (opcode == WebSocketFrames.CLOSE && length >= 2) {
            closeCode = text.charAt(0) << Byte.SIZE | text.charAt(1);
            ctx.close();
        }
        return true;
    }

    private void take(String text, long now) {
        if (text.startsWith("{\"type\":\"message\"")) {
            long next = numberBehind(text, "\"offset\":");
            faults += next == offset + 1 ? 0 : 1;
            offset = next;
            lateness.record(numberBehind(text, "\"data\":\""), now);
        } else if (text.startsWith("{\"type\":\"joined\"")) {
            offset = numberBehind(text, "\"offset\":");
            joined = true;
            ChannelHandlerContext open = context;
            if (stalls && open != null) {
                open.channel().config().setAutoRead(false);
            }
        }
    }

    private static long numberBehind(String text, String mark) {
        long number = 0;
        for (int i = text.indexOf(mark) + mark.length(); Character.isDigit(text.charAt(i)); i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        rest.release();
        rest = Unpooled.EMPTY_BUFFER;
        ended = true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reset = true;
        ctx.close();
    }
}
