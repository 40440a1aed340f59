package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * {@code ./roomcast} as a process of its own, as a person would start it. The jar is the one that this build has made;
 * the script is told so, and builds nothing.
 */
final class Program implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final Pattern ADDRESS = Pattern.compile("(?:https?|wss?)://([^/]+)/");

    private final Process process;
    private final Path out;
    private final Path err;

    private Program(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static Program start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    /** Starts it in an empty folder, with these environment variables and none of our own that begin with ROOMCAST_. */
    static Program start(Map<String, String> environment, String... arguments) throws IOException {
        return launch(
                environment,
                Stream.concat(Stream.of(script().toString()), Stream.of(arguments))
                        .toList());
    }

    /** Runs a line of bash, in which {@code $roomcast} is the script. */
    static Program bash(Map<String, String> environment, String line) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("roomcast", script().toString());
        return launch(all, List.of("bash", "-c", line));
    }

    private static Program launch(Map<String, String> environment, List<String> command) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "program"));
        Path out = Files.createTempFile(folder, "program", ".out").toAbsolutePath();
        Path err = Files.createTempFile(folder, "program", ".err").toAbsolutePath();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ROOMCAST_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("ROOMCAST_JAR", jar().toString());
        builder.environment().putAll(environment);
        return new Program(builder.start(), out, err);
    }

    /** The script at the top of the repository. */
    static Path script() {
        return repository().resolve("roomcast");
    }

    /** The folder of the repository; tests run in that of their module. */
    static Path repository() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    /** The jar that roomcast-server's build has made. */
    static Path jar() {
        Path jar = Path.of(System.getProperty("roomcast.jar", "../roomcast-server/target/roomcast.jar"))
                .toAbsolutePath()
                .normalize();
        assertThat(jar).as("made by mvn package, or by ./verify").exists();
        return jar;
    }

    /** Where it listens, once it says so: {@code 127.0.0.1:40123}. */
    String address() {
        Awaitility.await("the line with the address")
                .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> !process.isAlive() || out().contains("\n"));
        Matcher address = ADDRESS.matcher(out());
        assertThat(address.find())
                .as("an address in \"%s\"; stderr: %s", out(), err())
                .isTrue();
        return address.group(1);
    }

    /** The first group of this pattern in what it has printed, once it is there. */
    String find(String pattern) {
        return find(Pattern.compile(pattern), this::out);
    }

    /** Waits for this in what it has printed. */
    void await(String text) {
        find("(" + Pattern.quote(text) + ")");
    }

    /** The same in its log. */
    String findInLog(String pattern) {
        return find(Pattern.compile(pattern), this::err);
    }

    private String find(Pattern pattern, Supplier<String> text) {
        Matcher[] found = new Matcher[1];
        Awaitility.await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).untilAsserted(() -> {
            // Asked before its text is read, which is whole if it has ended.
            boolean alive = process.isAlive();
            found[0] = pattern.matcher(text.get());
            if (!found[0].find()) {
                String missing = "%s is missing; it %s, stdout: %s, stderr: %s"
                        .formatted(pattern, alive ? "runs" : "has ended", out(), err());
                throw alive ? new AssertionError(missing) : new IllegalStateException(missing);
            }
        });
        return found[0].group(1);
    }

    URI http(String path) {
        return URI.create("http://" + address() + path);
    }

    URI webSocket() {
        return URI.create("ws://" + address() + "/ws");
    }

    /** Types this, or writes it into the pipe. */
    void type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** There is no more to read for it. */
    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Sends SIGINT, as Ctrl-C does. The script has become the JVM, so there is one process. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("ends in time; stdout: %s, stderr: %s", out(), err())
                .isTrue();
        return process.exitValue();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    @Override
    public void close() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
