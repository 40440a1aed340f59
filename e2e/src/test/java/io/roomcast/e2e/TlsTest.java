package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program with TLS, and its clients: commands, conversations, a browser, Python. */
final class TlsTest {
    @TempDir
    private Path folder;

    private PemFiles files = new PemFiles(Path.of(""), Path.of(""));
    private Program server;

    @BeforeEach
    void start() throws Exception {
        files = PemFiles.in(folder);
        server = withTls();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Program withTls(String... more) throws Exception {
        String[] flags = {
            "--port", "0", "--set", "tlsCertificate=" + files.certificate(), "--set", "tlsKey=" + files.key()
        };
        return Program.start(java.util.stream.Stream.of(flags, more)
                .flatMap(java.util.stream.Stream::of)
                .toArray(String[]::new));
    }

    private String url() {
        return "wss://" + server.address() + "/ws";
    }

    @Test
    void start_line_has_the_addresses_and_why_it_is_no_ring() {
        String address = server.address();
        assertThat(server.out())
                .startsWith("Roomcast is at https://" + address + "/ (clients: " + url() + ", ")
                .contains(" because io_uring does not work here: with TLS every connection is a channel")
                .hasLineCount(1);
    }

    @Test
    void settings_that_do_not_fit_stop_the_start() throws Exception {
        try (Program refused = withTls("--transport", "io_uring")) {
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err()).contains("roomcast: transport is io_uring, but that does not work here: ");
        }
        try (Program refused = Program.start("--port", "0", "--set", "tlsKey=" + files.key())) {
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err()).contains("roomcast: tlsKey is given without tlsCertificate; TLS takes both");
        }
        Files.delete(files.key());
        try (Program refused = withTls()) {
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("roomcast: tlsKey is " + files.key() + ", but there is no such file")
                    .doesNotContain("\tat io.roomcast.");
        }
    }

    private String command(int exitCode, String... arguments) throws Exception {
        try (Program program = Program.start(Map.of(), arguments)) {
            program.endInput();
            assertThat(program.exitCode()).as(program.err()).isEqualTo(exitCode);
            return exitCode == 0 ? program.out() : program.err();
        }
    }

    @Test
    void commands_trust_whom_they_are_told_to() throws Exception {
        String ca = files.certificate().toString();
        command(0, "state", "set", "lobby", "topic=tea", "--url", url(), "--ca", ca);
        assertThat(command(3, "state", "get", "lobby", "topic", "--url", url())).contains("no TLS with " + url());
        assertThat(command(2, "state", "get", "lobby", "topic", "--url", url(), "--ca", files.key() + ".not"))
                .contains("--ca is " + files.key() + ".not, but there is no such file");
        assertThat(command(3, "state", "get", "lobby", "topic", "--url", url().replace("wss", "ws")))
                .contains("HTTP 400", "wss: instead of ws:");
    }

    @Test
    void conversations_go_as_they_should() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jar = Program.jar().toString();
        String trusted = files.certificate().toString();
        Child.run(Duration.ofMinutes(3), java, "-jar", jar, "conformance", url(), "--ca", trusted);
    }

    @Test
    @Tag("browser")
    void browser_loads_the_page_and_joins() {
        try (Chromium chromium = Chromium.launch();
                BrowserContext context =
                        chromium.browser().newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true))) {
            Page page = context.newPage();
            page.navigate("https://" + server.address().replace("127.0.0.1", "localhost") + "/");
            Object heard = page.evaluate("""
                    async () => {
                      const client = roomcast.connect();
                      const room = await client.join("talk");
                      const heard = new Promise((resolve) => room.on("message", (message) => resolve(message.data)));
                      await room.publish("by TLS");
                      return [client.url.slice(0, 6), await heard];
                    }""");
            assertThat(heard).isEqualTo(List.of("wss://", "by TLS"));
        }
    }

    @Test
    void python_client_publishes() throws Exception {
        Path python = PythonEnvironment.python();
        Path program = Files.writeString(folder.resolve("client.py"), """
                import asyncio, ssl, sys
                sys.path.insert(0, sys.argv[3])
                from roomcast import connect

                async def main():
                    trust = ssl.create_default_context(cafile=sys.argv[2])
                    async with connect(sys.argv[1], ssl=trust) as client:
                        room = await client.join("talk")
                        await room.update(set={"said": "by TLS"})
                        print(await room.publish("by TLS"), room.state["said"])

                asyncio.run(main())
                """);
        String sources = Program.repository().resolve("clients/python/src").toString();
        String trusted = files.certificate().toString();
        assertThat(Child.run(Duration.ofSeconds(30), python.toString(), program.toString(), url(), trusted, sources))
                .isEqualTo("1 by TLS");
    }
}
