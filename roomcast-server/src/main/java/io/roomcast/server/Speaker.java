package io.roomcast.server;

import io.roomcast.client.MembersOptions;
import io.roomcast.client.PublishOptions;
import io.roomcast.client.Published;
import io.roomcast.client.Room;
import io.roomcast.client.RoomcastException;
import io.roomcast.protocol.Json;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes one message after the other without waiting for each, and knows what is not confirmed yet. Of the thread that reads
 * the input; what becomes of a message is told on the thread of the events.
 */
final class Speaker {
    /** So many may be on their way; then whoever wants to say more waits. */
    static final int MOST_UNCONFIRMED = 64;

    private final Room room;
    private final Pace pace;
    private final Semaphore free = new Semaphore(MOST_UNCONFIRMED);
    private final AtomicReference<@Nullable RoomcastException> fault = new AtomicReference<>();

    Speaker(Room room, Pace pace) {
        this.room = room;
        this.pace = pace;
    }

    /** The first that was not published. */
    @Nullable
    RoomcastException fault() {
        return fault.get();
    }

    void say(
            Json data,
            PublishOptions options,
            Consumer<? super Published> onPublished,
            Consumer<? super RoomcastException> onFault)
            throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(pace.turnNanos());
        free.acquire();
        confirmed(data, options).whenComplete((published, error) -> {
            try {
                RoomcastException refused = cause(error);
                if (refused == null) {
                    onPublished.accept(published);
                } else {
                    fault.compareAndSet(null, refused);
                    onFault.accept(refused);
                }
            } finally {
                free.release();
            }
        });
    }

    private static @Nullable RoomcastException cause(@Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause == null || cause instanceof RoomcastException) {
            return (RoomcastException) cause;
        }
        throw new IllegalStateException(cause);
    }

    /** Waits until all that was said is published, or refused. */
    void awaitAll() throws InterruptedException {
        free.acquire(MOST_UNCONFIRMED);
        free.release(MOST_UNCONFIRMED);
    }

    private CompletableFuture<Published> confirmed(Json data, PublishOptions options) {
        return options.to() == null ? room.publish(data, options) : privately(data, options);
    }

    /**
     * Nobody confirms a private message, but a refusal of it comes before the answer to whatever is asked behind it in the same
     * room.
     */
    private CompletableFuture<Published> privately(Json data, PublishOptions options) {
        AtomicReference<@Nullable RoomcastException> refusal = new AtomicReference<>();
        var listening = room.onError(error -> refusal.compareAndSet(null, error));
        return room.publish(data, options)
                .thenCompose(sent -> room.fetchMembers(MembersOptions.create().limit(1))
                        .handle((page, unanswered) -> {
                            listening.close();
                            RoomcastException error = refusal.get();
                            if (error == null && unanswered != null) {
                                error = cause(unanswered);
                            }
                            if (error != null) {
                                throw new CompletionException(error);
                            }
                            return sent;
                        }));
    }
}
