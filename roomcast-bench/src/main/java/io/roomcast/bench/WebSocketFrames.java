package io.roomcast.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** The few parts of RFC 6455 that a client in good order needs: masked frames out, whole unmasked frames in. */
final class WebSocketFrames {
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;
    /** Larger frames of the server are taken for a fault of its framing. */
    static final int MOST = 8 << 20;

    private WebSocketFrames() {}

    static ByteBuf text(ByteBufAllocator allocator, String json) {
        return masked(allocator, TEXT, json.getBytes(StandardCharsets.UTF_8));
    }

    static ByteBuf close(ByteBufAllocator allocator, int code) {
        return masked(allocator, CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /** One final frame; RFC 6455, section 5.2. Masks the payload where it is. */
    static ByteBuf masked(ByteBufAllocator allocator, int opcode, byte[] payload) {
        ByteBuf out = allocator.buffer(payload.length + 14);
        out.writeByte(0x80 | opcode);
        if (payload.length < 126) {
            out.writeByte(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            out.writeByte(0x80 | 126).writeShort(payload.length);
        } else {
            out.writeByte(0x80 | 127).writeLong(payload.length);
        }
        int mask = ThreadLocalRandom.current().nextInt();
        out.writeInt(mask);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
        }
        return out.writeBytes(payload);
    }

    /** The length of the head of the frame at the reader index, or -1 while it is incomplete. */
    static int headLength(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return -1;
        }
        int length = in.getByte(in.readerIndex() + 1) & 0x7F;
        int head = length < 126 ? 2 : length == 126 ? 4 : 10;
        return in.readableBytes() < head ? -1 : head;
    }

    /** The length of the payload behind a complete head; beyond {@link #MOST} if it is not plausible. */
    static long payloadLength(ByteBuf in) {
        int length = in.getByte(in.readerIndex() + 1) & 0x7F;
        if (length < 126) {
            return length;
        }
        long extended = length == 126 ? in.getUnsignedShort(in.readerIndex() + 2) : in.getLong(in.readerIndex() + 2);
        return extended < 0 ? Long.MAX_VALUE : extended;
    }
}
