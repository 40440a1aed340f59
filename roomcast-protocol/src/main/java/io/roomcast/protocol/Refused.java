package io.roomcast.protocol;

/** Leads out of the middle of a message. No stack trace: a client can cause one with each frame. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    final ErrorCode code;

    /** @param message what the client's developer should do next */
    Refused(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
