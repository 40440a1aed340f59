package io.roomcast.netty;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The messages of one lane that have begun and not ended: those that take too long end their connections with 1008.
 *
 * <p>There is one task for all, only while there are any, and it looks {@value #LOOKS} times within the time that a
 * message has. A message that came whole is never here.
 *
 * <p>Written on its lane only; bounded by the lane's connections.
 */
final class OpenMessages {
    private static final int LOOKS = 16;

    private final EventLoop loop;
    private final long mostNanos;
    private final List<WebSocketConnection> writers = new ArrayList<>();
    private boolean running;

    OpenMessages(EventLoop loop, Duration most) {
        this.loop = loop;
        this.mostNanos = most.toNanos();
    }

    /** Watches this connection until it is seen with no message open. It is not watched yet. */
    void add(WebSocketConnection writer) {
        assert loop.inEventLoop();
        writers.add(writer);
        if (!running) {
            running = true;
            lookLater();
        }
    }

    private void look() {
        long now = System.nanoTime();
        // From the end, because the last one, which was looked at already, takes the place of one that goes.
        for (int i = writers.size() - 1; i >= 0; i--) {
            WebSocketConnection writer = writers.get(i);
            if (!writer.keepsMessageOpen(now, mostNanos)) {
                writers.set(i, writers.get(writers.size() - 1));
                writers.remove(writers.size() - 1);
            }
        }
        running = !writers.isEmpty();
        if (running) {
            lookLater();
        }
    }

    private void lookLater() {
        loop.schedule(this::look, mostNanos / LOOKS, TimeUnit.NANOSECONDS);
    }
}
