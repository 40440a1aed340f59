package io.roomcast.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.sun.net.httpserver.HttpServer;
import io.roomcast.netty.RoomServer;
import io.roomcast.protocol.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what README.md shows, as it stands there but for the port. */
@Tag("readme")
final class ReadmeTest {
    private static final int DEADLINE_MILLIS = 20_000;
    private static final Path SCRIPT =
            Fence.repository().resolve("roomcast-server/src/main/resources/io/roomcast/server/web/roomcast.js");

    @TempDir
    private Path folder;

    @Test
    void commands_areThere() throws IOException {
        String commands = Fence.of("README.md").get(0).text();
        for (String command : List.of("./roomcast", "./verify")) {
            assertThat(commands.lines()).anyMatch(line -> line.startsWith(command + " "));
            assertThat(Fence.repository().resolve(command)).isExecutable();
        }
    }

    @Test
    void browserClient_chatsInTwoTabs() throws IOException {
        try (RoomServer server = startServer();
                Chromium chromium = Chromium.launch()) {
            HttpServer pages = servePage(withPort(snippet("html"), server.port()));
            try {
                String url = "http://localhost:" + pages.getAddress().getPort() + "/";
                Page ann = open(chromium, url);
                say(ann, "I was first");
                waitFor(ann, "I was first");
                Page bob = open(chromium, url);
                say(bob, "Hello from Bob");
                waitFor(bob, "Hello from Bob");
                waitFor(ann, "I was first Hello from Bob");
                say(ann, "Hello Bob");
                waitFor(bob, "Hello from Bob Hello Bob");
            } finally {
                pages.stop(0);
            }
        }
    }

    @Test
    void script_missesNothingInABreakAndPublishesOnce() throws Exception {
        try (RoomServer server = startServer();
                Chromium chromium = Chromium.launch()) {
            HttpServer pages = servePage("<!doctype html>");
            try {
                Page page = chromium.browser().newPage();
                page.navigate("http://localhost:" + pages.getAddress().getPort() + "/");
                page.addScriptTag(new Page.AddScriptTagOptions().setPath(SCRIPT));
                page.evaluate("""
                        () => {
                          globalThis.shown = [];
                          globalThis.show = (text) => shown.push(text);
                          globalThis.line = new roomcast.Line();
                          globalThis.WebSocket = line.WebSocket;
                        }""");
                String snippet = withPort(snippet("js"), server.port());
                page.evaluate("async () => {\n" + snippet + "\n}");
                page.evaluate("line.cut()");
                server.room("lobby").publish(Json.of("\"Missed\"")).get(20, TimeUnit.SECONDS);
                page.evaluate("line.mend()");
                page.waitForFunction("shown.length === 2");
                assertThat(page.evaluate("shown.join()")).isEqualTo("Sent once,Missed");
            } finally {
                pages.stop(0);
            }
        }
    }

    @Test
    void script_keepsWhatAllHaveAlike() throws Exception {
        try (RoomServer server = startServer();
                Chromium chromium = Chromium.launch()) {
            HttpServer pages = servePage("<!doctype html>");
            try {
                Page page = chromium.browser().newPage();
                page.navigate("http://localhost:" + pages.getAddress().getPort() + "/");
                page.addScriptTag(new Page.AddScriptTagOptions().setPath(SCRIPT));
                Object shown = page.evaluate("""
                        async (port) => {
                          const shown = [];
                          const show = (key, value) => shown.push(`${key}: ${value}`);
                          const client = roomcast.connect(`ws://localhost:${port}/ws`);
                          const room = await client.join("lobby");
                          %s
                          return shown;
                        }""".formatted(snippet("javascript")), server.port());
                assertThat(shown).isEqualTo(List.of("topic: Tea", "visits: 1", "topic: Coffee"));
            } finally {
                pages.stop(0);
            }
        }
    }

    @Test
    void pythonClient_hearsItselfAndOthers() throws Exception {
        Path python = PythonEnvironment.python();
        try (RoomServer server = startServer()) {
            Path program = Files.writeString(folder.resolve("client.py"), withPort(snippet("python"), server.port()));
            try (Child client = Child.start(python.toString(), "-u", program.toString())) {
                client.awaitLine("'data': 'Hello from Python'");
                server.room("lobby").publish(Json.of("\"Hello from Java\""));
                client.awaitLine("'data': 'Hello from Java'");
            }
        }
    }

    @Test
    void commands_visitARoom() throws Exception {
        try (RoomServer server = startServer();
                Program bash = Program.bash(
                        Map.of("ROOMCAST_URL", "ws://127.0.0.1:" + server.port() + "/ws", "commands", snippet("sh")),
                        "set -e; cd \"$(dirname \"$roomcast\")\"; eval \"$commands\"")) {
            assertThat(bash.exitCode()).as(bash.err()).isZero();
            assertThat(bash.err()).matches("In lobby as Clock \\(\\S+\\); nobody else is here.\n");
            String time = "\\d\\d:\\d\\d:\\d\\d ";
            assertThat(bash.out())
                    .matches("1\n" + time + "Clock: .*\n" + time + "\\S+: Back at noon\n" + time + "\\S+: .*\n"
                            + "1\nvisits 1\nTea\n"
                            + "\\{\"type\":\"members\",\"room\":\"lobby\",\"members\":\\[],\"count\":0}\n");
        }
    }

