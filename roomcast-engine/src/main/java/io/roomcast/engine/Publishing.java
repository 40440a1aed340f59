package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Publication;
import io.roomcast.protocol.ClientMessage;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message between its request and its place in the room: what the broker's answer comes to. Written once by the thread
 * that answers, then handed to the home lane, which reads it.
 */
final class Publishing implements Broker.PublishAnswer {
    final LiveRoom room;
    final Publication publication;

    /** Null when the server publishes. */
    final @Nullable Membership publisher;

    /** Home lane: whether the room is held until the answer has been applied. */
    boolean holdsRoom;

    private final ClientMessage.@Nullable Publish request;
    private final @Nullable CompletableFuture<Long> done;
    private long offset;
    private long atMillis;
    private boolean repeated;
    private @Nullable String failure;

    /** Home lane: whether the answer has been applied. */
    private boolean applied;

    Publishing(LiveRoom room, Publication publication, Membership publisher, ClientMessage.Publish request) {
        this.room = room;
        this.publication = publication;
        this.publisher = publisher;
        this.request = request;
        this.done = null;
    }

    Publishing(LiveRoom room, Publication publication, CompletableFuture<Long> done) {
        this.room = room;
        this.publication = publication;
        this.publisher = null;
        this.request = null;
        this.done = done;
    }

    @Override
    public void accepted(long offset, long atMillis) {
        this.offset = offset;
        this.atMillis = atMillis;
        room.messages.answered(this);
    }

    @Override
    public void repeated(long first) {
        this.offset = first;
        this.repeated = true;
        room.messages.answered(this);
    }

    @Override
    public void failed(String why) {
        failure = why;
        room.messages.answered(this);
    }

    long offset() {
        return offset;
    }

    long atMillis() {
        return atMillis;
    }

    /** Whether its key has been published before, so that it has its place already. */
    boolean isRepeated() {
        return repeated;
    }

    @Nullable
    String failure() {
        return failure;
    }

    ClientMessage.Publish request() {
        assert request != null : "a member's message has a request";
        return request;
    }

    /** A request with an id is answered, and one that asked for no echo always is. */
    boolean wantsReply() {
        return request != null && (request.id().isPresent() || !request.echo());
    }

    boolean isForPublisherToo() {
        return request == null || request.echo();
    }

    boolean isApplied() {
        return applied;
    }

    void applied() {
        applied = true;
    }

    void complete() {
        if (done != null) {
            done.complete(offset);
        }
    }

    void completeExceptionally() {
        if (done != null) {
            done.completeExceptionally(new IllegalStateException("The message was not accepted: " + failure));
        }
    }
}
