package io.roomcast.types;

/** A JSON value is not what it must be. Has no stack trace: a hostile client can cause one with each frame. */
final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    private Wrong(String message) {
        super(message, null, false, false);
    }

    /** Another kind of value than it must be. */
    static Wrong kind(Place place, Tree tree, String must) {
        return new Wrong("`" + place + "` is " + tree.shown() + ", but must be " + must);
    }

    static Wrong missing(Place place, String must) {
        return new Wrong("`" + place + "` is missing; it must be " + must);
    }

    /** Something that is wrong in another way, said in so many words. */
    static Wrong of(Place place, String what) {
        return new Wrong("`" + place + "` " + what);
    }

    /** For the client's developer. */
    String what() {
        return String.valueOf(getMessage());
    }
}
