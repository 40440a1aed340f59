package io.roomcast.netty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
 *
 * <p>ASCII, which is nearly all of JSON, passes eight bytes at a time. Input in pieces is checked piece by piece: what
 * {@link #validPrefix} leaves at the end, three bytes at most, is looked at again with the next piece.
 */
final class Utf8 {
    static final int MALFORMED = -1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    static boolean isValid(byte[] bytes, int from, int to) {
        return validPrefix(bytes, from, to) == to;
    }

    /**
     * How far the bytes are whole code points.
     *
     * @return {@code to}; or less, where a code point begins that is right so far but not all there; or
     *     {@link #MALFORMED} if nothing that follows can make the bytes valid
     */
    static int validPrefix(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (to - at >= Long.BYTES) {
                long high = (long) LONGS.get(bytes, at) & HIGH_BITS;
                if (high == 0) {
                    at += Long.BYTES;
                    continue;
                }
                at += Long.numberOfTrailingZeros(high) >>> 3;
            } else if (bytes[at] >= 0) {
                at++;
                continue;
            }
            int next = afterMultiByte(bytes, at, to);
            if (next <= at) {
                return next;
            }
            at = next;
        }
        return at;
    }

    /** The end of the code point of two to four bytes at {@code at}; {@code at} if it is cut; or {@link #MALFORMED}. */
    private static int afterMultiByte(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xFF;
        if (lead < 0xC2 || lead > 0xF4) {
            return MALFORMED;
        }
        int end = at + (lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4);
        if (at + 1 < to && !isSecond(lead, bytes[at + 1] & 0xFF)) {
            return MALFORMED;
        }
        for (int i = at + 2; i < end && i < to; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                return MALFORMED;
            }
        }
        return end <= to ? end : at;
    }

    /** The second byte alone tells overlong forms, surrogates and what is too high (RFC 3629, section 4). */
    private static boolean isSecond(int lead, int second) {
        int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= least && second <= most;
    }
}
