package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A growing byte array that JSON is written to; reused from frame to frame by its one owner. Not thread-safe. */
public final class JsonWriter {
    private static final int INITIAL_BYTES = 512;

    /** What is kept from one frame to the next at the most. */
    private static final int RETAINED_BYTES = 65_536;

    private static final String HEX = "0123456789abcdef";
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(UTF_8);
    private static final byte[] TRUE = "true".getBytes(UTF_8);
    private static final byte[] FALSE = "false".getBytes(UTF_8);
    private static final byte[] LEAST_LONG = Long.toString(Long.MIN_VALUE).getBytes(UTF_8);

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    public JsonWriter() {}

    /** What was written: valid from 0 to {@link #length()}, until the next write. Not a copy. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Forgets what was written; what a huge frame needed is given back. */
    public void clear() {
        length = 0;
        if (bytes.length > RETAINED_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
    }

    /** What was written. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, UTF_8);
    }

    void raw(byte[] source) {
        reserve(source.length);
        System.arraycopy(source, 0, bytes, length, source.length);
        length += source.length;
    }

    /** A part of the source, up to its end. */
    void rawFrom(int from, byte[] source) {
        raw(source, from, source.length - from);
    }

    void raw(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    void raw(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    void number(long value) {
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                raw(LEAST_LONG);
                return;
            }
            raw('-');
            number(-value);
            return;
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        reserve(digits);
        length += digits;
        long rest = value;
        for (int at = length - 1; at >= length - digits; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** A string in its quotes. Half of a surrogate pair, for which there is no UTF-8, becomes U+FFFD. */
    void string(String text) {
        raw('"');
        int i = 0;
        while (i < text.length()) {
            reserve(text.length() - i);
            i = plainAscii(text, i);
            if (i < text.length()) {
                int codePoint = text.codePointAt(i);
                special(codePoint);
                i += Character.charCount(codePoint);
            }
        }
        raw('"');
    }

    void strings(List<String> texts) {
        raw('[');
        boolean first = true;
        for (String text : texts) {
            if (!first) {
                raw(',');
            }
            first = false;
            string(text);
        }
        raw(']');
    }

    /** A field, or nothing if there is no value. */
    void field(byte[] name, @Nullable String value) {
        if (value != null) {
            raw(name);
            string(value);
        }
    }

    void field(byte[] name, long value) {
        raw(name);
        number(value);
    }

    void field(byte[] name, boolean value) {
        raw(name);
        raw(value ? TRUE : FALSE);
    }

    /** A field, or nothing for 0. */
    void positiveField(byte[] name, long value) {
        if (value > 0) {
            field(name, value);
        }
    }

    /** Writes characters that stand for themselves in one byte, up to the first other one. Room is reserved. */
    private int plainAscii(String text, int from) {
        int at = length;
        int i = from;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
                break;
            }
            bytes[at++] = (byte) c;
        }
        length = at;
        return i;
    }

    private void special(int codePoint) {
        switch (codePoint) {
            case '"' -> escape('"');
            case '\\' -> escape('\\');
            case '\b' -> escape('b');
            case '\f' -> escape('f');
            case '\n' -> escape('n');
            case '\r' -> escape('r');
            case '\t' -> escape('t');
            default -> {
                if (codePoint < 0x20) {
                    escape('u');
                    raw('0');
                    raw('0');
                    raw(HEX.charAt(codePoint >> 4));
                    raw(HEX.charAt(codePoint & 0xF));
                } else {
                    utf8(codePoint);
                }
            }
        }
    }

    private void escape(char name) {
        raw('\\');
        raw(name);
    }

    private void utf8(int codePoint) {
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            raw(REPLACEMENT);
            return;
        }
        reserve(4);
        if (codePoint < 0x800) {
            bytes[length++] = (byte) (0xC0 | (codePoint >> 6));
        } else {
            if (codePoint < 0x1_0000) {
                bytes[length++] = (byte) (0xE0 | (codePoint >> 12));
            } else {
                bytes[length++] = (byte) (0xF0 | (codePoint >> 18));
                bytes[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
            }
            bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        }
        bytes[length++] = (byte) (0x80 | (codePoint & 0x3F));
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(2L * bytes.length, needed)));
        }
    }
}
