package io.roomcast.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Holds each test to leaving no thread of a client behind. */
final class Leftovers implements AfterEachCallback {
    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        areNone();
    }

    static void areNone() throws InterruptedException {
        for (Thread thread : threads()) {
            thread.join(1_000); // One that is just about to end.
        }
        assertThat(threads()).isEmpty();
    }

    static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("roomcast-"))
                .toList();
    }
}
