package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void page_script_and_health_answer_once_the_address_is_printed() throws Exception {
        try (Program program = Program.start("--port", "0")) {
            assertThat(program.address()).startsWith("127.0.0.1:");
            assertThat(program.out())
                    .startsWith("Roomcast is at http://" + program.address() + "/ ")
                    .hasLineCount(1);

            HttpResponse<String> page = get(program.http("/"));
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
            assertThat(page.body()).contains("<title>");
            for (String file :
                    new String[] {"/page.css", "/page.js", "/board.js", "/slow.js", "/icon.svg", "/roomcast.js"}) {
                assertThat(get(program.http(file)).statusCode()).as(file).isEqualTo(200);
            }
            assertThat(get(program.http("/health")).body()).isEqualTo("{\"status\":\"up\"}");
        }
    }

    @Test
    void no_demo_leaves_the_script_and_health() throws Exception {
        try (Program program = Program.start("--port", "0", "--no-demo")) {
            assertThat(program.address()).isNotEmpty();
            assertThat(program.out()).startsWith("Roomcast is at ws://" + program.address() + "/ws ");
            assertThat(get(program.http("/")).statusCode()).isEqualTo(404);
            assertThat(get(program.http("/page.js")).statusCode()).isEqualTo(404);
            assertThat(get(program.http("/roomcast.js")).statusCode()).isEqualTo(200);
            assertThat(get(program.http("/health")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void sigterm_tells_clients_and_ends_the_program() throws Exception {
        try (Program program = Program.start("--port", "0")) {
            TextClient client = TextClient.connect(program.webSocket());
            assertThat(client.read()).startsWith("{\"type\":\"welcome\"");

            program.terminate();

            assertThat(client.read()).matches("\\{\"type\":\"closing\",\"retryAfterMs\":\\d+}");
            assertThat(client.closeCode()).isEqualTo(1012);
            assertThat(program.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void flags_win_over_environment_and_environment_over_file() throws Exception {
        Path file = write("port: 1\nlimits:\n  rooms: 11\n  roomsPerConnection: 12\n  depth: 13\n");
        Map<String, String> environment =
                Map.of("ROOMCAST_PORT", "2", "ROOMCAST_LIMITS_ROOMSPERCONNECTION", "22", "ROOMCAST_LIMITS_DEPTH", "23");
        try (Program program =
                Program.start(environment, "--config", file.toString(), "--port", "0", "--set", "limits.depth=33")) {
            assertThat(TextClient.connect(program.webSocket()).read())
                    .contains("\"rooms\":11", "\"roomsPerConnection\":22", "\"depth\":33");
        }
    }

    @Test
    void environment_can_name_the_file() throws Exception {
        Path file = write("port: 0\nlimits: {rooms: 11}\n");
        try (Program program = Program.start(Map.of("ROOMCAST_CONFIG", file.toString()))) {
            assertThat(TextClient.connect(program.webSocket()).read()).contains("\"rooms\":11");
        }
    }

    @Test
    void wrong_key_in_the_file_stops_the_start() throws Exception {
        Path file = write("port: 0\nlimits:\n  frameByte: 1000\n");
        try (Program program = Program.start("--config", file.toString())) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err())
                    .endsWith("roomcast: limits.frameByte (" + file
                            + ":3) is no setting; did you mean limits.frameBytes?\n");
            assertThat(program.out()).isEmpty();
        }
    }

    @Test
    void wrong_value_in_the_environment_stops_the_start() throws Exception {
        try (Program program = Program.start(Map.of("ROOMCAST_LIMITS_ROOMS", "0"))) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err())
                    .contains(
                            "roomcast: limits.rooms is \"0\" (ROOMCAST_LIMITS_ROOMS), but must be a whole number from 1");
        }
    }

    @Test
    void wrong_templates_stop_the_start() throws Exception {
        Path file = write("""
                port: 0
                templates:
                  - pattern: "chat:*"
                    slowConsumer: drop
                  - pattern: "game:*"
                    limits:
                      memberPerRoom: 4
                """);
        try (Program program = Program.start("--config", file.toString())) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err())
                    .contains("roomcast: templates[0].slowConsumer is \"drop\" (" + file
                            + ":4), but must be disconnect or dropOldest: ")
                    .contains("roomcast: templates[1].limits.memberPerRoom (" + file
                            + ":7) is no setting; did you mean templates[1].limits.membersPerRoom?\n");
        }
    }

    @Test
    void template_cannot_be_looser_than_the_server() throws Exception {
        Path file = write("port: 0\nlimits: {dataBytes: 100}\ntemplates: [{pattern: a, limits: {dataBytes: 101}}]\n");
        try (Program program = Program.start("--config", file.toString())) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err())
                    .endsWith("roomcast: templates[0].limits.dataBytes is \"101\" (" + file + ":3), but must be at most"
                            + " the server's, which is 100: a template can only be stricter\n");
        }
    }

    @Test
    void template_holds_for_the_rooms_it_matches() throws Exception {
        Path file = write("port: 0\ntemplates: [{pattern: \"small:*\", limits: {dataBytes: 10}}]\n");
        try (Program program = Program.start("--config", file.toString())) {
            TextClient client = TextClient.connect(program.webSocket());
            client.read();
            for (String room : new String[] {"small:1", "large:1"}) {
                client.send("{\"type\":\"join\",\"room\":\"" + room + "\"}");
                assertThat(client.read()).startsWith("{\"type\":\"joined\"");
            }

            client.send("{\"type\":\"publish\",\"room\":\"small:1\",\"data\":\"123456789\"}");
            assertThat(client.read()).contains("\"code\":\"too_large\"");
            client.send("{\"type\":\"publish\",\"room\":\"large:1\",\"data\":\"123456789\"}");
            assertThat(client.read()).startsWith("{\"type\":\"message\",\"room\":\"large:1\"");
        }
    }

    @Test
    void limit_is_off_where_it_may_be() throws Exception {
        try (Program program = Program.start("--port", "0", "--set", "limits.roomsPerConnection=off")) {
            TextClient client = TextClient.connect(program.webSocket());
            client.read();
            int beyondTheDefault = 101;
            for (int i = 0; i < beyondTheDefault; i++) {
                client.send("{\"type\":\"join\",\"room\":\"r" + i + "\"}");
                assertThat(client.read()).startsWith("{\"type\":\"joined\"");
            }
        }
        try (Program program = Program.start("--set", "limits.frameBytes=off")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err())
                    .contains(
                            "limits.frameBytes is \"off\" (--set), but must be a whole number from 256 to 16777216: ");
        }
    }

    @Test
    void config_prints_a_file_that_means_the_same() throws Exception {
        Path file = write("limits: {rooms: 11}\ntemplates: [{pattern: \"chat:*\", slowConsumer: dropOldest}]\n");
        String printed;
        try (Program program = Program.start(
                Map.of("ROOMCAST_LIMITS_DEPTH", "9"), "config", "--config", file.toString(), "--port", "0")) {
            assertThat(program.exitCode()).isZero();
            printed = program.out();
            assertThat(printed.lines().map(line -> line.replaceAll(" +#", " #")))
                    .contains(
                            "port: 0 # --port",
                            "host: 127.0.0.1 # default",
                            "  rooms: 11 # " + file + ":1",
                            "  depth: 9 # ROOMCAST_LIMITS_DEPTH",
                            "  - pattern: \"chat:*\" # " + file + ":2");
        }
        write(printed);
        try (Program program = Program.start("config", "--config", file.toString())) {
            assertThat(program.exitCode()).isZero();
            assertThat(program.out().replaceAll(" +#.*", "")).isEqualTo(printed.replaceAll(" +#.*", ""));
        }
    }

    @Test
    void config_refuses_what_the_start_refuses() throws Exception {
        try (Program program = Program.start("config", "--port", "x")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err()).contains("roomcast: port is \"x\" (--port), but must be ");
            assertThat(program.out()).isEmpty();
        }
        try (Program program = Program.start("--port", "1", "config")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err()).contains("Flags stand behind the command");
        }
    }

    @Test
    void metrics_have_a_port_of_their_own_on_loopback() throws Exception {
        try (Program program = Program.start("--port", "0", "--set", "metricsPort=0")) {
            URI metrics = URI.create(program.find("Metrics are at (http://127\\.0\\.0\\.1:\\d+/metrics)\n"));
            TextClient client = TextClient.connect(program.webSocket());
            client.read();
            client.send("{\"type\":\"join\",\"room\":\"lobby\"}");
            client.read();
            client.send("{\"type\":\"publish\",\"room\":\"elsewhere\",\"data\":1}");
            client.read();

            assertThat(get(program.http("/metrics")).statusCode()).isEqualTo(404);
            assertThat(get(metrics).body().lines())
                    .contains(
                            "roomcast_connections 1.0",
                            "roomcast_rooms 1.0",
                            "roomcast_members 1.0",
                            "roomcast_refusals_total{code=\"not_member\"} 1.0",
                            "roomcast_http_answers_total{status=\"101\"} 1.0",
                            "roomcast_http_answers_total{status=\"404\"} 1.0",
                            "roomcast_limit{limit=\"frameBytes\"} 65536.0");
        }
    }

    @Test
    void metrics_port_in_use_is_said_in_a_sentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                Program program = Program.start("--port", "0", "--set", "metricsPort=" + taken.getLocalPort())) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err())
                    .endsWith("roomcast: port " + taken.getLocalPort() + " of 127.0.0.1 is in use by another program;"
                            + " choose another with --set metricsPort=…, or any free one with --set metricsPort=0\n");
        }
    }

    @Test
    void abnormal_end_is_a_line_in_the_log_and_a_normal_one_is_not() throws Exception {
        try (Program program = Program.start("--port", "0")) {
            TextClient normal = TextClient.connect(program.webSocket());
            normal.read();
            normal.close();
            TextClient abusive = TextClient.connect(program.webSocket());
            abusive.read();
            for (int i = 0; i < 10; i++) {
                abusive.send("not json");
            }
            assertThat(program.findInLog("Connection (c\\S+) from 127\\.0\\.0\\.1:\\d+, ended: abuse \\(4429\\);"
                            + " rooms: 0, bytes waiting: \\d+, age: \\d+ s\n"))
                    .isNotEmpty();
            assertThat(program.err()).doesNotContain("normal", "1000").containsOnlyOnce("ended:");
        }
    }

    @Test
    void wrong_flags_stop_the_start() throws Exception {
        try (Program program = Program.start("--prot", "1")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err()).endsWith("roomcast: --prot is no flag or command; did you mean --port?\n");
        }
        try (Program program = Program.start("--port", "x", "--set", "hots=y")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err())
                    .contains("roomcast: port is \"x\" (--port), but must be a whole number from 0 to 65535")
                    .contains("roomcast: hots (--set) is no setting; did you mean host?");
        }
    }

    @Test
    void port_in_use_is_said_in_a_sentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                Program program = Program.start("--port", Integer.toString(taken.getLocalPort()))) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err())
                    .endsWith("roomcast: port " + taken.getLocalPort() + " of 127.0.0.1 is in use by another program;"
                            + " choose another with --port, or any free one with --port 0\n");
        }
    }

    @Test
    void address_of_another_machine_is_said_in_a_sentence() throws Exception {
        try (Program program = Program.start("--port", "0", "--host", "192.0.2.1")) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err())
                    .endsWith("roomcast: 192.0.2.1 is no address of this machine; choose another with --host\n");
        }
    }

    @Test
    void help_names_every_flag_and_setting() throws Exception {
        try (Program program = Program.start("--help")) {
            assertThat(program.exitCode()).isZero();
            assertThat(program.out())
                    .contains(
                            "--port", "--host", "--config", "--set", "--lanes", "--transport", "--no-demo", "--version")
                    .contains("heartbeatMs", "allowedOrigins", "limits.frameBytes", "Examples");
            assertThat(program.out().lines()).allMatch(line -> line.length() <= 100);
        }
    }

    @Test
    void version_names_roomcast_and_java() throws Exception {
        try (Program program = Program.start("--version")) {
            assertThat(program.exitCode()).isZero();
            assertThat(program.out()).matches("roomcast \\d+\\.\\d+\\.\\d+\\S* \\(Java .*\\)\n");
        }
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("roomcast.yaml"), text);
    }

    private static HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    }
}
