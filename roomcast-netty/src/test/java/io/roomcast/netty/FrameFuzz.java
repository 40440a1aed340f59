package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.roomcast.protocol.CloseCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Fuzz target: the frame reader against Netty's decoder. What was read is the same however the bytes were cut and wherever
 * reading was paused, the memory held is bounded by what has arrived, and up to the first violation both read the same.
 */
public final class FrameFuzz {
    private static final int FRAME_BYTES = 200;
    private static final byte[] SCRATCH = new byte[64];

    private FrameFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<String> whole = read(input, input.length, false);
        for (int piece : new int[] {1, 3, 11}) {
            sameLog(read(input, piece, false), whole, "in pieces of " + piece);
        }
        sameLog(read(input, input.length, true), whole, "with pauses");
        NettyFrames.holdsAgainst(whole, input, FRAME_BYTES);
    }

    private static void sameLog(List<String> log, List<String> expected, String how) {
        Fuzz.check(log.equals(expected), how + ": " + log + ", not " + expected);
    }

    /** @param pauses whether the receiver pauses reading with every frame */
    private static List<String> read(byte[] input, int piece, boolean pauses) {
        Log log = new Log();
        FrameReader reader = new FrameReader(FRAME_BYTES, log);
        log.pause = pauses ? reader::pause : () -> {};
        for (int at = 0; at < input.length; at += piece) {
            ByteBuf in = Unpooled.wrappedBuffer(input, at, Math.min(piece, input.length - at));
            while (in.isReadable()) {
                int before = in.readableBytes();
                reader.resume();
                reader.read(in, SCRATCH, 0);
                Fuzz.check(in.readableBytes() < before, "nothing was read");
            }
            int arrived = Math.min(at + piece, input.length);
            int most = Math.min(FRAME_BYTES, Math.max(128, 2 * arrived)) + 125;
            Fuzz.check(reader.heldBytes() <= most, "held: " + reader.heldBytes() + " after " + arrived);
        }
        boolean over = !log.isEmpty() && isLast(log.get(log.size() - 1));
        Fuzz.check(!over || (reader.heldBytes() == 0 && !reader.messageOpen()), "something is held after the end");
        return log;
    }

    private static boolean isLast(String event) {
        return event.startsWith("close") || event.startsWith("violation");
    }

    private static final class Log extends ArrayList<String> implements FrameReader.Receiver {
        private static final long serialVersionUID = 1;

        private transient Runnable pause = () -> {};

        @Override
        public void text(byte[] utf8, int offset, int length) {
            Fuzz.check(length <= FRAME_BYTES, "a message over the limit");
            String text = new String(utf8, offset, length, StandardCharsets.UTF_8);
            Fuzz.check(text.getBytes(StandardCharsets.UTF_8).length == length, "not UTF-8");
            note("text " + HexFormat.of().formatHex(utf8, offset, offset + length));
        }

        @Override
        public void ping(byte[] payload) {
            note("ping " + HexFormat.of().formatHex(payload));
        }

        @Override
        public void pong() {
            note("pong");
        }

        @Override
        public void close(int code, String reason) {
            note("close " + code + " " + reason);
        }

        @Override
        public void violation(CloseCode code, String why) {
            note("violation " + code.number());
        }

        private void note(String event) {
            Fuzz.check(isEmpty() || !isLast(get(size() - 1)), event + " after the end");
            add(event);
            pause.run();
        }
    }
}
