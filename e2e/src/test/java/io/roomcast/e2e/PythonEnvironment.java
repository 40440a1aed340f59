package io.roomcast.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A Python of our own below {@code target}, so that nothing is installed outside the build folder. */
final class PythonEnvironment {
    private static final String WEBSOCKETS = "websockets==17.4";
    private static final Path HOME = Path.of("target", "venv").toAbsolutePath();
    private static final Path PYTHON = HOME.resolve("bin").resolve("python");
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    private PythonEnvironment() {}

    /** The interpreter, with the library websockets; set up on the first call and then kept from run to run. */
    static Path python() throws IOException, InterruptedException {
        Path ready = HOME.resolve(WEBSOCKETS + ".ready");
        if (!Files.exists(ready)) {
            create();
            Child.run(DEADLINE, PYTHON.toString(), "-m", "pip", "install", "--quiet", WEBSOCKETS);
            Files.createFile(ready);
        }
        return PYTHON;
    }

    private static void create() throws IOException, InterruptedException {
        try {
            Child.run(DEADLINE, "python3", "-m", "venv", "--clear", HOME.toString());
        } catch (IOException | AssertionError missing) {
            throw new AssertionError(
                    "Python 3 with its module venv is needed; on Debian: apt-get install python3-venv", missing);
        }
    }
}
