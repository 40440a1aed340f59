package io.roomcast.netty;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A way to move bytes between sockets and lanes; the fastest first. */
public enum Transport {
    /** Linux 5.19 and newer: what a turn sends goes to the kernel in one call. */
    IO_URING,
    /** Linux: each connection is written by a call of its own. */
    EPOLL,
    /** Wherever Java runs. */
    NIO;

    private static final int MAJOR = 5;
    private static final int MINOR = 19;

    /** The system property with what tests are run for. */
    static final String OF_TESTS = "roomcast.transport";

    /** What tests are run for; null for the best. */
    static @Nullable Transport ofTests() {
        String chosen = System.getProperty(OF_TESTS);
        return chosen == null ? null : valueOf(chosen.toUpperCase(Locale.ROOT));
    }

    /** What it is called in settings. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why it does not work here; empty if it does. */
    public Optional<String> unavailability() {
        return switch (this) {
            case IO_URING -> ofUring();
            case EPOLL -> Epoll.isAvailable() ? Optional.empty() : Optional.of(reason(Epoll.unavailabilityCause()));
            case NIO -> Optional.empty();
        };
    }

    private static Optional<String> ofUring() {
        if (!IoUring.isAvailable()) {
            return Optional.of(reason(IoUring.unavailabilityCause()));
        }
        return isAtLeast(System.getProperty("os.version", ""), MAJOR, MINOR)
                ? RingTrial.failure()
                : Optional.of("Linux " + System.getProperty("os.version") + " is older than " + MAJOR + "." + MINOR);
    }

    /** What is said to who has chosen it where it does not work. */
    IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException("transport is " + wireName() + ", but that does not work here: " + reason
                + ". Choose auto, which takes the fastest that works.");
    }

    static String reason(@Nullable Throwable cause) {
        Throwable root = cause;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        if (root == null) {
            return "it is not known why";
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    /** @param version such as 6.18.44-generic */
    static boolean isAtLeast(String version, int major, int minor) {
        String[] parts = version.split("[^0-9]+", 3);
        try {
            int first = Integer.parseInt(parts[0]);
            return first > major || (first == major && Integer.parseInt(parts[1]) >= minor);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException unknown) {
            return false;
        }
    }
}
