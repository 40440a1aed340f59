package io.roomcast.testkit;

/** One membership that a client knows it has or had. */
final class Member {
    static final long NEVER = Long.MAX_VALUE;

    final String id;
    final SimulatedClient client;
    final MessageOrder order;
    final long joinSentAtStep;
    final long joinReadAtStep;

    /** When something happened that will end it: a leave was sent, the connection dropped. */
    long endingSinceStep = NEVER;

    /** When it had surely ended. */
    long endedAtStep = NEVER;

    Member(String id, SimulatedClient client, MessageOrder order, long joinSentAtStep, long joinReadAtStep) {
        this.id = id;
        this.client = client;
        this.order = order;
        this.joinSentAtStep = joinSentAtStep;
        this.joinReadAtStep = joinReadAtStep;
    }

    void ending(long step) {
        endingSinceStep = Math.min(endingSinceStep, step);
    }

    void ended(long step) {
        ending(step);
        endedAtStep = Math.min(endedAtStep, step);
    }

    @Override
    public String toString() {
        return id + " of " + client;
    }
}
