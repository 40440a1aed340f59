package io.roomcast.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An operation that does nothing, sent through a new ring: who may make a ring may still not be let use it. */
final class RingTrial implements IoUringIoHandle {
    private static final long MOST_SECONDS = 10;

    private static final IoUringIoOps NOTHING =
            new IoUringIoOps((byte) 0, (byte) 0, (short) 0, -1, 0, 0, 0, 0, 0L, (short) 0, (short) 0, 0, 0);

    private final CompletableFuture<@Nullable Void> back;

    private RingTrial(CompletableFuture<@Nullable Void> back) {
        this.back = back;
    }

    /** @throws RuntimeException if it does not come back */
    static void of(SingleThreadEventLoop loop) {
        CompletableFuture<@Nullable Void> back = new CompletableFuture<>();
        // A loop whose ring fails says so in the log, and ends.
        loop.terminationFuture()
                .addListener(end -> back.completeExceptionally(
                        new IllegalStateException("a ring can be made, but not used; the log says more")));
        loop.execute(() -> ((IoEventLoop) loop).register(new RingTrial(back)).addListener(registered -> {
            if (registered.isSuccess()) {
                ((IoRegistration) registered.getNow()).submit(NOTHING);
            } else {
                back.completeExceptionally(registered.cause());
            }
        }));
        back.orTimeout(MOST_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        registration.cancel();
        back.complete(null);
    }

    @Override
    public void close() {}
}
