package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * A text where it stands in a frame, of characters that can be seen, are one byte each and stand for themselves. It is shown another one
 * with the next frame: read it at once, or take its {@link #toString}. Owned by one decoder, and as little thread-safe.
 */
public final class AsciiText implements CharSequence {
    private static final byte[] NOTHING = {};
    private static final byte DELETE = 0x7F;

    private byte[] bytes = NOTHING;
    private int from;
    private int length;

    AsciiText() {}

    /**
     * Shows what stands between two quotes of valid JSON.
     *
     * @return whether it is a text of this kind
     */
    boolean show(byte[] utf8, int start, int end) {
        for (int i = start; i < end; i++) {
            if (utf8[i] < ' ' || utf8[i] == DELETE || utf8[i] == '\\') {
                return false;
            }
        }
        bytes = utf8;
        from = start;
        length = end - start;
        return true;
    }

    void release() {
        bytes = NOTHING;
        length = 0;
    }

    void writeTo(JsonWriter out) {
        out.raw('"');
        out.raw(bytes, from, length);
        out.raw('"');
    }

    /** The hash that a {@code String} of these characters has. */
    public int hashAsString() {
        int hash = 0;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return (char) bytes[from + index];
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return toString().subSequence(start, end);
    }

    /** A copy that stays. */
    @Override
    public String toString() {
        return new String(bytes, from, length, US_ASCII);
    }
}
