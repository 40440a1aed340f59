package io.roomcast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        return installed(BENCH, name, product, commands);
    }

    /** @param bench the folder of which the program is in {@code peers}, and is brought to {@code target} */
    @SafeVarargs
    static Path installed(Path bench, String name, String product, List<String>... commands) {
        Path from = bench.resolve(Path.of("peers", name));
        Path to = bench.resolve(Path.of("target", name));
        try {
            String now = copied(from, to);
            Path madeFrom = to.resolve("made-from");
            String before = Files.exists(madeFrom) ? Files.readString(madeFrom) : "";
            if (!now.equals(before) || !Files.exists(to.resolve(product))) {
                System.out.println("Installing " + name + " …");
                for (List<String> command : commands) {
                    run(command, to);
                }
                Files.writeString(madeFrom, now);
            }
            if (!Files.exists(to.resolve(product))) {
                throw new IllegalStateException(commands[0].get(0) + " left no " + product);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return to;
    }

    /** Copies what is newer than its copy; returns what tells this set of files from another. */
    private static String copied(Path from, Path to) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                all.append(from.relativize(file))
                        .append(' ')
                        .append(Files.getLastModifiedTime(file))
                        .append('\n');
                // What a package manager has added to its copy since is newer.
                if (!Files.exists(copy)
                        || Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(copy)) > 0) {
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return all.toString();
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
