package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** A JSON value as its bytes came: validated, never rewritten. Immutable. */
public final class Json {
    private static final int MOST_DEPTH = 512;

    private final byte[] utf8;

    /** @param utf8 validated, and never changed again */
    Json(byte[] utf8) {
        this.utf8 = utf8;
    }

    /**
     * The JSON value that this text is; white space around it is left out, the rest stays as it is.
     *
     * <p>The limits for what clients send (digits of a number, keys of an object) do not bind the application, only
     * depth does: 512 arrays and objects inside each other.
     *
     * @throws IllegalArgumentException if the text is not exactly one JSON value (RFC 8259), or holds half of a surrogate
     *     pair; the message says what is wrong and where
     */
    public static Json of(String text) {
        if (JsonText.hasLoneSurrogate(text)) {
            throw new IllegalArgumentException("Not JSON: half of a surrogate pair, for which there is no UTF-8");
        }
        byte[] utf8 = text.getBytes(UTF_8);
        JsonScanner scanner = new JsonScanner(MOST_DEPTH, Integer.MAX_VALUE, Integer.MAX_VALUE);
        scanner.begin(utf8, 0, utf8.length);
        try {
            scanner.value();
            scanner.end();
        } catch (JsonFault fault) {
            throw new IllegalArgumentException("Not JSON, " + fault.what(), fault);
        }
        JsonFault fault = scanner.fault();
        if (fault != null) {
            throw new IllegalArgumentException("Not JSON, " + fault.what(), fault);
        }
        boolean trimmed = scanner.tokenTo() - scanner.tokenFrom() == utf8.length;
        return new Json(trimmed ? utf8 : Arrays.copyOfRange(utf8, scanner.tokenFrom(), scanner.tokenTo()));
    }

    /** How many bytes it has in a frame. */
    public int length() {
        return utf8.length;
    }

    /** Whether it is a number. */
    public boolean isNumber() {
        return utf8[0] == '-' || (utf8[0] >= '0' && utf8[0] <= '9');
    }

    /** The value if it is an integer from 0 written in digits only, else -1. Capped at {@code Long.MAX_VALUE}. */
    long integer() {
        return JsonText.integer(utf8, 0, utf8.length);
    }

    void writeTo(JsonWriter out) {
        out.raw(utf8);
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(utf8, UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && Arrays.equals(utf8, json.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }
}
