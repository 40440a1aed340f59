package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.roomcast.protocol.CloseCode;
import java.nio.charset.StandardCharsets;

/** Writes the control frames of a server (RFC 6455, section 5.5): never masked, never over 125 bytes of payload. */
final class FrameWriter {
    /** What a close frame's reason may have beside the code. */
    static final int REASON_BYTES = 123;

    private static final int FIN_CLOSE = 0x88;
    private static final int FIN_PING = 0x89;
    private static final int FIN_PONG = 0x8A;
    private static final int CONTROL_PAYLOAD = 125;

    private FrameWriter() {}

    static void ping(ByteBuf out) {
        out.writeByte(FIN_PING).writeByte(0);
    }

    /** @param payload that of the ping, 125 bytes at most */
    static void pong(ByteBuf out, byte[] payload) {
        if (payload.length > CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("a pong holds 125 bytes at most, not " + payload.length);
        }
        out.writeByte(FIN_PONG).writeByte(payload.length).writeBytes(payload);
    }

    /** The code with its name as the reason. */
    static void close(ByteBuf out, CloseCode code) {
        close(out, code.number(), code.wireName());
    }

    /**
     * @param code {@link FrameReader#NO_CODE} writes an empty close frame, the answer to one
     * @param reason cut to {@value #REASON_BYTES} bytes, between two code points
     */
    static void close(ByteBuf out, int code, String reason) {
        if (code == FrameReader.NO_CODE) {
            out.writeByte(FIN_CLOSE).writeByte(0);
            return;
        }
        byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
        int length = utf8.length <= REASON_BYTES ? utf8.length : Utf8.validPrefix(utf8, 0, REASON_BYTES);
        out.writeByte(FIN_CLOSE)
                .writeByte(Short.BYTES + length)
                .writeShort(code)
                .writeBytes(utf8, 0, length);
    }
}
