package io.roomcast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system knows of a process: proc(5). */
final class ProcessLook {
    /** USER_HZ, which Linux has been at 100 for user space on every machine this runs on. */
    private static final long NANOS_OF_A_TICK = 10_000_000;

    /** Of the fields of {@code stat} behind the name of the program, the first is the third of all. */
    private static final int USER = 14 - 3;

    private static final int SYSTEM = 15 - 3;

    private ProcessLook() {}

    /** User and system time of all threads that there are and were, in nanoseconds; it counts in steps of 10 ms. */
    static long cpuNanos(long pid) {
        return cpuNanos(read(pid, "stat"));
    }

    static long cpuNanos(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) * NANOS_OF_A_TICK;
    }

    /** What is in memory of it, shared pages counted whole. */
    static long residentBytes(long pid) {
        return residentBytes(read(pid, "smaps_rollup"));
    }

    static long residentBytes(String smaps) {
        return smaps.lines()
                .filter(line -> line.startsWith("Rss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no Rss in: " + smaps));
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
