package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * {@code ./roomcast} as a process of its own, as a person would start it. The jar is the one that this build has made;
 * the script is told so, and builds nothing.
 */
final class Program implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;
    private static final Pattern ADDRESS = Pattern.compile("(?:http|ws)://([^/]+)/");

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
        Path folder = Files.createDirectories(Path.of("target", "program"));
        Path out = Files.createTempFile(folder, "program", ".out").toAbsolutePath();
        Path err = Files.createTempFile(folder, "program", ".err").toAbsolutePath();
        List<String> command = Stream.concat(Stream.of(script().toString()), Stream.of(arguments))
                .toList();
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

    URI http(String path) {
        return URI.create("http://" + address() + path);
    }

    URI webSocket() {
        return URI.create("ws://" + address() + "/ws");
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
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
