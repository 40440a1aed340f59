package io.roomcast.engine;

import org.jspecify.annotations.Nullable;

/**
 * A message as members read it, without the frame around it: what has to be known to put it into a frame with others, and
 * to leave it out of one that waits. Immutable; its identity counts.
 */
final class ShownMessage {
    private static final byte[] NOTHING = {};

    /** As it stands among others in a frame; shared and never changed. */
    final byte[] json;

    /** 0 if it is not kept. */
    final long offset;

    /** What the next message has alike that outdates this one: its sender and event. Null if none does. */
    final @Nullable String latest;

    ShownMessage(byte[] json, long offset, @Nullable String latest) {
        this.json = json;
        this.offset = offset;
        this.latest = latest;
    }

    /** A message that is never put together with others, only left out or not. */
    static ShownMessage alone(String latest) {
        return new ShownMessage(NOTHING, 0, latest);
    }
}
