package io.roomcast.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what is numbered on from a number strictly in order, whatever order it comes in. Written on one lane only.
 *
 * <p>What comes early waits; it is bounded by what members may have under way: one request each.
 */
final class InOrder<T> {
    /** The number that was taken last. */
    private long last;

    private @Nullable Map<Long, T> early;
    private @Nullable List<Behind> behind;

    private record Behind(long number, Runnable step) {}

    InOrder(long last) {
        this.last = last;
    }

    long last() {
        return last;
    }

    /** This number has been taken elsewhere; nothing has come early. */
    void taken(long number) {
        assert number == last + 1 && early == null && behind == null;
        last = number;
    }

    /** Takes this and those that waited for it, or keeps it until it is its turn. */
    void take(long number, T item, Consumer<T> taker) {
        if (number != last + 1) {
            if (early == null) {
                early = new HashMap<>();
            }
            early.put(number, item);
            return;
        }
        takeNext(item, taker);
        while (early != null) {
            T next = early.remove(last + 1);
            if (next == null) {
                return;
            }
            if (early.isEmpty()) {
                early = null;
            }
            takeNext(next, taker);
        }
    }

    /** Runs this step as soon as this number has been taken, now if it has. */
    void behind(long number, Runnable step) {
        if (number <= last) {
            step.run();
            return;
        }
        if (behind == null) {
            behind = new ArrayList<>();
        }
        behind.add(new Behind(number, step));
    }

    private void takeNext(T item, Consumer<T> taker) {
        last++;
        taker.accept(item);
        if (behind != null) {
            List<Behind> due =
                    behind.stream().filter(each -> each.number <= last).toList();
            behind.removeAll(due);
            if (behind.isEmpty()) {
                behind = null;
            }
            due.forEach(each -> each.step.run());
        }
    }
}