    @Test
    void javaClient_hearsItselfAndOthers() throws Exception {
        try (RoomServer server = startServer()) {
            compile("Hello.java", withPort(snippet("java", "client"), server.port()));
            String classPath = folder + System.getProperty("path.separator") + classPath();
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            try (Child client = Child.start(java.toString(), "-cp", classPath, "Hello")) {
                client.awaitLine("Hello from Java");
                server.room("lobby").publish(Json.of("\"Hello from the server\""));
                client.awaitLine("Hello from the server");
            }
        }
    }

    @Test
    void embedding_servesItsUsers() throws Exception {
        String source = snippet("java");
        assertThat(source).contains(".port(8080)");
        compile("Embedded.java", source.replace(".port(8080)", ".port(0)"));
        String classPath = folder + System.getProperty("path.separator") + classPath();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        try (Child server = Child.start(java.toString(), "-cp", classPath, "Embedded")) {
            String url = server.awaitLine("ws://localhost:");
            LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create(url + "?name=ann"), collectInto(frames))
                    .get(20, TimeUnit.SECONDS);
            socket.sendText("{\"type\":\"join\",\"room\":\"lobby\",\"members\":true}", true)
                    .get(20, TimeUnit.SECONDS);
            assertThat(frames.poll(20, TimeUnit.SECONDS)).startsWith("{\"type\":\"welcome\",");
            assertThat(frames.poll(20, TimeUnit.SECONDS))
                    .startsWith("{\"type\":\"joined\",\"room\":\"lobby\",")
                    .contains("\"user\":\"ann\"");
            socket.abort();
        }
    }

    @Test
    void dependency_isOneThatTheBomKnows() throws IOException {
        String dependency = snippet("xml");
        String bom = Files.readString(Fence.repository().resolve("roomcast-bom").resolve("pom.xml"));
        String version = between(bom, "<version>", "</version>");
        assertThat(dependency).contains("<artifactId>roomcast-bom</artifactId>", "<version>" + version + "</version>");
        String artifact = "<artifactId>roomcast-netty</artifactId>";
        assertThat(dependency).contains(artifact);
        assertThat(bom).contains(artifact, "<artifactId>roomcast-client</artifactId>");
    }

    private static RoomServer startServer() {
        return RoomServer.builder().port(0).build().start();
    }

    /** The one block of the README in this language, with no word of our own behind it. */
    private static String snippet(String language) throws IOException {
        return snippet(language, "");
    }

    private static String snippet(String language, String word) throws IOException {
        List<Fence> fences = Fence.of("README.md").stream()
                .filter(fence ->
                        fence.language().equals(language) && fence.word(1).equals(word))
                .toList();
        assertThat(fences).as(language).hasSize(1);
        return fences.get(0).text();
    }

    private static String withPort(String snippet, int port) {
        assertThat(snippet).contains("localhost:8080");
        return snippet.replace("localhost:8080", "localhost:" + port);
    }

    /** As a reader would, from another port of the same machine. */
    private static HttpServer servePage(String html) throws IOException {
        HttpServer pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pages.createContext("/", exchange -> {
            byte[] body = html.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        pages.start();
        return pages;
    }

    private static Page open(Chromium chromium, String url) {
        Page page = chromium.browser().newPage();
        page.navigate(url);
        page.waitForFunction("socket.readyState === WebSocket.OPEN");
        return page;
    }

    private static void say(Page page, String text) {
        page.fill("#say", text);
        page.press("#say", "Enter");
    }

    private static void waitFor(Page page, String chat) {
        PlaywrightAssertions.assertThat(page.locator("#chat"))
                .hasText(chat, new LocatorAssertions.HasTextOptions().setTimeout(DEADLINE_MILLIS));
    }

    private void compile(String name, String source) throws IOException {
        Path file = Files.writeString(folder.resolve(name), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        List<String> options = List.of("-proc:none", "-cp", classPath(), "-d", folder.toString());
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        options,
                        null,
                        compiler.getStandardFileManager(null, null, UTF_8).getJavaFileObjects(file))
                .call();
        assertThat(compiled).as(problems.toString()).isTrue();
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private static WebSocket.Listener collectInto(LinkedBlockingQueue<String> frames) {
        StringBuilder text = new StringBuilder();
        return new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
                text.append(part);
                if (last) {
                    frames.add(text.toString());
                    text.setLength(0);
                }
                return WebSocket.Listener.super.onText(socket, part, last);
            }
        };
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from) + from.length();
        return text.substring(start, text.indexOf(to, start));
    }
}
