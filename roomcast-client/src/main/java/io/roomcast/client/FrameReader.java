package io.roomcast.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket frames from the server (RFC 6455, section 5), strictly: what is none is refused with an error of code
 * {@code bad_frame}. Of its client's loop.
 */
final class FrameReader {
    /** Where what was read goes. */
    interface Sink {
        void text(String text);

        void ping(byte[] payload);

        void close(int code, String reason);

        /** Nothing is to be read any more. */
        boolean isOver();
    }

    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;
    private static final int MOST_CONTROL_BYTES = 125;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int NO_CODE = 1005;

    private final int maxBytes;
    private final Sink sink;

    /** The parts of a text that are there; null between texts. Bounded by {@link #maxBytes}. */
    private @Nullable ByteArrayOutputStream parts;

    FrameReader(int maxBytes, Sink sink) {
        this.maxBytes = maxBytes;
        this.sink = sink;
    }

    /** Reads as many frames as are there. */
    void read(ByteBuf in) {
        boolean isWhole = true;
        while (isWhole && !sink.isOver()) {
            isWhole = readOne(in);
        }
    }

    /** False if the frame has not come to its end yet. */
    private boolean readOne(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return false;
        }
        int start = in.readerIndex();
        int first = in.getUnsignedByte(start);
        int second = in.getUnsignedByte(start + 1);
        boolean isLast = (first & 0x80) != 0;
        int opcode = first & 0x0F;
        checkHead(first, second, isLast, opcode);
        int headBytes = second == LENGTH_16 ? 4 : second == LENGTH_64 ? 10 : 2;
        if (in.readableBytes() < headBytes) {
            return false;
        }
        long length = second == LENGTH_16
                ? in.getUnsignedShort(start + 2)
                : second == LENGTH_64 ? in.getLong(start + 2) : second;
        int gathered = parts == null ? 0 : parts.size();
        if (length < 0 || length > maxBytes - gathered) {
            throw Frame.bad("is over maxFrameBytes (" + maxBytes + ")");
        }
        if (in.readableBytes() < headBytes + length) {
            return false;
        }
        in.skipBytes(headBytes);
        byte[] payload = new byte[(int) length];
        in.readBytes(payload);
        take(opcode, isLast, payload);
        return true;
    }

    private void checkHead(int first, int second, boolean isLast, int opcode) {
        boolean isControl = opcode >= CLOSE;
        if ((first & 0x70) != 0 || (second & 0x80) != 0) {
            throw noFrame();
        }
        if (isControl && (!isLast || second > MOST_CONTROL_BYTES)) {
            throw noFrame();
        }
        switch (opcode) {
            case CONTINUATION -> {
                if (parts == null) {
                    throw noFrame();
                }
            }
            case TEXT -> {
                if (parts != null) {
                    throw noFrame();
                }
            }
            case BINARY -> throw Frame.bad("is binary");
            case CLOSE, PING, PONG -> {}
            default -> throw noFrame();
        }
    }

    private void take(int opcode, boolean isLast, byte[] payload) {
        switch (opcode) {
            case CLOSE -> close(payload);
            case PING -> sink.ping(payload);
            case PONG -> {}
            default -> {
                if (isLast && parts == null) {
                    sink.text(text(payload, 0));
                    return;
                }
                ByteArrayOutputStream gathered = parts == null ? new ByteArrayOutputStream() : parts;
                gathered.writeBytes(payload);
                parts = isLast ? null : gathered;
                if (isLast) {
                    sink.text(text(gathered.toByteArray(), 0));
                }
            }
        }
    }

    private void close(byte[] payload) {
        if (payload.length == 0) {
            sink.close(NO_CODE, "");
            return;
        }
        int code = payload.length == 1 ? 0 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
        if (code < 1000 || code > 4999 || (code >= 1004 && code <= 1006) || (code >= 1015 && code < 3000)) {
            throw noFrame();
        }
        sink.close(code, text(payload, 2));
    }

    private static String text(byte[] utf8, int from) {
        try {
            return UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8, from, utf8.length - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Frame.bad("is not UTF-8");
        }
    }

    private static RoomcastException noFrame() {
        return Frame.bad("is no WebSocket frame");
    }
}
