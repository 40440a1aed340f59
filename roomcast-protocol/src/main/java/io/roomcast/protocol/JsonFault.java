package io.roomcast.protocol;

/**
 * What is wrong with a text that should be JSON. Thrown where reading cannot go on; where it can, the
 * {@link JsonScanner} notes it and goes on, so that a refusal can carry an {@code id} that stands further behind.
 *
 * <p>Has no stack trace: a hostile client can cause one with each frame.
 */
final class JsonFault extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean beyondLimit;

    private JsonFault(String message, boolean beyondLimit) {
        super(message, null, false, false);
        this.beyondLimit = beyondLimit;
    }

    /** A fault of the text itself; {@code at} counts bytes from the start of the text. */
    static JsonFault malformed(int at, String what) {
        return new JsonFault("at byte " + at + ": " + what, false);
    }

    /** JSON all right, but more of it than is taken. */
    static JsonFault beyondLimit(int at, String what) {
        return new JsonFault("at byte " + at + ": " + what, true);
    }

    boolean isBeyondLimit() {
        return beyondLimit;
    }

    /** What is wrong and where, for a developer. */
    String what() {
        return String.valueOf(getMessage());
    }
}
