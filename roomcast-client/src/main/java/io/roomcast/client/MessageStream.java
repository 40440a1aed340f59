package io.roomcast.client;

import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's messages, with a buffer between the room and what the subscriber asks for. Of its client's loop, but for
 * what {@link Flow.Subscription} has; when that has ended, of whoever delivers. Signals are told where listeners are, one at a time and in their order.
 */
final class MessageStream implements Flow.Subscription {
    private final LiveRoom room;
    private final Flow.Subscriber<? super Message> subscriber;
    private final Deliveries deliveries;
    private final int limit;
    private final ArrayDeque<Message> buffer = new ArrayDeque<>();

    /** Asked for and not yet told. */
    private long demand;

    private boolean hasBegun;

    /** Nothing more comes in. */
    private boolean isEnding;

    /** Told behind what is in the buffer. */
    private @Nullable Throwable error;

    /** Nothing more goes out. */
    private boolean isOver;

    /** Written by any thread: no signal begins any more. */
    private volatile boolean isCancelled;

    MessageStream(LiveRoom room, Flow.Subscriber<? super Message> subscriber, Deliveries deliveries, int limit) {
        this.room = room;
        this.subscriber = subscriber;
        this.deliveries = deliveries;
        this.limit = limit;
    }

    /** Before anything else is told; once. */
    void begin() {
        if (!hasBegun) {
            hasBegun = true;
            signal(() -> subscriber.onSubscribe(this));
        }
    }

    void push(Message message) {
        if (isEnding) {
            return;
        }
        if (buffer.size() >= limit && demand == 0) {
            end(new RoomcastException(
                    RoomcastException.OVERFLOW,
                    "Messages come faster than they are asked for: request more, or raise bufferMessages.",
                    room.id(),
                    null));
            return;
        }
        buffer.add(message);
        emit();
    }

    void end(@Nullable Throwable cause) {
        if (!isEnding) {
            isEnding = true;
            error = cause;
            room.mirror().remove(this);
            emit();
        }
    }

    private void emit() {
        begin();
        while (demand > 0 && !buffer.isEmpty()) {
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            Message message = buffer.remove();
            signal(() -> subscriber.onNext(message));
        }
        if (isEnding && buffer.isEmpty() && !isOver) {
            isOver = true;
            Throwable cause = error;
            signal(cause == null ? subscriber::onComplete : () -> subscriber.onError(cause));
        }
    }

    private void signal(Runnable signal) {
        deliveries.event(() -> {
            if (!isCancelled) {
                try {
                    signal.run();
                } catch (Throwable e) { // A subscriber that fails has cancelled, by the rules of Flow.
                    cancel();
                    throw e;
                }
            }
        });
    }

    /** From any thread, like {@link #cancel}. */
    @Override
    public void request(long n) {
        if (!room.runIfAlive(() -> requested(n))) {
            // The last client has ended: what was there before is still told, and nothing comes in any more.
            deliveries.late(() -> requested(n));
        }
    }

    private void requested(long n) {
        if (isOver || isCancelled) {
            return;
        }
        if (n <= 0) {
            buffer.clear();
            isEnding = false;
            end(new IllegalArgumentException("A subscriber asks for one message or more, not for " + n));
            return;
        }
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        emit();
    }

    @Override
    public void cancel() {
        isCancelled = true;
        room.run(() -> {
            buffer.clear();
            isEnding = true;
            isOver = true;
            room.mirror().remove(this);
        });
    }
}
