package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.roomcast.protocol.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The second opinion on frames: Netty's decoder, with what it leaves to others put on top (fragments joined, UTF-8, the
 * limit of a whole message) and our differences: binary is refused, and so is a close code above 4999.
 */
final class NettyFrames {
    private static final int PAST_A_HEADER = 14;

    private final int frameBytes;
    private final List<String> log = new ArrayList<>();
    private ByteBuf message = Unpooled.EMPTY_BUFFER;

    private NettyFrames(int frameBytes) {
        this.frameBytes = frameBytes;
    }

    /**
     * Holds a log of the frame reader against Netty. The reader speaks up with the first byte that breaks a rule and Netty
     * at the end of a header or frame: where the log ends with a violation, Netty is given more bytes to get there.
     */
    static void holdsAgainst(List<String> ours, byte[] input, int frameBytes) {
        boolean violated = !ours.isEmpty() && ours.get(ours.size() - 1).startsWith("violation");
        ByteBuf in = Unpooled.buffer(input.length + frameBytes + PAST_A_HEADER).writeBytes(input);
        if (violated) {
            in.writeZero(frameBytes + PAST_A_HEADER);
        }
        NettyFrames netty = new NettyFrames(frameBytes);
        netty.read(in);
        List<String> theirs = netty.log;
        boolean same = theirs.equals(ours);
        if (!same && violated && theirs.size() == ours.size()) {
            int last = ours.size() - 1;
            same = theirs.subList(0, last).equals(ours.subList(0, last))
                    && isWrongTwice(ours.get(last), theirs.get(last));
        }
        Fuzz.check(same, "Netty: " + theirs + ", we: " + ours);
    }

    /** Of a frame with two faults we name the first: that it is binary, or the code of a close frame before its reason. */
    private static boolean isWrongTwice(String ours, String theirs) {
        return (ours.equals(violation(CloseCode.UNSUPPORTED_DATA)) && theirs.startsWith("violation"))
                || (ours.equals(violation(CloseCode.MALFORMED_FRAME)) && theirs.equals(violation(CloseCode.BAD_UTF8)));
    }

    private void read(ByteBuf in) {
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket08FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(frameBytes)
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .closeOnProtocolViolation(false)
                .build()));
        String fault = "";
        try {
            channel.writeInbound(in);
        } catch (CorruptedWebSocketFrameException violated) {
            fault = "violation " + violated.closeStatus().code();
        }
        boolean open = true;
        for (WebSocketFrame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            open = open && take(frame);
            frame.release();
        }
        if (open && !fault.isEmpty()) {
            log.add(fault);
        }
        channel.finishAndReleaseAll();
    }

    /** Notes a frame; false if it is the last that counts. */
    private boolean take(WebSocketFrame frame) {
        if (frame instanceof PingWebSocketFrame) {
            log.add("ping " + ByteBufUtil.hexDump(frame.content()));
        } else if (frame instanceof PongWebSocketFrame) {
            log.add("pong");
        } else if (frame instanceof CloseWebSocketFrame close) {
            return close(close);
        } else if (frame instanceof BinaryWebSocketFrame) {
            return violated(CloseCode.UNSUPPORTED_DATA);
        } else {
            return data(frame);
        }
        return true;
    }

    private boolean close(CloseWebSocketFrame close) {
        int code = close.statusCode() < 0 ? FrameReader.NO_CODE : close.statusCode();
        if (code > 4999) {
            return violated(CloseCode.MALFORMED_FRAME);
        }
        byte[] content = ByteBufUtil.getBytes(close.content());
        if (content.length > 2 && !isUtf8(Arrays.copyOfRange(content, 2, content.length), true)) {
            return violated(CloseCode.BAD_UTF8); // Netty lets a reason pass that ends within a code point
        }
        log.add("close " + code + " " + close.reasonText());
        return false;
    }

    private boolean data(WebSocketFrame frame) {
        message = Unpooled.copiedBuffer(message, frame.content());
        if (message.readableBytes() > frameBytes) {
            return violated(CloseCode.FRAME_TOO_BIG);
        }
        byte[] bytes = ByteBufUtil.getBytes(message);
        if (!isUtf8(bytes, frame.isFinalFragment())) {
            return violated(CloseCode.BAD_UTF8);
        }
        if (frame.isFinalFragment()) {
            message = Unpooled.EMPTY_BUFFER;
            log.add("text " + HexFormat.of().formatHex(bytes));
        }
        return true;
    }

    private boolean violated(CloseCode code) {
        log.add(violation(code));
        return false;
    }

    private static String violation(CloseCode code) {
        return "violation " + code.number();
    }

    /** Whether the bytes are UTF-8, or at least can be with what follows: the JDK's decoder says no later than we do. */
    private static boolean isUtf8(byte[] bytes, boolean whole) {
        boolean valid = isUtf8(bytes);
        for (int missing = 1; missing <= 3 && !valid && !whole; missing++) {
            byte[] completed = Arrays.copyOf(bytes, bytes.length + missing);
            Arrays.fill(completed, bytes.length, completed.length, (byte) 0x80);
            valid = isUtf8(completed);
            completed[bytes.length] = (byte) 0xBF; // the other end of what may stand second
            valid = valid || isUtf8(completed);
        }
        return valid;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
