package io.roomcast.netty;

import static io.roomcast.protocol.CloseCode.BAD_UTF8;
import static io.roomcast.protocol.CloseCode.FRAME_TOO_BIG;
import static io.roomcast.protocol.CloseCode.MALFORMED_FRAME;
import static io.roomcast.protocol.CloseCode.POLICY;
import static io.roomcast.protocol.CloseCode.UNSUPPORTED_DATA;

import io.netty.buffer.ByteBuf;
import io.roomcast.protocol.CloseCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of one client (RFC 6455, section 5) from bytes cut anywhere, and stops at the first that breaks a
 * rule.
 *
 * <p><b>Strictness.</b> Each rule is checked with the first byte that can break it, so a frame is refused on its header
 * and nothing is allocated for what it claims. After a violation or a close frame all that follows is thrown away.
 *
 * <p><b>Memory.</b> Between messages no buffer is held, and the reader itself may serve another client: see
 * {@link #isAtRest}. A message that lies whole in the input is unmasked into the
 * scratch array of its event loop; any other is gathered in an array at most twice as big as what has arrived, and never
 * bigger than the frame limit. A control frame holds at most 125 bytes.
 *
 * <p><b>Threads.</b> One: the lane of the connection. The receiver is called inside {@link #read} and may call
 * {@link #pause}, but not {@code read}.
 */
final class FrameReader {
    /** Text frames and continuations of one message; beyond: close 1008. */
    static final int FRAGMENTS = 1_024;

    /** Stands for a close frame that carries no code (RFC 6455, section 7.1.5). */
    static final int NO_CODE = 1005;

    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    private static final int RESERVED_BITS = 0x70;
    private static final int OPCODE_BITS = 0x0F;
    private static final int CONTROL_BIT = 0x08;
    private static final int CONTROL_PAYLOAD = 125;
    private static final int FIRST_CAPACITY = 128;
    private static final byte[] EMPTY = {};
    private static final String NOT_UTF8 = "text that is not UTF-8";

    /** Takes what was read, on the connection's lane. */
    interface Receiver {
        /** A whole message, valid UTF-8. The array is the reader's or the lane's: read it before returning. */
        void text(byte[] utf8, int offset, int length);

        /** A whole binary message, only after {@link #takeAllMessages}; its array is as that of a text. */
        default void binary(byte[] bytes, int offset, int length) {
            throw new AssertionError("binary messages were not asked for");
        }

        /** The payload, 125 bytes at most, belongs to the receiver. */
        void ping(byte[] payload);

        void pong();

        /** A right close frame; {@code code} is {@link #NO_CODE} if it carried none. Nothing is read after it. */
        void close(int code, String reason);

        /** The client broke a rule: close with this code. Nothing is read after it. */
        void violation(CloseCode code, String why);
    }

    /** What the next byte is. */
    private enum Phase {
        FIRST,
        SECOND,
        SHORT_LENGTH,
        LONG_LENGTH,
        KEY,
        PAYLOAD,
        OVER
    }

    private final int frameBytes;

    /** Whose frames these are; written while it is at rest. */
    private Receiver receiver;

    private Phase phase = Phase.FIRST;
    private boolean paused;

    /** Whether binary messages are taken, and fragments in any number. */
    private boolean takesAllMessages;

    // The frame being read.
    private boolean last;
    private byte opcode;
    /** Bytes of the length or the key that are still to come. */
    private byte headerRest;
    /** The length so far; once the key is known, the bytes of payload still to come. */
    private long length;
    /** Always turned so that its highest byte meets the next byte of payload. */
    private int key;
    /** A control frame's payload that came in part; null otherwise. */
    private byte @Nullable [] control;

    // The message being read, of one or more frames with control frames between them.
    /** Frames of the open message, 0 if there is none; bounded by {@link #FRAGMENTS}, but for all messages. */
    private int fragments;
    /** What has arrived of a message that did not come whole; bounded by {@link #frameBytes}; null otherwise. */
    private byte @Nullable [] message;

    private boolean binary;
    private int messageLength;
    /** How much of the message is known to be valid UTF-8. */
    private int validLength;
    /** When the first byte came of what is open. */
    private long openedNanos;

    /** @param frameBytes the longest message, all fragments together; beyond: close 1009 */
    FrameReader(int frameBytes, Receiver receiver) {
        this.frameBytes = frameBytes;
        this.receiver = receiver;
    }

    /** Whether there is nothing that it would have to remember: it may serve another. */
    boolean isAtRest() {
        return phase == Phase.FIRST && fragments == 0 && !paused && !takesAllMessages;
    }

    /** Reads the frames of this one from here on. It is at rest. */
    FrameReader serve(Receiver next) {
        assert isAtRest() : "there is something of another in it";
        receiver = next;
        return this;
    }

    /** From here on binary messages are read too, and any number of fragments: for what is not rooms. */
    void takeAllMessages() {
        takesAllMessages = true;
    }

    /** From here on no further frame is begun; one that has begun is read to its end. */
    void pause() {
        paused = true;
    }

    /**
     * The caller offers again what {@link #read} left. The time of a message that is open begins anew: it was not the
     * client that kept us from reading.
     *
     * @param nowNanos monotonic time
     */
    void resume(long nowNanos) {
        paused = false;
        openedNanos = nowNanos;
    }

    boolean isPaused() {
        return paused;
    }

    /** The open message has taken too long: close with 1008. */
    void giveUp() {
        violation(POLICY, "message open for too long");
    }

    /** Whether a message or frame has begun, be it with one byte, and not ended. */
    boolean messageOpen() {
        return phase != Phase.OVER && (phase != Phase.FIRST || fragments > 0);
    }

    /** When the open message began, in the time given to {@link #read}; of no meaning if none is open. */
    long messageOpenedNanos() {
        return openedNanos;
    }

    /** Bytes of memory held for what is open; 0 between messages. */
    int heldBytes() {
        return (message == null ? 0 : message.length) + (control == null ? 0 : control.length);
    }

    /**
     * Reads all there is, or up to the end of a frame if paused.
     *
     * @param scratch the lane's; its content is of no meaning before and after
     * @param nowNanos monotonic time
     */
    void read(ByteBuf in, byte[] scratch, long nowNanos) {
        while (in.isReadable()) {
            switch (phase) {
                case FIRST -> {
                    if (paused) {
                        return;
                    }
                    if (fragments == 0) {
                        openedNanos = nowNanos;
                    }
                    first(in.readByte());
                }
                case SECOND -> second(in.readByte());
                case SHORT_LENGTH -> shortLength(in);
                case LONG_LENGTH -> longLength(in);
                case KEY -> key(in, scratch);
                case PAYLOAD -> payload(in, scratch);
                case OVER -> in.skipBytes(in.readableBytes());
            }
        }
    }

    private void first(byte first) {
        opcode = (byte) (first & OPCODE_BITS);
        last = first < 0;
        phase = Phase.SECOND;
        if ((first & RESERVED_BITS) != 0) {
            violation(MALFORMED_FRAME, "reserved bit set, and no extension was agreed on");
        } else if (isControl()) {
            firstOfControl();
        } else {
            firstOfData();
        }
    }

    private void firstOfControl() {
        if (opcode != CLOSE && opcode != PING && opcode != PONG) {
            violation(MALFORMED_FRAME, "reserved opcode");
        } else if (!last) {
            violation(MALFORMED_FRAME, "control frame in fragments");
        }
    }

    private void firstOfData() {
        boolean begins = opcode == TEXT || opcode == BINARY;
        if (!begins && opcode != CONTINUATION) {
            violation(MALFORMED_FRAME, "reserved opcode");
        } else if (begins && fragments > 0) {
            violation(MALFORMED_FRAME, "message begun inside another");
        } else if (!begins && fragments == 0) {
            violation(MALFORMED_FRAME, "continuation of nothing");
        } else if (opcode == BINARY && !takesAllMessages) {
            violation(UNSUPPORTED_DATA, "binary frame: send JSON in text frames");
        } else if (fragments == FRAGMENTS && !takesAllMessages) {
            violation(POLICY, "message of too many fragments");
        } else {
            binary = begins ? opcode == BINARY : binary;
            fragments++;
        }
    }

    private void second(byte second) {
        int claimed = second & 0x7F;
        if (second >= 0) {
            violation(MALFORMED_FRAME, "frame without mask");
        } else if (isControl() && claimed > CONTROL_PAYLOAD) {
            violation(MALFORMED_FRAME, "control frame over 125 bytes");
        } else if (opcode == CLOSE && claimed == 1) {
            violation(MALFORMED_FRAME, "close frame with half a code");
        } else if (claimed < 126) {
            lengthKnown(claimed);
        } else {
            length = 0;
            headerRest = (byte) (claimed == 126 ? Short.BYTES : Long.BYTES);
            phase = claimed == 126 ? Phase.SHORT_LENGTH : Phase.LONG_LENGTH;
        }
    }

    private void shortLength(ByteBuf in) {
        if (!gather(in)) {
            return;
        }
        if (length < 126) {
            violation(MALFORMED_FRAME, "length not in its shortest form");
        } else {
            lengthKnown(length);
        }
    }

    private void longLength(ByteBuf in) {
        if (!gather(in)) {
            return;
        }
        if (length < 0) {
            violation(MALFORMED_FRAME, "length with its top bit set");
        } else if (length <= 0xFFFF) {
            violation(MALFORMED_FRAME, "length not in its shortest form");
        } else {
            lengthKnown(length);
        }
    }

    /** Adds what there is to the length; true once it is whole. */
    private boolean gather(ByteBuf in) {
        while (headerRest > 0 && in.isReadable()) {
            length = length << 8 | in.readUnsignedByte();
            headerRest--;
        }
        return headerRest == 0;
    }

    private void lengthKnown(long claimed) {
        if (!isControl() && claimed > frameBytes - messageLength) {
            violation(FRAME_TOO_BIG, "message over " + frameBytes + " bytes");
            return;
        }
        length = claimed;
        headerRest = Integer.BYTES;
        phase = Phase.KEY;
    }

    private void key(ByteBuf in, byte[] scratch) {
        if (headerRest == Integer.BYTES && in.readableBytes() >= Integer.BYTES) {
            key = in.readInt();
            headerRest = 0;
        }
        while (headerRest > 0 && in.isReadable()) {
            key = key << 8 | in.readUnsignedByte();
            headerRest--;
        }
        if (headerRest == 0) {
            phase = Phase.PAYLOAD;
            payload(in, scratch); // at once, since an empty frame has no further byte to wait for
        }
    }

    private void payload(ByteBuf in, byte[] scratch) {
        if (isControl()) {
            controlPayload(in);
        } else if (last && messageLength == 0 && length <= Math.min(in.readableBytes(), scratch.length)) {
            wholeMessage(in, scratch);
        } else {
            partOfMessage(in);
        }
    }

    private void wholeMessage(ByteBuf in, byte[] scratch) {
        int end = (int) length;
        unmask(in, scratch, 0, end);
        deliver(scratch, end, validPrefix(scratch, 0, end));
    }

    private void partOfMessage(ByteBuf in) {
        int arrived = (int) Math.min(length, in.readableBytes());
        byte[] gathered = messageWithRoomFor(arrived);
        unmask(in, gathered, messageLength, arrived);
        messageLength += arrived;
        validLength = validPrefix(gathered, validLength, messageLength);
        if (validLength == Utf8.MALFORMED) {
            violation(BAD_UTF8, NOT_UTF8);
        } else if (length == 0 && last) {
            deliver(gathered, messageLength, validLength);
        } else if (length == 0) {
            phase = Phase.FIRST;
        }
    }

    private byte[] messageWithRoomFor(int arrived) {
        byte[] gathered = message == null ? EMPTY : message;
        int needed = messageLength + arrived;
        if (needed > gathered.length) {
            int roomy = Math.max(needed, Math.max(FIRST_CAPACITY, 2 * gathered.length));
            gathered = Arrays.copyOf(gathered, Math.min(roomy, frameBytes));
            message = gathered;
        }
        return gathered;
    }

    private int validPrefix(byte[] bytes, int from, int to) {
        return binary ? to : Utf8.validPrefix(bytes, from, to);
    }

    private void deliver(byte[] bytes, int end, int valid) {
        if (valid != end) {
            violation(BAD_UTF8, NOT_UTF8);
            return;
        }
        forgetMessage();
        phase = Phase.FIRST;
        if (binary) {
            receiver.binary(bytes, 0, end);
        } else {
            receiver.text(bytes, 0, end);
        }
    }

    private void controlPayload(ByteBuf in) {
        byte[] payload = control == null ? new byte[(int) length] : control;
        int arrived = (int) Math.min(length, in.readableBytes());
        unmask(in, payload, payload.length - (int) length, arrived);
        if (length > 0) {
            control = payload;
            return;
        }
        control = null;
        phase = Phase.FIRST;
        switch (opcode) {
            case PING -> receiver.ping(payload);
            case PONG -> receiver.pong();
            case CLOSE -> close(payload);
            default -> throw new AssertionError("opcode " + opcode + " passed its first byte");
        }
    }

    private void close(byte[] payload) {
        if (payload.length == 0) {
            over();
            receiver.close(NO_CODE, "");
            return;
        }
        int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
        if (!maySend(code)) {
            violation(MALFORMED_FRAME, "close code that may not be sent");
        } else if (!Utf8.isValid(payload, 2, payload.length)) {
            violation(BAD_UTF8, "reason of the close frame is not UTF-8");
        } else {
            over();
            receiver.close(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
        }
    }

    /** RFC 6455, section 7.4, and the codes registered since. */
    private static boolean maySend(int code) {
        if (code < 3000) {
            return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
        }
        return code <= 4999;
    }

    private void unmask(ByteBuf in, byte[] target, int offset, int count) {
        in.readBytes(target, offset, count);
        Mask.apply(target, offset, offset + count, key);
        key = Mask.after(key, count);
        length -= count;
    }

    private boolean isControl() {
        return (opcode & CONTROL_BIT) != 0;
    }

    private void violation(CloseCode code, String why) {
        over();
        receiver.violation(code, why);
    }

    private void over() {
        phase = Phase.OVER;
        control = null;
        forgetMessage();
    }

    private void forgetMessage() {
        message = null;
        messageLength = 0;
        validLength = 0;
        fragments = 0;
    }
}
