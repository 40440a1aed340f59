package io.roomcast.client;

/** A listener that was added. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    /** Takes the listener off: no further call of it begins. From any thread, as often as you like. */
    @Override
    void close();
}
