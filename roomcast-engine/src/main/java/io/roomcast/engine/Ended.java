package io.roomcast.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has ended, as the log tells of it: who it was, why it ended, what it held.
 *
 * @param peer the address and port; the only word of the peer's in it
 * @param user whom the application has named, in whatever characters
 */
record Ended(
        String connection,
        String peer,
        @Nullable String user,
        Ending ending,
        int rooms,
        long waitingBytes,
        Duration age) {

    String line() {
        return "Connection " + connection + " from " + peer + (user == null ? "" : ", user " + LogText.quoted(user))
                + ", ended: " + ending.name() + " (" + ending.code() + ");"
                + " rooms: " + rooms
                + ", bytes waiting: " + waitingBytes
                + ", age: " + age.toSeconds() + " s";
    }
}
