package io.roomcast.bench;

import java.time.Duration;

/**
 * What a chaos run does.
 *
 * @param clients behind the faulty proxy, each in its first room, every other in a second one
 * @param rooms among which they are spread
 * @param smallRooms how many of the rooms keep so little that not every resume can succeed
 * @param duration how long connections are harmed
 * @param publishesPerSecond of all clients together
 * @param updatesPerSecond of the state, of all clients together
 * @param grace of sessions
 * @param seed of what the proxy does and who publishes
 * @param lanes of the server
 * @param tls whether all of it is within TLS, whose records the proxy then harms
 */
record ChaosProfile(
        int clients,
        int rooms,
        int smallRooms,
        Duration duration,
        int publishesPerSecond,
        int updatesPerSecond,
        Duration grace,
        long seed,
        int lanes,
        boolean tls) {

    /** What is kept in a small room, and how many of them may be missed. */
    static final int SMALL_HISTORY = 8;

    static final int SMALL_RESUME = 20;
    static final String SMALL = "small-";

    /** A room that gathers changes, and for how long. */
    static final String TICK = "tick-";

    static final int TICK_MILLIS = 50;

    /**
     * A room beside the others, with a state of many pages that changes all the time. So many are in it whose connections
     * live for so many times as many bytes; somebody who writes; and somebody who often does not read for a while.
     */
    static final String LARGE = "large";

    static final int LARGE_CLIENTS = 6;
    static final int LARGE_TIMES = 32;
    static final int LARGE_UPDATES_PER_SECOND = 60;
    static final long READS_MILLIS = 2_000;
    static final long PAUSES_MILLIS = 4_000;

    /** The profile of the acceptance: 200 clients in 20 rooms for 60 s. */
    static ChaosProfile standard() {
        return new ChaosProfile(200, 20, 2, Duration.ofSeconds(60), 200, 150, Duration.ofSeconds(10), 1, 2, false);
    }

    String room(int number) {
        return (number < smallRooms ? SMALL : number == smallRooms ? TICK : "room-") + number;
    }
}
