package io.roomcast.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cuts what a server sent into its text frames (RFC 6455, section 5.2: unmasked, here never fragmented). */
final class FrameReader {
    private static final int FINAL_TEXT = 0x81;

    /** The bytes of a frame of which the rest is still to come; less than one frame. */
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    private final ArrayDeque<String> texts = new ArrayDeque<>();
    private final Consumer<String> complain;

    FrameReader(Consumer<String> complain) {
        this.complain = complain;
    }

    /** The next whole text, null if there is none yet. */
    @Nullable
    String poll() {
        return texts.poll();
    }

    void read(byte[] bytes, int offset, int length) {
        pending.write(bytes, offset, length);
        byte[] all = pending.toByteArray();
        int position = 0;
        int size = frameSize(all, position);
        while (size > 0 && size <= all.length - position) {
            readFrame(all, position, size);
            position += size;
            size = frameSize(all, position);
        }
        pending.reset();
        pending.write(all, position, all.length - position);
    }

    boolean isBetweenFrames() {
        return pending.size() == 0;
    }

    /** The size of the frame that starts here with its header, -1 if too little of it has come to tell. */
    private static int frameSize(byte[] all, int start) {
        int header = headerSize(all, start);
        if (header < 0 || all.length - start < header) {
            return -1;
        }
        int length = 0;
        if (header == 2) {
            length = all[start + 1] & 0x7f;
        } else {
            for (int i = start + 2; i < start + header; i++) {
                length = (length << 8) | (all[i] & 0xff);
            }
        }
        return header + length;
    }

    private static int headerSize(byte[] all, int start) {
        if (all.length - start < 2) {
            return -1;
        }
        return switch (all[start + 1] & 0x7f) {
            case 126 -> 4;
            case 127 -> 10;
            default -> 2;
        };
    }

    private void readFrame(byte[] all, int start, int size) {
        int header = headerSize(all, start);
        int payload = size - header;
        if ((all[start] & 0xff) != FINAL_TEXT || (all[start + 1] & 0x80) != 0) {
            complain.accept("a frame was no unmasked, final text frame");
        }
        if ((header == 4 && payload < 126) || (header == 10 && payload < 65_536)) {
            complain.accept("a frame's length was not written in the fewest bytes");
        }
        texts.add(new String(all, start + header, payload, UTF_8));
    }
}
