package io.roomcast.netty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The masking of RFC 6455, section 5.3: payload xor a four-byte key, over and over. */
final class Mask {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private Mask() {}

    /**
     * Masks or unmasks in place, eight bytes at a time.
     *
     * @param key its first byte, which meets {@code bytes[from]}, is the highest
     */
    static void apply(byte[] bytes, int from, int to, int key) {
        int inMemoryOrder = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? key : Integer.reverseBytes(key);
        long twice = ((long) inMemoryOrder << 32) | (inMemoryOrder & 0xFFFF_FFFFL);
        int at = from;
        for (; to - at >= Long.BYTES; at += Long.BYTES) {
            LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ twice);
        }
        for (int rest = key; at < to; at++) {
            bytes[at] ^= (byte) (rest >>> 24);
            rest = Integer.rotateLeft(rest, 8);
        }
    }

    /** The key for what comes after so many bytes. */
    static int after(int key, int bytes) {
        return Integer.rotateLeft(key, (bytes & 3) * 8);
    }
}
