package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * Frames of a client that are made once and sent often. The mask is one of those that RFC 6455 allows, the same for all:
 * servers must unmask whatever it is, and no proxy is between.
 */
final class PeerFrame {
    /** Begins the stamp in the data of a message. */
    static final byte MARK = '~';

    /** Digits of the stamp, base 16. */
    static final int DIGITS = 16;

    private static final int MASK = 0x5AC3_917E;

    private PeerFrame() {}

    static byte[] text(String text) {
        return of(WebSocketFrames.TEXT, text.getBytes(UTF_8));
    }

    static byte[] of(int opcode, byte[] payload) {
        int head = headLength(payload.length);
        ByteBuffer frame = ByteBuffer.allocate(head + payload.length);
        frame.put((byte) (0x80 | opcode));
        if (head == 6) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        }
        frame.putInt(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask(i)));
        }
        return frame.array();
    }

    private static int headLength(int payload) {
        if (payload >= 65_536) {
            throw new IllegalArgumentException("a frame of " + payload + " bytes is more than the load needs");
        }
        return payload < 126 ? 6 : 8;
    }

    private static byte mask(int index) {
        return (byte) (MASK >>> (24 - 8 * (index & 3)));
    }

    /** {@code "~0000000000000000xxxx…"}, so many bytes with its quotes. */
    static String data(int bytes) {
        int filler = bytes - DIGITS - 3;
        if (filler < 0) {
            throw new IllegalArgumentException("data has at least " + (DIGITS + 3) + " bytes");
        }
        return "\"" + (char) MARK + "0".repeat(DIGITS) + "x".repeat(filler) + "\"";
    }

    /** A publish whose stamp is set each time that it is sent. */
    static final class Stamped {
        private final byte[] frame;
        private final int stampAt;
        private final int stampInPayload;

        Stamped(String before, String data, String behind) {
            String payload = before + data + behind;
            frame = text(payload);
            stampInPayload = before.getBytes(UTF_8).length + 2;
            stampAt = headLength(payload.getBytes(UTF_8).length) + stampInPayload;
        }

        /** Puts it to the beginning of the buffer, with this stamp; returns its length. */
        int put(ByteBuffer out, long stamp) {
            out.put(0, frame);
            for (int i = 0; i < DIGITS; i++) {
                int digit = (int) (stamp >>> (60 - 4 * i)) & 0xF;
                int character = digit < 10 ? '0' + digit : 'a' - 10 + digit;
                out.put(stampAt + i, (byte) (character ^ mask(stampInPayload + i)));
            }
            return frame.length;
        }
    }

    /** The stamp of a message, or -1 where what is there of it has none. */
    static long stamp(ByteBuffer in, int at, int length) {
        int end = at + length - DIGITS;
        for (int i = at; i < end; i++) {
            if (in.get(i) == MARK) {
                long stamp = 0;
                for (int j = i + 1; j <= i + DIGITS; j++) {
                    stamp = stamp << 4 | Character.digit(in.get(j), 16);
                }
                return stamp;
            }
        }
        return -1;
    }
}
