package io.roomcast.client;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A listener that keeps what it was told, in its order. */
final class Heard<T> implements Consumer<T> {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final BlockingQueue<T> unread = new LinkedBlockingQueue<>();

    @Override
    public void accept(T event) {
        unread.add(event);
    }

    T next() {
        try {
            T event = unread.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw new AssertionError("nothing came");
            }
            return event;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next one like this; those before it are passed over. */
    T until(Predicate<T> wanted) {
        T event = next();
        while (!wanted.test(event)) {
            event = next();
        }
        return event;
    }

    int unread() {
        return unread.size();
    }
}
