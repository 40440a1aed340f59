package io.roomcast.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Those who want to know of one thing, in the order in which they asked. */
final class Listeners<T> {
    /** One who asked. */
    static final class Listener<T> implements Registration {
        private final Consumer<? super T> call;

        /** Written by any thread. */
        private volatile boolean isOff;

        Listener(Consumer<? super T> call) {
            this.call = call;
        }

        void tell(T value) {
            if (!isOff) {
                call.accept(value);
            }
        }

        @Override
        public void close() {
            isOff = true;
        }
    }

    private final Deliveries deliveries;

    /** Never changed, but replaced by any thread, under the lock of this; read by the loop. */
    private volatile List<Listener<T>> listeners = List.of();

    Listeners(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    /** From any thread, at once: who is told of something that follows from this call's return has this listener. */
    synchronized void add(Listener<T> listener) {
        List<Listener<T>> more = new ArrayList<>(listeners);
        more.removeIf(each -> each.isOff);
        more.add(listener);
        listeners = more;
    }

    /** In the loop. Tells those who are there now; each by itself, so that one that fails harms no other. */
    void tell(T value) {
        for (Listener<T> listener : listeners) {
            if (!listener.isOff) {
                deliveries.event(() -> listener.tell(value));
            }
        }
    }
}
