package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./roomcast} does before there is a JVM, in a copy of it whose folder has a space in its name. */
class ScriptTest {
    private static final List<String> TOOLS = List.of(
            "bash",
            "cat",
            "cut",
            "dirname",
            "env",
            "find",
            "flock",
            "head",
            "mkdir",
            "readlink",
            "sed",
            "sort",
            "tail");

    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void copyTheScript() throws IOException {
        root = Files.createDirectories(folder.resolve("a folder"));
        Path source = Program.repository();
        Files.createDirectories(root.resolve("scripts"));
        Files.copy(Program.script(), root.resolve("roomcast"));
        Files.copy(source.resolve("scripts/machine.bash"), root.resolve("scripts/machine.bash"));
    }

    @Test
    void script_runs_from_any_folder_and_through_a_link() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link to it"), root.resolve("roomcast"));
        String java = System.getProperty("java.home");
        Path jar = Files.copy(Program.jar(), root.resolve("a jar.jar"));

        Result result = run(link, Map.of("JAVA_HOME", java, "ROOMCAST_JAR", jar.toString()), "--version");

        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).startsWith("roomcast ");
    }

    @Test
    void options_for_the_jvm_reach_it() throws Exception {
        Result result = run(
                root.resolve("roomcast"),
                Map.of(
                        "JAVA_HOME", System.getProperty("java.home"),
                        "ROOMCAST_JAR", Program.jar().toString(),
                        "ROOMCAST_JAVA_OPTS", "-Xmx64m -XshowSettings:vm"),
                "--version");

        assertThat(result.output()).contains("Max. Heap Size: 64.00M");
    }

    @Test
    void collector_is_one_with_short_pauses_unless_the_caller_chooses_another() throws Exception {
        boolean has = run(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                List.of("-XX:+UseShenandoahGC", "-version"),
                                Map.of())
                        .exitCode()
                == 0;

        assertThat(collector("", "conformance", "--help")).isEqualTo(has ? "Shenandoah" : "G1");
        assertThat(collector("-XX:+UseSerialGC", "conformance", "--help")).isEqualTo("Serial");
        assertThat(collector("", "--version")).as("of what is brief").isEqualTo("Serial");
    }

    /** The collector that the JVM says it uses. */
    private String collector(String options, String... arguments) throws Exception {
        Result result = run(
                root.resolve("roomcast"),
                Map.of(
                        "JAVA_HOME", System.getProperty("java.home"),
                        "ROOMCAST_JAR", Program.jar().toString(),
                        "ROOMCAST_JAVA_OPTS", (options + " -Xlog:gc").strip()),
                arguments);
        return result.output()
                .lines()
                .filter(line -> line.contains("Using "))
                .map(line -> line.substring(line.indexOf("Using ") + "Using ".length()))
                .findFirst()
                .orElse(result.output());
    }

    @Test
    void java_home_without_a_jdk_is_named_with_the_fix() throws Exception {
        Result result = run(root.resolve("roomcast"), Map.of("JAVA_HOME", folder.toString()));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).contains("JAVA_HOME is " + folder, "apt-get install openjdk-17-jdk-headless");
    }

    @Test
    void missing_maven_is_named_with_the_fix() throws Exception {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : TOOLS) {
            Path wrapper = Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
            assertThat(wrapper.toFile().setExecutable(true)).isTrue();
        }

        Result result = run(
                root.resolve("roomcast"),
                Map.of("JAVA_HOME", System.getProperty("java.home"), "PATH", tools.toString()));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).contains("Maven 3.8.6 or newer", "apt-get install maven");
    }

    private record Result(int exitCode, String output) {}

    private Result run(Path script, Map<String, String> environment, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(script.toString()));
        words.addAll(List.of(arguments));
        return run(Path.of("bash"), words, environment);
    }

    private Result run(Path program, List<String> arguments, Map<String, String> environment) throws Exception {
        Path output = Files.createTempFile(folder, "output", ".txt");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ROOMCAST_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(output));
    }
}
