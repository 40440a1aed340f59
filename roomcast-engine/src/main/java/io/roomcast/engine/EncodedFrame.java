package io.roomcast.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.roomcast.protocol.JsonWriter;

/**
 * One WebSocket text frame, ready for the wire: encoded once, shared by reference by all who get it. Counted: whoever
 * holds it owns one reference.
 */
final class EncodedFrame {
    /** FIN and the text opcode, RFC 6455 section 5.2. A server's frame has no mask. */
    private static final int FINAL_TEXT = 0x81;

    private static final int LENGTH_IN_TWO_BYTES = 126;
    private static final int LENGTH_IN_EIGHT_BYTES = 127;
    private static final int LONGEST_HEADER = 10;

    private final ByteBuf bytes;

    private EncodedFrame(ByteBuf bytes) {
        this.bytes = bytes;
    }

    /** The frame around this JSON, with one reference for the caller. */
    static EncodedFrame text(ByteBufAllocator allocator, JsonWriter json) {
        int length = json.length();
        ByteBuf bytes = allocator.directBuffer(LONGEST_HEADER + length);
        bytes.writeByte(FINAL_TEXT);
        if (length < LENGTH_IN_TWO_BYTES) {
            bytes.writeByte(length);
        } else if (length <= 0xFFFF) {
            bytes.writeByte(LENGTH_IN_TWO_BYTES).writeShort(length);
        } else {
            bytes.writeByte(LENGTH_IN_EIGHT_BYTES).writeLong(length);
        }
        bytes.writeBytes(json.array(), 0, length);
        return new EncodedFrame(bytes);
    }

    int length() {
        return bytes.readableBytes();
    }

    /** The frame's bytes. Their indices must not be moved. */
    ByteBuf bytes() {
        return bytes;
    }

    EncodedFrame retain() {
        bytes.retain();
        return this;
    }

    void release() {
        bytes.release();
    }
}
