package io.roomcast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The options that {@code ./roomcast} gives to the JVM of another JDK than the one that runs this. */
final class JvmOptions {
    private static final String ASK =
            ". scripts/machine.bash; find_jdk; choose_jvm_options; printf '%s\\n' \"${jvm_options[@]}\"";

    private JvmOptions() {}

    /** Asks the script that the launcher asks. */
    static List<String> asLauncherChooses(String javaHome) {
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", ASK).redirectError(ProcessBuilder.Redirect.INHERIT);
        bash.environment().put("JAVA_HOME", javaHome);
        try {
            Process process = bash.start();
            List<String> options = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(javaHome + " is no JDK that Roomcast runs on");
            }
            return options;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
