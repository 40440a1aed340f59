package io.roomcast.engine.spi;

import java.time.Duration;

/**
 * What a broker keeps of a room, and for how long. Whichever bound is reached first counts; beyond it the oldest go.
 *
 * @param messages how many messages; 0: no history
 * @param bytes of the data of these messages
 * @param age of a message, and of a room after its log was closed
 * @param keys how many keys of messages
 * @param keyAge of a key
 * @param stateKeys how many keys the state may have; beyond: the update is refused
 * @param stateBytes of the keys and values of the state; beyond: the update is refused
 */
public record Retention(
        int messages, long bytes, Duration age, int keys, Duration keyAge, int stateKeys, long stateBytes) {

    /** Without state. */
    public Retention(int messages, long bytes, Duration age, int keys, Duration keyAge) {
        this(messages, bytes, age, keys, keyAge, 0, 0);
    }
}
