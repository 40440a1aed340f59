package io.roomcast.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Frames one after another, written together. Owns one reference to each. Not thread-safe. */
final class Run {
    private static final int SMALLEST = 4;

    private EncodedFrame[] frames = new EncodedFrame[SMALLEST];
    private int size;

    /** How many of them are ends of others: the same frame in two pieces. */
    private int ends;

    private long bytes;

    int size() {
        return size;
    }

    /** How many frames it has for the one who reads it. */
    int wholeFrames() {
        return size - ends;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long bytes() {
        return bytes;
    }

    /** Appends the frame and takes over the caller's reference to it. */
    void add(EncodedFrame frame) {
        if (size == frames.length) {
            frames = Arrays.copyOf(frames, size * 2);
        }
        frames[size++] = frame;
        ends += frame.isEnd() ? 1 : 0;
        bytes += frame.length();
    }

    /** Appends the other run's frames from one index to before another, with a reference of their own. */
    void addFrom(Run other, int from, int to) {
        for (int i = from; i < to; i++) {
            add(other.frames[i].retain());
        }
    }

    void forEach(Consumer<EncodedFrame> action) {
        for (int i = 0; i < size; i++) {
            action.accept(frames[i]);
        }
    }

    boolean any(Predicate<EncodedFrame> question) {
        for (int i = 0; i < size; i++) {
            if (question.test(frames[i])) {
                return true;
            }
        }
        return false;
    }

    /** All frames in one piece, with one reference for the caller; a single frame is not copied. */
    ByteBuf joined(ByteBufAllocator allocator) {
        if (size == 1) {
            return frames[0].bytes().retain();
        }
        ByteBuf joined = allocator.directBuffer((int) bytes);
        for (int i = 0; i < size; i++) {
            ByteBuf frame = frames[i].bytes();
            joined.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
        }
        return joined;
    }

    /** Gives every frame back. The array shrinks again after a run of unusual length. */
    void clear() {
        for (int i = 0; i < size; i++) {
            frames[i].release();
            frames[i] = null;
        }
        if (frames.length > 64) {
            frames = new EncodedFrame[SMALLEST];
        }
        size = 0;
        ends = 0;
        bytes = 0;
    }
}
