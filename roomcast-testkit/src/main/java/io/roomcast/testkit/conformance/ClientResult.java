package io.roomcast.testkit.conformance;

import java.time.Duration;

/**
 * How a case went for one client.
 *
 * @param report for a failure all that was played, what was expected and what came; else empty
 */
public record ClientResult(ClientCase clientCase, String client, boolean passed, String report, Duration took) {
    /**
     * Returns if the client did what it should.
     *
     * @throws AssertionError with the report if it did not
     */
    public void orThrow() {
        if (!passed) {
            throw new AssertionError(client + ", " + clientCase + "\n" + report);
        }
    }
}
