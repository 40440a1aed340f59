package io.roomcast.server;

/** A schema could not be read, or its types could not be written; the message says why and what to do. */
final class CannotMakeTypes extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotMakeTypes(String message) {
        super(message);
    }

    CannotMakeTypes(String message, Throwable cause) {
        super(message, cause);
    }
}
