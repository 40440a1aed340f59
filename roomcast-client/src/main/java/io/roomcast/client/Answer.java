package io.roomcast.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a call of the user's comes to. It ends at its place among the events, on the thread of the listeners, and what depends
 * on it runs there. A listener that waits for it gets it out of turn.
 */
final class Answer<T> extends CompletableFuture<T> {
    private final Loop loop;
    private final Deliveries deliveries;

    /** What ends it, as soon as the loop knows; it may be run twice. */
    private final CompletableFuture<Runnable> known = new CompletableFuture<>();

    /** Written by the loop: what gives the call up. */
    private @Nullable Runnable onCancel;

    Answer(Loop loop, Deliveries deliveries) {
        this.loop = loop;
        this.deliveries = deliveries;
    }

    /** In the loop. */
    void onCancel(Runnable action) {
        onCancel = action;
        if (isCancelled()) {
            action.run();
        }
    }

    /** In the loop. */
    void succeed(T value) {
        succeed(value, ready -> {});
    }

    /** In the loop: done, where there is no value. */
    @SuppressWarnings("NullAway") // Such a call has the type @Nullable Void, which the check does not see.
    void succeed() {
        succeed(null);
    }

    /**
     * In the loop.
     *
     * @param before called with the value right before the future ends, and where it does
     */
    void succeed(T value, Consumer<? super T> before) {
        AtomicBoolean isDone = new AtomicBoolean();
        end(() -> {
            if (isDone.compareAndSet(false, true)) {
                try {
                    before.accept(value);
                } finally {
                    complete(value);
                }
            }
        });
    }

    /** In the loop. */
    void fail(RoomcastException error) {
        end(() -> completeExceptionally(error));
    }

    private void end(Runnable action) {
        if (known.complete(action)) {
            deliveries.answer(action);
        }
    }

    /** In the loop: whether it has been given its end. */
    boolean isKnown() {
        return known.isDone();
    }

    /** Where there is no loop any more, or none is needed. */
    Answer<T> failNow(RoomcastException error) {
        known.complete(() -> {});
        completeExceptionally(error);
        return this;
    }

    /** By the user, such as {@code orTimeout}: a listener that waits for this waits no longer. */
    @Override
    public boolean completeExceptionally(Throwable error) {
        boolean isEnded = super.completeExceptionally(error);
        known.complete(() -> {});
        return isEnded;
    }

    /** By the user, such as {@code completeOnTimeout}, or by what is known. */
    @Override
    public boolean complete(T value) {
        boolean isEnded = super.complete(value);
        known.complete(() -> {});
        return isEnded;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean isCancelled = super.cancel(mayInterruptIfRunning);
        if (isCancelled) {
            known.complete(() -> {});
            loop.executeIfAlive(() -> {
                if (onCancel != null) {
                    onCancel.run();
                }
            });
        }
        return isCancelled;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (mustNotWait()) {
            known.get().run();
        }
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (mustNotWait()) {
            known.get(timeout, unit).run();
        }
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        if (mustNotWait()) {
            known.join().run();
        }
        return super.join();
    }

    private boolean mustNotWait() {
        return !isDone() && deliveries.isDeliverer();
    }

    /** Those that depend on it are plain. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
