package io.roomcast.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.roomcast.protocol.JsonWriter;
import org.jspecify.annotations.Nullable;

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

    /** What may happen to a frame that waits for a slow connection. */
    private enum Kind {
        STAYS,
        MESSAGE,
        GAP
    }

    private final ByteBuf bytes;
    private final Kind kind;
    private final @Nullable LiveRoom room;
    private final long after;
    private final long offset;

    private EncodedFrame(ByteBuf bytes, Kind kind, @Nullable LiveRoom room, long after, long offset) {
        this.bytes = bytes;
        this.kind = kind;
        this.room = room;
        this.after = after;
        this.offset = offset;
    }

    /** A frame that is never dropped, with one reference for the caller. */
    static EncodedFrame text(ByteBufAllocator allocator, JsonWriter json, @Nullable LiveRoom room) {
        return new EncodedFrame(bytes(allocator, json), Kind.STAYS, room, 0, 0);
    }

    /** A message of a room, with one reference for the caller. */
    static EncodedFrame message(ByteBufAllocator allocator, JsonWriter json, LiveRoom room, long offset) {
        return new EncodedFrame(bytes(allocator, json), Kind.MESSAGE, room, 0, offset);
    }

    /** Word of messages that were dropped, with one reference for the caller. */
    static EncodedFrame gap(ByteBufAllocator allocator, JsonWriter json, LiveRoom room, long after, long before) {
        return new EncodedFrame(bytes(allocator, json), Kind.GAP, room, after, before);
    }

    private static ByteBuf bytes(ByteBufAllocator allocator, JsonWriter json) {
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
        return bytes;
    }

    boolean isMessage() {
        return kind == Kind.MESSAGE;
    }

    boolean isGap() {
        return kind == Kind.GAP;
    }

    /** The room it belongs to, null if to none. */
    @Nullable
    LiveRoom room() {
        return room;
    }

    /** Of a gap: the last offset before it. */
    long after() {
        return after;
    }

    /** Of a message: its offset, 0 if it is not kept. Of a gap: the first offset behind it. */
    long offset() {
        return offset;
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
