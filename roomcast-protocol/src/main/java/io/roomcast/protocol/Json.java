package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A JSON value as its bytes came: validated, never rewritten. Immutable. */
public final class Json {
    private final byte[] utf8;

    Json(byte[] utf8) {
        this.utf8 = utf8;
    }

    /**
     * The JSON value that this text is.
     *
     * @throws IllegalArgumentException if the text is not exactly one JSON value (RFC 8259)
     */
    public static Json of(String text) {
        return new Json(text.getBytes(UTF_8));
    }

    /** How many bytes it has in a frame. */
    public int length() {
        return utf8.length;
    }

    byte[] utf8() {
        return utf8;
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(utf8, UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && java.util.Arrays.equals(utf8, json.utf8);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(utf8);
    }
}
