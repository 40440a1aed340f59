package io.roomcast.testkit;

import io.roomcast.engine.spi.Publication;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A message that somebody published, with what the model has learned of it since. */
final class SentMessage {
    static final long NONE = -1;

    final long number;
    final @Nullable SimulatedClient publisher;
    final String room;
    final String data;
    final @Nullable String event;
    final boolean echo;
    final boolean keep;
    final @Nullable String to;
    final @Nullable String key;
    final long sentAtStep;

    /** Whether its connection had asked for a session before. */
    final boolean isOfSession;

    // ---- What the broker has said

    /** NONE before it was accepted, and for ever if it is not. */
    long acceptedOffset = NONE;

    private long atMillis;
    private @Nullable String from;

    /** The message that had its key before; null if it is no repetition. */
    @Nullable
    SentMessage repeats;

    long repeatedOffset = NONE;

    /** Whether the broker has failed to accept it. */
    boolean failed;

    // ---- What clients have seen

    /** When the first client saw it, or saw its reply. */
    long seenAtStep = Long.MAX_VALUE;

    /** Somebody has it as the first message after a join, whose reply was read at this step; the earliest such step. */
    long cutReadAtStep = Long.MAX_VALUE;

    boolean refused;

    /** When the publisher read that it is published. */
    long acknowledgedAtStep = Long.MAX_VALUE;

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
            @Nullable String key,
            long sentAtStep) {
        this.number = number;
        this.publisher = publisher;
        this.room = room;
        this.data = data;
        this.event = event;
        this.echo = echo;
        this.keep = keep;
        this.to = to;
        this.key = key;
        this.sentAtStep = sentAtStep;
        this.isOfSession = publisher != null && publisher.sessions.hasAsked();
    }

    /** What is for one member only is not kept, whatever was asked for. */
    boolean isKept() {
        return keep && to == null;
    }

    void accepted(long offset, long at, Publication publication) {
        acceptedOffset = offset;
        atMillis = at;
        from = publication.from();
    }

    /** It has the key of that one, which got this offset. */
    void repeats(SentMessage first, long firstOffset) {
        repeats = first;
        repeatedOffset = firstOffset;
    }

    boolean wasAccepted() {
        return acceptedOffset != NONE;
    }

    /** When it was accepted, in milliseconds since 1970 by the clock of that moment. */
    long atMillis() {
        return atMillis;
    }

    /** The member that published it, null for the server. */
    @Nullable
    String from() {
        return from;
    }

    @Nullable
    String user() {
        return publisher == null ? null : publisher.user;
    }

    /** Names the publisher in a member's table of what it has had from whom. */
    int publisherNumber() {
        return publisher == null ? 0 : publisher.number;
    }

    /** Holds what a frame says about it against what was published and accepted. */
    void checkFrame(JsonNode frame, World world) {
        world.require(
                wasAccepted()
                        && frame.path("offset").asLong(0) == acceptedOffset
                        && frame.path("at").asLong(0) == atMillis
                        && is(from, frame, "from")
                        && is(user(), frame, "user")
                        && is(event, frame, "event")
                        && is(to, frame, "to"),
                "%s was accepted at %d by %s at %d, but came as %s",
                this,
                atMillis,
                from,
                acceptedOffset,
                frame);
    }

    private static boolean is(@Nullable String expected, JsonNode frame, String field) {
        return Objects.equals(expected, frame.has(field) ? frame.path(field).asString() : null);
    }

    boolean isTheSameAs(Publication publication) {
        return data.equals(publication.data().toString())
                && Objects.equals(event, publication.event())
                && Objects.equals(to, publication.to())
                && Objects.equals(user(), publication.user())
                && isKept() == publication.keep()
                && Objects.equals(
                        key,
                        publication.key() == null ? null : publication.key().key());
    }

    @Override
    public String toString() {
        return "message " + number + (publisher == null ? " of the server" : " of " + publisher);
    }
}
