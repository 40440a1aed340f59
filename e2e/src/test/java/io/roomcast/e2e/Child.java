package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A program started by a test, with what it printed so far. Ends with the test at the latest. */
final class Child implements AutoCloseable {
    private final Process process;
    private final Thread reader;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private Child(Process process) {
        this.process = process;
        reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static Child start(String... command) throws IOException {
        return new Child(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Runs a program to its end, which must be 0; its output. */
    static String run(Duration deadline, String... command) throws IOException, InterruptedException {
        try (Child child = start(command)) {
            assertThat(child.process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS))
                    .as("%s ends within %s", List.of(command), deadline)
                    .isTrue();
            child.reader.join();
            assertThat(child.process.exitValue())
                    .as("%s printed: %s", List.of(command), child.output())
                    .isZero();
            return child.output();
        }
    }

    /** The first line with this text in it, waiting for it as long as the program runs. */
    String awaitLine(String text) {
        Awaitility.await()
                .alias("a line with '" + text + "'")
                .atMost(Duration.ofSeconds(20))
                .until(() -> !reader.isAlive() || line(text).isPresent());
        return line(text).orElseThrow(() -> new AssertionError("It ended without '" + text + "': " + output()));
    }

    private Optional<String> line(String text) {
        return lines.stream().filter(line -> line.contains(text)).findFirst();
    }

    String output() {
        return String.join("\n", lines);
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException streamClosed) {
            lines.add("(output ended: " + streamClosed.getMessage() + ")");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
