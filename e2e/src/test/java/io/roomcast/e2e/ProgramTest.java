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
            for (String file : new String[] {"/page.css", "/page.js", "/icon.svg", "/roomcast.js"}) {
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
                    .contains("--port", "--host", "--config", "--set", "--lanes", "--no-demo", "--version")
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
