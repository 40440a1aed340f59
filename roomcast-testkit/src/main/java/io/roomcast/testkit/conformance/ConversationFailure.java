package io.roomcast.testkit.conformance;

import java.io.Serial;

/** A step that went otherwise than the conversation says. */
final class ConversationFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String expected;
    private final String came;

    ConversationFailure(String expected, String came) {
        super("expected " + expected + ", came " + came);
        this.expected = expected;
        this.came = came;
    }

    String expected() {
        return expected;
    }

    String came() {
        return came;
    }
}
