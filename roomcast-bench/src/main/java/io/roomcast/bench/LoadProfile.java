package io.roomcast.bench;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run does.
 *
 * @param url the server's WebSocket address, or null to start a server inside this process
 * @param connections open at the same time
 * @param rooms among which the connections are spread evenly at the start
 * @param warmUp how long the load runs before latency counts; everything is checked from the first frame on
 * @param duration how long the load runs after the warm-up
 * @param rate publishes per second and room
 * @param churn joins, leaves, re-syncs, changes, drops and closes per second, all together
 * @param seed decides who does what
 * @param lanes of a server inside this process
 * @param dataBytes the length of a publish's {@code data}
 * @param serverPid whose CPU to report when the server is another process here, 0 for none
 */
record LoadProfile(
        @Nullable URI url,
        int connections,
        int rooms,
        Duration warmUp,
        Duration duration,
        int rate,
        int churn,
        long seed,
        int lanes,
        int dataBytes,
        long serverPid) {

    /** A process may have 20,000 descriptors here; a server inside the process needs one more per connection. */
    private static final int MOST_CONNECTIONS = 18_000;

    LoadProfile {
        require(rooms >= 1 && rooms <= 10_000, "--rooms is " + rooms + ", but must be from 1 to 10000");
        int most = url == null ? MOST_CONNECTIONS / 2 : MOST_CONNECTIONS;
        require(
                connections >= 1 && connections <= most,
                "--connections is " + connections + ", but must be from 1 to " + most);
        require(
                !duration.isNegative() && duration.toMinutes() < 60,
                "--seconds is " + duration.toSeconds() + ", but must be from 0 to 3599");
        require(
                !warmUp.isNegative() && warmUp.toMinutes() < 10,
                "--warm-up is " + warmUp.toSeconds() + ", but must be from 0 to 599");
        require(rate >= 0 && rate <= 10_000, "--rate is " + rate + ", but must be from 0 to 10000");
        require(churn >= 0 && churn <= 10_000, "--churn is " + churn + ", but must be from 0 to 10000");
        require(lanes >= 1 && lanes <= 64, "--lanes is " + lanes + ", but must be from 1 to 64");
        require(
                dataBytes >= 64 && dataBytes <= 4_096,
                "--data-bytes is " + dataBytes + ", but must be from 64 to 4096");
    }

    /** The profile of the acceptance: 2,000 connections in 200 rooms for 60 s at 20 publishes/s per room. */
    static LoadProfile standard() {
        return new LoadProfile(null, 2_000, 200, Duration.ofSeconds(5), Duration.ofSeconds(60), 20, 100, 1, 2, 128, 0);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
