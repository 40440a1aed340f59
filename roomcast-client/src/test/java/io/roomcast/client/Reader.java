package io.roomcast.client;

import java.util.concurrent.Flow;

/** A subscriber that keeps what it was told, and asks for as much as it is told to. */
final class Reader<T> implements Flow.Subscriber<T> {
    final Heard<T> messages = new Heard<>();

    /** An error, or its text for the end without one. */
    final Heard<Object> ends = new Heard<>();

    final Heard<Flow.Subscription> subscriptions = new Heard<>();
    private final long first;

    /** @param first how many it asks for at once; 0 for none */
    Reader(long first) {
        this.first = first;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscriptions.accept(subscription);
        if (first != 0) {
            subscription.request(first);
        }
    }

    @Override
    public void onNext(T message) {
        messages.accept(message);
    }

    @Override
    public void onError(Throwable error) {
        ends.accept(error);
    }

    @Override
    public void onComplete() {
        ends.accept("complete");
    }
}
