package io.roomcast.client;

import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads of all clients of this JVM: at most {@link #MOST_LOOPS} loops, and {@link Workers}. They begin with the first
 * client that needs them and end with the last; nothing of them stays.
 */
final class SharedThreads {
    /** One loop carries some thousand clients; more of them are for programs that are busy with little else. */
    static final int MOST_LOOPS = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));

    private static final SharedThreads SHARED = new SharedThreads();

    /** A loop and how many clients it has. */
    private static final class Place {
        final int number;
        final Loop loop;
        int clients;

        Place(int number) {
            this.number = number;
            // Not daemon: a program with an open client goes on, as one with an open socket does. Without a parent
            // group
            // nothing waits for the loop's end, so that Netty's global executor is not started for it.
            ThreadFactory threads = task -> new FastThreadLocalThread(task, "roomcast-client-" + number);
            loop = new Loop(new SingleThreadIoEventLoop(null, threads, NioIoHandler.newFactory()));
        }
    }

    /** Guarded by this, like all that follows. */
    private final List<Place> places = new ArrayList<>();

    private @Nullable ExecutorService listeners;
    private @Nullable ExecutorService helpers;
    private int clients;

    private SharedThreads() {}

    static SharedThreads get() {
        return SHARED;
    }

    /** The loop for one more client; {@link #release} gives it back. */
    synchronized Loop acquire() {
        clients++;
        if (clients == 1) {
            listeners = Workers.start(Workers.LISTENERS);
            helpers = Workers.start(Workers.HELPERS);
        }
        Place place = places.stream()
                .min(Comparator.comparingInt(p -> p.clients))
                .filter(p -> p.clients == 0 || places.size() == MOST_LOOPS)
                .orElseGet(this::addPlace);
        place.clients++;
        return place.loop;
    }

    private Place addPlace() {
        int number = 1;
        while (isTaken(number)) {
            number++;
        }
        Place place = new Place(number);
        places.add(place);
        return place;
    }

    private boolean isTaken(int number) {
        return places.stream().anyMatch(place -> place.number == number);
    }

    /** Run listeners. For a client that has a loop, as are the helpers. */
    synchronized ExecutorService listeners() {
        return Objects.requireNonNull(listeners);
    }

    /** Do what may take a while, but must not wait for listeners. */
    synchronized ExecutorService helpers() {
        return Objects.requireNonNull(helpers);
    }

    /** A client has ended, and its loop has nothing of it any more. */
    synchronized void release(Loop loop) {
        Place place = places.stream().filter(p -> p.loop == loop).findAny().orElseThrow();
        if (--place.clients == 0) {
            places.remove(place);
            loop.thread().shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        if (--clients == 0) {
            listeners().shutdown();
            helpers().shutdown();
        }
    }
}
