package io.roomcast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Brings a peer's program, with what it needs from its registry, under {@code target}; nothing of that is ours to keep. */
final class PeerFiles {
    private static final Path BENCH = Path.of("roomcast-bench");
    private static final long PATIENCE_MINUTES = 5;

    private PeerFiles() {}

    /**
     * Where the program of this name is, ready to run. The commands, which get and build what it needs, run unless what is
     * there was made from the same files.
     *
     * @param product what is there when the last command has been run
     * @throws IllegalStateException with the reason, if it cannot be had
     */
    @SafeVarargs
    static Path installed(String name, String product, List<String>... commands) {
        Path from = BENCH.resolve(Path.of("peers", name));
        Path to = BENCH.resolve(Path.of("target", name));
        try {
            boolean changed = copy(from, to);
            if (changed || !Files.exists(to.resolve(product))) {
                for (List<String> command : commands) {
                    run(command, to);
                }
            }
            if (!Files.exists(to.resolve(product))) {
                throw new IllegalStateException(commands[0].get(0) + " left no " + product);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return to;
    }

    private static boolean copy(Path from, Path to) throws IOException {
        boolean changed = false;
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                byte[] bytes = Files.readAllBytes(file);
                if (!Files.exists(copy) || !Arrays.equals(bytes, Files.readAllBytes(copy))) {
                    Files.createDirectories(copy.getParent());
                    Files.write(copy, bytes);
                    changed = true;
                }
            }
        }
        return changed;
    }

    private static void run(List<String> command, Path directory) {
        String words = String.join(" ", command);
        Path log = directory.resolve("install.log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException(words + " did not end in " + PATIENCE_MINUTES + " minutes; see " + log);
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(words + " failed; see " + log);
            }
        } catch (IOException e) {
            throw new IllegalStateException(command.get(0) + " is not on PATH", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
