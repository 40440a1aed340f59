package io.roomcast.testkit;

import org.jspecify.annotations.Nullable;

/** A message that somebody published, with what the model has learned of it since. */
final class SentMessage {
    final long number;
    final @Nullable SimulatedClient publisher;
    final String room;
    final String data;
    final @Nullable String event;
    final boolean echo;
    final boolean keep;
    final @Nullable String to;
    final long sentAtStep;

    /** When the first client saw it, or saw its reply. */
    long seenAtStep = Long.MAX_VALUE;

    /** Somebody has it as the first message after a join, whose reply was read at this step; the earliest such step. */
    long cutReadAtStep = Long.MAX_VALUE;

    boolean refused;
    boolean acknowledged;
    long offset;
    int timesReadByTarget;

    @Nullable
    MessageOrder order;

    @Nullable
    SentMessage previous;

    @Nullable
    SentMessage next;

    SentMessage(
            long number,
            @Nullable SimulatedClient publisher,
            String room,
            String data,
            @Nullable String event,
            boolean echo,
            boolean keep,
            @Nullable String to,
            long sentAtStep) {
        this.number = number;
        this.publisher = publisher;
        this.room = room;
        this.data = data;
        this.event = event;
        this.echo = echo;
        this.keep = keep;
        this.to = to;
        this.sentAtStep = sentAtStep;
    }

    /** Names the publisher in a member's table of what it has had from whom. */
    int publisherNumber() {
        return publisher == null ? 0 : publisher.number;
    }

    @Override
    public String toString() {
        return "message " + number + (publisher == null ? " of the server" : " of " + publisher);
    }
}
