package io.roomcast.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An operation that does nothing, sent through a small ring once in a process: who may make a ring may still not be let use
 * it, and a server that finds that out later has lanes whose loops have ended.
 */
final class RingTrial implements IoUringIoHandle {
    private static final int RING = 8;
    private static final long MOST_SECONDS = 10;

    private static final IoUringIoOps NOTHING =
            new IoUringIoOps((byte) 0, (byte) 0, (short) 0, -1, 0, 0, 0, 0, 0L, (short) 0, (short) 0, 0, 0);

    private final CompletableFuture<@Nullable Void> back = new CompletableFuture<>();

    private RingTrial() {}

    private static final class Once {
        static final Optional<String> FAILURE = failureNow();
    }

    /** Why it did not come back; empty if it did. Only where io_uring is there. */
    static Optional<String> failure() {
        return Once.FAILURE;
    }

    private static Optional<String> failureNow() {
        MultiThreadIoEventLoopGroup group = null;
        try {
            group = new MultiThreadIoEventLoopGroup(
                    1,
                    new DefaultThreadFactory("roomcast-trial", true),
                    IoUringIoHandler.newFactory(
                            new IoUringIoHandlerConfig().setRingSize(RING).setCqSize(2 * RING)));
            new RingTrial().run(group.next());
            return Optional.empty();
        } catch (RuntimeException refused) {
            return Optional.of(Transport.reason(refused));
        } finally {
            if (group != null) {
                group.shutdownGracefully(0, MOST_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private void run(IoEventLoop loop) {
        // A loop whose ring fails says so in the log, and ends.
        loop.terminationFuture()
                .addListener(end -> back.completeExceptionally(
                        new IllegalStateException("a ring can be made, but not used; the log says more")));
        loop.register(this).addListener(registered -> {
            if (registered.isSuccess()) {
                ((IoRegistration) registered.getNow()).submit(NOTHING);
            } else {
                back.completeExceptionally(registered.cause());
            }
        });
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
