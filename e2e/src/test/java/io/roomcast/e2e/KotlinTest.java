package io.roomcast.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.netty.RoomServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers of the Java client in Kotlin: what may be null is a {@code ?} there, and nothing else is. */
final class KotlinTest {
    @TempDir
    private Path folder;

    private record Compilation(ExitCode code, String output) {}

    private Compilation compile(String source) throws IOException {
        Path file = Files.writeString(folder.resolve("Main.kt"), source);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ExitCode code;
        try (PrintStream messages = new PrintStream(output, true, UTF_8)) {
            code = new K2JVMCompiler()
                    .exec(
                            messages,
                            "-no-stdlib",
                            "-no-reflect",
                            "-Werror",
                            "-classpath",
                            classPath(),
                            "-jvm-target",
                            "17",
                            "-d",
                            folder.toString(),
                            file.toString());
        }
        return new Compilation(code, output.toString(UTF_8));
    }

    /** Without folders that are not there, of which the compiler warns. */
    private static String classPath() {
        String separator = System.getProperty("path.separator");
        return Stream.of(System.getProperty("java.class.path").split(separator, -1))
                .filter(entry -> Files.exists(Path.of(entry)))
                .collect(Collectors.joining(separator));
    }

    private static String withRoom(String code) {
        return """
                import io.roomcast.client.*
                import io.roomcast.protocol.Json
                import java.util.concurrent.CompletableFuture

                fun use(client: RoomcastClient, room: Room, message: Message, error: RoomcastException) {
                %s
                }
                """.formatted(code.indent(4));
    }

    @Test
    void program_runs() throws Exception {
        try (RoomServer server = RoomServer.builder().port(0).build().start()) {
            Compilation compiled = compile("""
                    import io.roomcast.client.*

                    fun main() {
                        RoomcastClient.connect("ws://localhost:%d/ws").use { client ->
                            val room = client.join("lobby", JoinOptions.create().members(true)).get()
                            val heard = java.util.concurrent.CompletableFuture<Message>()
                            room.onMessage { heard.complete(it) }
                            val offset: Long? = room.publish(mapOf("text" to "Hello")).get().offset()
                            val from: String = heard.get().from() ?: "the server"
                            val me: String = room.memberId()
                            println("$offset ${from == me} ${heard.get().data()} ${room.count()}")
                        }
                    }
                    """.formatted(server.port()));
            assertThat(compiled.output()).isEmpty();
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String classPath = folder + System.getProperty("path.separator") + classPath();
            assertThat(Child.run(Duration.ofMinutes(1), java, "-cp", classPath, "MainKt"))
                    .contains("1 true {\"text\":\"Hello\"} 1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "val length: Int = message.from().length",
                "val offset: Long = message.offset()",
                "val code: Int = error.closeCode()",
                "client.join(null)",
                "room.publish(null)",
                "room.onMessage(null)",
                "Update.create().set(\"k\", null)",
                "val user: String = Member(\"m1\", null, null).user()",
                "room.state().get(\"k\").map { it.text()!! }.isPresent.also { x: Boolean? -> x.not() }",
            })
    void nullness_thatIsWrong_isRefused(String code) throws Exception {
        Compilation compiled = compile(withRoom(code));
        assertThat(compiled.code()).as(compiled.output()).isEqualTo(ExitCode.COMPILATION_ERROR);
    }

    @Test
    void nullness_thatIsRight_isTaken() throws Exception {
        Compilation compiled = compile(withRoom("""
                val data: Json = message.data()
                val from: String? = message.from()
                val offset: Long? = message.offset()
                val code: String = error.code()
                val closeCode: Int? = error.closeCode()
                val joined: CompletableFuture<Room> = client.join("lobby")
                val names: List<String> = room.members().map { it.keys.toList() }.orElse(listOf())
                val options: PublishOptions = PublishOptions.create().event("chat").keep(false)
                val topic: Json? = room.state().get("topic").orElse(null)
                room.onState { change -> change.changes().forEach { println(it.value()?.text()) } }.close()
                println(listOf(data, from, offset, code, closeCode, joined, names, options, topic))
                """));
        assertThat(compiled.output()).isEmpty();
        assertThat(compiled.code()).isEqualTo(ExitCode.OK);
    }
}
