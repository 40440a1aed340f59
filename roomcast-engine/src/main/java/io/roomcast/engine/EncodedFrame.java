package io.roomcast.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.roomcast.protocol.JsonWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket text frame, ready for the wire: encoded once, shared by reference by all who get it. Counted: whoever
 * holds it owns one reference.
 *
 * <p>Where many get a frame that differs only in its beginning, it comes in two pieces, so that the long one is shared:
 * see {@link #begin} and {@link #end}. They are queued one right behind the other.
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
        END,
        MESSAGE,
        GAP,
        STATE
    }

    private final ByteBuf bytes;
    private final Kind kind;
    private final @Nullable LiveRoom room;
    private final long after;
    private final long offset;
    private final @Nullable MergedChange change;
    private final @Nullable List<ShownMessage> shown;

    private EncodedFrame(ByteBuf bytes, Kind kind, @Nullable LiveRoom room, long after, long offset) {
        this(bytes, kind, room, after, offset, null, null);
    }

    private EncodedFrame(
            ByteBuf bytes,
            Kind kind,
            @Nullable LiveRoom room,
            long after,
            long offset,
            @Nullable MergedChange change,
            @Nullable List<ShownMessage> shown) {
        this.bytes = bytes;
        this.kind = kind;
        this.room = room;
        this.after = after;
        this.offset = offset;
        this.change = change;
        this.shown = shown;
    }

    /** A frame that is never dropped, with one reference for the caller. */
    static EncodedFrame text(ByteBufAllocator allocator, JsonWriter json, @Nullable LiveRoom room) {
        return new EncodedFrame(bytes(allocator, json, 0), Kind.STAYS, room, 0, 0);
    }

    /** The beginning of a frame that the other piece ends, with one reference for the caller. */
    static EncodedFrame begin(ByteBufAllocator allocator, JsonWriter json, @Nullable LiveRoom room, EncodedFrame end) {
        return new EncodedFrame(bytes(allocator, json, end.length()), Kind.STAYS, room, 0, 0);
    }

    /** The end of a frame that somebody else's beginning goes before, with one reference for the caller. */
    static EncodedFrame end(ByteBufAllocator allocator, JsonWriter json, @Nullable LiveRoom room) {
        ByteBuf bytes = allocator.directBuffer(Math.max(1, json.length()));
        bytes.writeBytes(json.array(), 0, json.length());
        return new EncodedFrame(bytes, Kind.END, room, 0, 0);
    }

    /**
     * One or several messages of a room, with one reference for the caller.
     *
     * @param after the offset before the first of them that is kept, 0 if none is
     * @param offset of the last of them that is kept, 0 if none is
     * @param shown what they are one by one, if a later message may outdate one of them; else null
     */
    static EncodedFrame messages(
            ByteBufAllocator allocator,
            JsonWriter json,
            LiveRoom room,
            long after,
            long offset,
            @Nullable List<ShownMessage> shown) {
        return new EncodedFrame(bytes(allocator, json, 0), Kind.MESSAGE, room, after, offset, null, shown);
    }

    /** A change of a room's state, with one reference for the caller. */
    static EncodedFrame state(ByteBufAllocator allocator, JsonWriter json, LiveRoom room, MergedChange change) {
        return new EncodedFrame(bytes(allocator, json, 0), Kind.STATE, room, 0, 0, change, null);
    }

    /** Word of messages that were dropped, with one reference for the caller. */
    static EncodedFrame gap(ByteBufAllocator allocator, JsonWriter json, LiveRoom room, long after, long before) {
        return new EncodedFrame(bytes(allocator, json, 0), Kind.GAP, room, after, before);
    }

    /** @param more bytes of the frame that come in a piece of their own */
    private static ByteBuf bytes(ByteBufAllocator allocator, JsonWriter json, int more) {
        int length = json.length() + more;
        ByteBuf bytes = allocator.directBuffer(LONGEST_HEADER + json.length());
        bytes.writeByte(FINAL_TEXT);
        if (length < LENGTH_IN_TWO_BYTES) {
            bytes.writeByte(length);
        } else if (length <= 0xFFFF) {
            bytes.writeByte(LENGTH_IN_TWO_BYTES).writeShort(length);
        } else {
            bytes.writeByte(LENGTH_IN_EIGHT_BYTES).writeLong(length);
        }
        bytes.writeBytes(json.array(), 0, json.length());
        return bytes;
    }

    /** Whether it is a message, or several. */
    boolean isMessage() {
        return kind == Kind.MESSAGE;
    }

    /** Whether it ends a frame that began in another piece. */
    boolean isEnd() {
        return kind == Kind.END;
    }

    boolean isGap() {
        return kind == Kind.GAP;
    }

    /** What it says about a room's state, null if nothing. Never changed. */
    @Nullable
    MergedChange change() {
        return change;
    }

    /** The messages in it, if one of them may be outdated by a later one; else null. Never changed. */
    @Nullable
    List<ShownMessage> shown() {
        return shown;
    }

    /** The room it belongs to, null if to none. */
    @Nullable
    LiveRoom room() {
        return room;
    }

    /** Of a gap, and of messages that are kept: the last offset before it. */
    long after() {
        return after;
    }

    /** Of messages: the last one's offset, 0 if none is kept. Of a gap: the first offset behind it. */
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
