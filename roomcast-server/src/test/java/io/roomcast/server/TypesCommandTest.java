package io.roomcast.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.roomcast.types.ClientTypes;
import io.roomcast.types.RoomType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./roomcast types}: where schemas come from, where types go, and what is said if that fails. */
final class TypesCommandTest {
    private static final String SCHEMA =
            RoomType.of("chat-*").event("text", String.class).jsonSchema();
    private static final String TYPESCRIPT = ClientTypes.of(SCHEMA).typescript();

    @TempDir
    private Path folder;

    private String schema = "";
    private String typescript = "";
    private String python = "";
    private String said = "";

    @BeforeEach
    void writeSchema() throws IOException {
        schema = write("chat.schema.json", SCHEMA);
        typescript = folder.resolve("chat.ts").toString();
        python = folder.resolve("chat.py").toString();
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private int run(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine().setErr(new PrintWriter(err, true));
        int code = command.execute(
                Stream.concat(Stream.of("types"), List.of(arguments).stream()).toArray(String[]::new));
        said = err.toString();
        return code;
    }

    /** It fails so, with one line that says this. */
    private void assertFails(int code, String why, String... arguments) {
        assertThat(run(arguments)).as(said).isEqualTo(code);
        assertThat(said).startsWith("roomcast: ").contains(why).hasLineCount(1);
    }

    @Test
    void bothLanguages_areWrittenAtOnce() throws IOException {
        assertThat(run(schema, "--typescript", typescript, "--python", python)).isZero();
        assertThat(said).isEmpty();
        assertThat(Path.of(typescript)).content().isEqualTo(TYPESCRIPT);
        assertThat(Path.of(python)).content().isEqualTo(ClientTypes.of(SCHEMA).python());
    }

    @Test
    void name_isThatOfTheTypes() {
        assertThat(run(schema, "--typescript", typescript, "--name", "Talk")).isZero();
        assertThat(Path.of(typescript)).content().contains("TalkEvents").doesNotContain("ChatEvents");
        assertFails(2, "must be letters and digits", schema, "--typescript", typescript, "--name", "a b");
    }

    @Test
    void fileThatIsRight_isNotTouched() throws IOException {
        run(schema, "--typescript", typescript);
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(Path.of(typescript), longAgo);
        assertThat(run(schema, "--typescript", typescript)).isZero();
        assertThat(Files.getLastModifiedTime(Path.of(typescript))).isEqualTo(longAgo);
    }

    @Test
    void fileThatIsNoText_isReplaced_andIsNotRight() throws IOException {
        Files.write(Path.of(typescript), new byte[] {(byte) 0xff});
        assertFails(1, "chat.ts is not what the schema gives", schema, "--typescript", typescript, "--check");
        assertThat(run(schema, "--typescript", typescript)).as(said).isZero();
        assertThat(Path.of(typescript)).content().isEqualTo(TYPESCRIPT);
    }

    // ---- Check

    @Test
    void check_failsForWhatDiffersOrIsMissing_andWritesNothing() throws IOException {
        assertFails(
                1, "chat.ts is not there; run the same without --check", schema, "--typescript", typescript, "--check");
        assertThat(Path.of(typescript)).doesNotExist();
        write("chat.ts", TYPESCRIPT + "\n");
        assertFails(1, "chat.ts is not what the schema gives", schema, "--typescript", typescript, "--check");
        assertThat(Path.of(typescript)).content().isEqualTo(TYPESCRIPT + "\n");
        write("chat.ts", TYPESCRIPT);
        assertThat(run(schema, "--typescript", typescript, "--check")).isZero();
        assertFails(1, "chat.py is not there", schema, "--typescript", typescript, "--python", python, "--check");
    }

    @Test
    void check_namesEachThatDiffers() throws IOException {
        write("chat.ts", "");
        write("chat.py", "");
        assertThat(run(schema, "--typescript", typescript, "--python", python, "--check"))
                .isEqualTo(1);
        assertThat(said).contains("chat.ts is not", "chat.py is not").hasLineCount(2);
    }

    @Test
    void check_takesTheLineEndsOfACheckout() throws IOException {
        write("chat.ts", TYPESCRIPT.replace("\n", "\r\n"));
        assertThat(run(schema, "--typescript", typescript, "--check")).isZero();
    }

    // ---- Wrong use

    @Test
    void wrongUse_isSaid() throws IOException {
        assertFails(2, "Missing: --typescript FILE or --python FILE", schema);
        assertFails(2, "'SCHEMA'", "--python", python);
        assertFails(2, "name the same file", schema, "--typescript", typescript, "--python", typescript);
        assertFails(2, "name the same file", schema, "--typescript", "-", "--python", "-");
        assertFails(2, "so --python cannot be -", schema, "--python", "-", "--check");
        assertFails(2, "names no file", schema, "--python", "");
        assertFails(2, "the schema is empty", "", "--python", python);
        assertFails(2, "--pyton is no flag or command; did you mean --python?", schema, "--pyton", python);
        assertFails(2, "names the schema itself", schema, "--python", schema);
        Files.createSymbolicLink(folder.resolve("link"), Path.of(schema));
        assertFails(
                2,
                "names the schema itself",
                schema,
                "--python",
                folder.resolve("link").toString());
        assertThat(Path.of(schema)).content().isEqualTo(SCHEMA);
    }

    // ---- Files

    @Test
    void schemaThatCannotBeUsed_isSaid_andNothingIsWritten() throws IOException {
        assertFails(1, "there is no file nothing.json", "nothing.json", "--python", python);
        assertFails(1, "is a folder; name the file", folder.toString(), "--python", python);
        assertFails(1, "broken.json: Not JSON, at byte 1", write("broken.json", "{"), "--python", python);
        assertFails(1, "other.json: `#` lets through", write("other.json", "{}"), "--python", python);
        Path latin = Files.write(folder.resolve("latin.json"), new byte[] {'"', (byte) 0xff, '"'});
        assertFails(1, "is not in UTF-8", latin.toString(), "--python", python);
        String large = write("large.json", " ".repeat(ClientTypes.MOST_CHARACTERS + 1));
        assertFails(1, "more than the 4194304 bytes", large, "--python", python);
        assertFails(1, "is no path", "a\u0000b", "--python", python);
        assertThat(Path.of(python)).doesNotExist();
    }

    @Test
    void schemaWithAByteOrderMark_isRead() throws IOException {
        assertThat(run(write("bom.json", "\ufeff" + SCHEMA), "--typescript", typescript))
                .isZero();
    }

    @Test
    void oneThatCannotBeMade_leavesTheOtherUnwritten() throws IOException {
        String unfit = write(
                "unfit.json", RoomType.of("*").event("message", String.class).jsonSchema());
        assertFails(1, "keeps this name", unfit, "--python", python, "--typescript", typescript);
        assertThat(Path.of(python)).doesNotExist();
    }

    @Test
    void fileThatCannotBeWritten_isSaid() throws IOException {
        assertFails(1, "is a folder; name a file in it", schema, "--python", folder.toString());
        assertFails(
                1,
                "there is no folder",
                schema,
                "--python",
                folder.resolve("no/a.py").toString());
        assertFails(1, "there is no folder", schema, "--python", schema + "/a.py");
        assertFails(1, "/dev/full cannot be written: ", schema, "--python", "/dev/full");
    }

    // ---- Over the network

    @Test
    void schemaThatAServerServes_isFetched() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = SCHEMA.getBytes(UTF_8);
            int status = exchange.getRequestURI().getPath().equals("/chat") ? 200 : 404;
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (true) {
                    exchange.getResponseBody().write(new byte[65_536]);
                }
            } catch (IOException enough) {
                exchange.close();
            }
        });
        server.createContext("/broken", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.close();
        });
        server.start();
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        try {
            assertThat(run(address + "/chat", "--typescript", typescript))
                    .as(said)
                    .isZero();
            assertThat(Path.of(typescript)).content().isEqualTo(TYPESCRIPT);
            assertFails(1, "answers with status 404", address + "/other", "--python", python);
            assertFails(1, "more than the 4194304 bytes", address + "/endless", "--python", python);
            assertFails(1, "cannot be read from " + address + "/broken", address + "/broken", "--python", python);
            assertFails(1, "is no address", address + "/a b", "--python", python);
        } finally {
            server.stop(0);
        }
        assertFails(1, "nobody answers at " + address, address + "/chat", "--python", python);
    }
}
