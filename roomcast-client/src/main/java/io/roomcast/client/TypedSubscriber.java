package io.roomcast.client;

import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Between messages and a subscriber that wants their data as a Java type. What does not fit is asked for anew. */
final class TypedSubscriber<T> implements Flow.Subscriber<Message> {
    private final Room room;
    private final Class<T> type;
    private final Flow.Subscriber<? super TypedMessage<T>> subscriber;

    /** There from {@code onSubscribe} on; signals come one at a time. */
    private Flow.@Nullable Subscription subscription;

    TypedSubscriber(Room room, Class<T> type, Flow.Subscriber<? super TypedMessage<T>> subscriber) {
        this.room = room;
        this.type = type;
        this.subscriber = Objects.requireNonNull(subscriber);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        subscriber.onSubscribe(given);
    }

    @Override
    public void onNext(Message message) {
        TypedMessage<T> typed = room.typed(message, type);
        if (typed != null) {
            subscriber.onNext(typed);
        } else if (subscription != null) {
            subscription.request(1);
        }
    }

    @Override
    public void onError(Throwable error) {
        subscriber.onError(error);
    }

    @Override
    public void onComplete() {
        subscriber.onComplete();
    }
}
