package io.roomcast.protocol;

import java.util.Arrays;

/** A growing byte array that JSON is written to; reused from frame to frame by its one owner. Not thread-safe. */
public final class JsonWriter {
    private byte[] bytes = new byte[512];
    private int length;

    /** What was written: valid from 0 to {@link #length()}, until the next write. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    void raw(byte[] source) {
        room(source.length);
        System.arraycopy(source, 0, bytes, length, source.length);
        length += source.length;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
