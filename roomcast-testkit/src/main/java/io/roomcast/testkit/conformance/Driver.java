package io.roomcast.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The program that drives a client under test: commands to its input, answers and events from its output, a JSON object a
 * line. Events have an order; an answer is found by its name, as commands may be done in any order.
 *
 * <p>Threads: two of its own read what it says, the case's thread asks and takes.
 */
final class Driver implements AutoCloseable {
    private static final int MOST_LINES = 100_000;
    private static final long ENDS_WITHIN_SECONDS = 5;

    private final Process process;
    private final Writer commands;
    private final BlockingQueue<JsonValue.Obj> lines = new LinkedBlockingQueue<>(MOST_LINES);
    private final Map<String, JsonValue.Obj> answers = new LinkedHashMap<>();
    private final Deque<JsonValue.Obj> events = new ArrayDeque<>();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();

    Driver(List<String> command) {
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new UncheckedIOException("the driver cannot be started: " + String.join(" ", command), e);
        }
        commands = process.outputWriter(UTF_8);
        start("driver-output", process.inputReader(UTF_8), this::said);
        start("driver-errors", process.errorReader(UTF_8), errors::add);
    }

    private static void start(String name, BufferedReader from, Consumer<String> to) {
        Thread thread = new Thread(() -> from.lines().forEach(to), name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((dead, error) -> to.accept("reading ended: " + error));
        thread.start();
    }

    private void said(String line) {
        try {
            if (JsonValue.parse(line) instanceof JsonValue.Obj object) {
                lines.add(object);
                return;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        errors.add("no JSON object in a line: " + line);
    }

    void tell(JsonValue command) {
        try {
            commands.write(command.raw() + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new ConversationFailure("a driver that reads commands", e + "\n" + errors());
        }
    }

    /** The answer of that name. */
    JsonValue.Obj answer(String name, String expected, long millis) throws InterruptedException {
        read(() -> answers.containsKey(name), expected, millis);
        return Objects.requireNonNull(answers.remove(name), "it is there");
    }

    /** The next event. */
    JsonValue.Obj event(String expected, long millis) throws InterruptedException {
        read(() -> !events.isEmpty(), expected, millis);
        return events.remove();
    }

    private void read(BooleanSupplier enough, String expected, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!enough.getAsBoolean()) {
            JsonValue.Obj line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new ConversationFailure(
                        expected, "nothing like it from the driver within " + millis + " ms\n" + unread() + errors());
            }
            sort(line);
        }
    }

    private void sort(JsonValue.Obj line) {
        String name = line.text("as");
        if (name.isEmpty()) {
            events.add(line);
        } else if (answers.put(name, line) != null) {
            throw new ConversationFailure("one answer to " + name, "a second one: " + line.raw());
        }
    }

    private String errors() {
        return String.join("\n", errors);
    }

    private String unread() {
        StringBuilder text = new StringBuilder();
        answers.values()
                .forEach(line -> text.append("unread: ").append(line.raw()).append('\n'));
        events.forEach(line -> text.append("unread: ").append(line.raw()).append('\n'));
        return text.toString();
    }

    /**
     * Ends the driver by ending its input.
     *
     * @return what it has said that nobody has read
     */
    List<JsonValue.Obj> end() throws InterruptedException {
        try {
            commands.close();
        } catch (IOException e) {
            // It has gone already.
        }
        if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            throw new ConversationFailure(
                    "a driver that ends with its input",
                    "it lives on: something of the client keeps it alive\n" + errors());
        }
        if (process.exitValue() != 0 || !errors.isEmpty()) {
            throw new ConversationFailure(
                    "a driver that ends without an error", "exit code " + process.exitValue() + "\n" + errors());
        }
        lines.forEach(this::sort);
        List<JsonValue.Obj> unread = new ArrayList<>(answers.values());
        unread.addAll(events);
        return unread;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
