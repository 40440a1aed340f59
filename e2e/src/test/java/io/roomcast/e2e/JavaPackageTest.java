package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.netty.RoomServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client as its users get it: from a Maven repository, into a fresh little project, by the bill of materials. */
final class JavaPackageTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final String VERSION = "0.1.0-SNAPSHOT";

    @TempDir
    private Path folder;

    @Test
    void freshProject_compilesAndRuns() throws Exception {
        Path repository = repository();
        Path project = Files.createDirectory(folder.resolve("project"));
        Files.writeString(project.resolve("pom.xml"), """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>com.example</groupId>
                  <artifactId>hello</artifactId>
                  <version>1</version>
                  <properties><maven.compiler.release>17</maven.compiler.release></properties>
                  <dependencyManagement>
                    <dependencies>
                      <dependency>
                        <groupId>io.roomcast</groupId>
                        <artifactId>roomcast-bom</artifactId>
                        <version>%s</version>
                        <type>pom</type>
                        <scope>import</scope>
                      </dependency>
                    </dependencies>
                  </dependencyManagement>
                  <dependencies>
                    <dependency>
                      <groupId>io.roomcast</groupId>
                      <artifactId>roomcast-client</artifactId>
                    </dependency>
                  </dependencies>
                  <build>
                    <plugins>
                      <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
                      <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
                      <plugin><artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version></plugin>
                    </plugins>
                  </build>
                </project>
                """.formatted(VERSION));
        Path sources = Files.createDirectories(project.resolve("src/main/java"));
        Files.writeString(sources.resolve("module-info.java"), "module hello { requires io.roomcast.client; }");
        Path hello = Files.createDirectories(sources.resolve("hello")).resolve("Hello.java");
        Files.writeString(hello, """
                package hello;

                import io.roomcast.client.RoomcastClient;

                public class Hello {
                    public static void main(String[] args) throws Exception {
                        try (RoomcastClient client = RoomcastClient.connect(args[0])) {
                            System.out.println("offset " + client.join("lobby").get().publish("Hello").get().offset());
                        }
                    }
                }
                """);
        Path paths = project.resolve("paths");
        Child.run(
                DEADLINE,
                maven(repository, project, "compile", "dependency:build-classpath", "-Dmdep.outputFile=" + paths));

        String modulePath =
                project.resolve("target/classes") + System.getProperty("path.separator") + Files.readString(paths);
        assertThat(modulePath).contains("roomcast-client-" + VERSION + ".jar").doesNotContain("jackson", "codec-http");
        try (RoomServer server = RoomServer.builder().port(0).build().start()) {
            String output = Child.run(
                    DEADLINE,
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--module-path",
                    modulePath,
                    "--module",
                    "hello/hello.Hello",
                    "ws://localhost:" + server.port() + "/ws");
            // No warning either: the program's output is all that there is.
            assertThat(output).isEqualTo("offset 1");
        }
    }

    /** A repository of its own with our jars, in which everybody else's are those that this build has used. */
    private Path repository() throws IOException {
        Path repository = Files.createDirectory(folder.resolve("repository"));
        Path used = Path.of(System.getProperty("local.repository"));
        link(used, repository, "io");
        link(used.resolve("io"), Files.createDirectory(repository.resolve("io")), "roomcast");
        Path root = Fence.repository();
        install(repository, "roomcast-parent", root.resolve("pom.xml"));
        install(repository, "roomcast-bom", root.resolve("roomcast-bom/pom.xml"));
        for (String module : List.of("roomcast-protocol", "roomcast-client")) {
            Path jar = root.resolve(module).resolve("target/" + module + "-" + VERSION + ".jar");
            assertThat(jar).as("packaged by: mvn -pl e2e -am verify").exists();
            install(repository, module, jar);
            install(repository, module, root.resolve(module).resolve("pom.xml"));
        }
        return repository;
    }

    private static void link(Path from, Path to, String except) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                if (!entry.getFileName().toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    /** Puts a file where the goal {@code install} puts it. */
    private static void install(Path repository, String artifact, Path file) throws IOException {
        Path place = repository.resolve("io/roomcast").resolve(artifact).resolve(VERSION);
        Files.createDirectories(place);
        String name = file.getFileName().toString();
        Files.copy(
                file,
                place.resolve(artifact + "-" + VERSION
                        + name.substring(name.lastIndexOf('.')).replace(".xml", ".pom")));
    }

    private static String[] maven(Path repository, Path directory, String... arguments) {
        Path home = Path.of(System.getProperty("maven.home"), "bin", "mvn");
        List<String> command = new ArrayList<>(List.of(home.toString(), "-B", "-q", "-o"));
        command.add("-Dmaven.repo.local=" + repository);
        command.add("-f" + directory.resolve("pom.xml"));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }
}
