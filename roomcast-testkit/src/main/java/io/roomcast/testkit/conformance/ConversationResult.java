package io.roomcast.testkit.conformance;

import java.time.Duration;

/**
 * How a conversation went.
 *
 * @param report for a failure the step, what was expected, what came, and all that each connection sent and received;
 *     for one left out the reason; else empty
 */
public record ConversationResult(Conversation conversation, Outcome outcome, String report, Duration took) {
    /** Left out means that the server's limits make it too much work; it is never counted as passed. */
    public enum Outcome {
        PASSED,
        FAILED,
        LEFT_OUT
    }

    /**
     * Returns if the conversation passed.
     *
     * @throws AssertionError with the report if it failed or was left out
     */
    public void orThrow() {
        if (outcome != Outcome.PASSED) {
            throw new AssertionError(conversation + " " + outcome + "\n" + report);
        }
    }
}
