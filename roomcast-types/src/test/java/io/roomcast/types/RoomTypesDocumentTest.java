package io.roomcast.types;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.netty.RoomServer;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/room-types.md shows: it compiles, answers and exports as it says. */
final class RoomTypesDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "room-types.md");

    @TempDir
    private Path folder;

    /** The one block behind this opening. */
    private static String block(String opening) throws IOException {
        Pattern pattern = Pattern.compile("(?ms)^```" + opening + "\n(.*?)^```$");
        List<MatchResult> blocks =
                pattern.matcher(Files.readString(DOCUMENT)).results().toList();
        assertThat(blocks).as(opening).hasSize(1);
        return blocks.get(0).group(1);
    }

    private Class<?> board() throws Exception {
        Path file = Files.writeString(folder.resolve("Board.java"), block("java"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        List<String> options =
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", folder.toString());
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        options,
                        null,
                        compiler.getStandardFileManager(null, null, UTF_8).getJavaFileObjects(file))
                .call();
        assertThat(compiled).as(problems.toString()).isTrue();
        URL[] classes = {folder.toUri().toURL()};
        return Class.forName(
                "Board", true, new URLClassLoader(classes, getClass().getClassLoader()));
    }

    @Test
    void example_compilesAnswersAndExportsAsShown() throws Exception {
        Class<?> board = board();
        Field field = board.getDeclaredField("BOARD");
        field.setAccessible(true);
        RoomType type = (RoomType) field.get(null);
        assertThat(type.jsonSchema()).isEqualTo(block("json schema"));
        try (RoomServer server =
                        RoomServer.builder().port(0).roomTypes(type).build().start();
                WsClient client = new WsClient(server.port())) {
            client.ask("{\"type\":\"join\",\"room\":\"board-1\",\"member\":{\"name\":\"Ann\"}}");
            assertThat(client.ask(block("json client").strip()) + "\n").isEqualTo(block("json server"));
            Method welcome = board.getDeclaredMethod("welcome", RoomServer.class);
            welcome.setAccessible(true);
            welcome.invoke(null, server);
            assertThat(client.read()).endsWith("\"event\":\"chat\",\"data\":{\"text\":\"Welcome\"}}");
            assertThat(client.read())
                    .contains("\"note:1\":{\"text\":\"Milk\",\"x\":10,\"y\":20,\"color\":\"YELLOW\"}", "\"visits\":1");
            assertThat(type.in(server.room("board-1"))
                            .read()
                            .get(20, TimeUnit.SECONDS)
                            .value("visits", long.class))
                    .hasValue(1L);
        }
    }
}
