package io.roomcast.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.Statistics;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import io.roomcast.protocol.ServerMessage.Resumed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Pattern NAME = Pattern.compile("roomcast_[a-z_]+");

    private Statistics statistics = new Statistics(
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            Map.of(ErrorCode.ROOM_FULL, 9L),
            Map.of("slow_consumer", 10L),
            13,
            14,
            Map.of(Resumed.YES, 15L, Resumed.TOO_MANY, 16L),
            17,
            18);
    private final Metrics metrics = new Metrics(
            () -> statistics,
            () -> Map.of(403, 11L),
            Limits.defaults().with(Limit.ROOMS, 12).with(Limit.JOINS_PER_SECOND, Limit.OFF));

    @Test
    void statistics_limits_and_the_jvm_are_there() {
        assertThat(metrics.scrape().lines())
                .contains(
                        "roomcast_connections 1.0",
                        "roomcast_rooms 2.0",
                        "roomcast_members 3.0",
                        "roomcast_members_absent 13.0",
                        "roomcast_kept_bytes 17.0",
                        "roomcast_sessions_restored_total 14.0",
                        "roomcast_resumes_total{outcome=\"resumed\"} 15.0",
                        "roomcast_resumes_total{outcome=\"too_many\"} 16.0",
                        "roomcast_rooms_given_up_total 18.0",
                        "roomcast_publishes_total 4.0",
                        "roomcast_publishes_crosslane_total 5.0",
                        "roomcast_deliveries_total 6.0",
                        "roomcast_received_bytes_total 7.0",
                        "roomcast_sent_bytes_total 8.0",
                        "roomcast_refusals_total{code=\"room_full\"} 9.0",
                        "roomcast_endings_total{close=\"slow_consumer\"} 10.0",
                        "roomcast_http_answers_total{status=\"403\"} 11.0",
                        "roomcast_limit{limit=\"rooms\"} 12.0",
                        "roomcast_limit{limit=\"frameBytes\"} 65536.0",
                        "roomcast_limit{limit=\"joinsPerSecond\"} +Inf")
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
                .anyMatch(line -> line.startsWith("process_files_open_files "));
    }

    @Test
    void each_scrape_looks_again() {
        metrics.scrape();
        statistics = new Statistics(100, 0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of(), 0, 0, Map.of(), 0, 0);

        assertThat(metrics.scrape()).contains("roomcast_connections 100.0\n");
    }

    @Test
    void document_names_every_metric_of_ours() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "metrics.md"));

        assertThat(names(document)).isEqualTo(names(metrics.scrape()));
    }

    @Test
    void server_answers_for_metrics_and_nothing_else() throws Exception {
        try (MetricsServer server = MetricsServer.start("127.0.0.1", 0, metrics::scrape)) {
            HttpResponse<String> answer = send(server, HttpRequest.newBuilder(), "/metrics");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(answer.body()).contains("roomcast_rooms 2.0\n");
            for (String path : new String[] {"/", "/metrics/", "/metricsx", "/health"}) {
                assertThat(send(server, HttpRequest.newBuilder(), path).statusCode())
                        .as(path)
                        .isEqualTo(404);
            }
            assertThat(send(server, HttpRequest.newBuilder().POST(BodyPublishers.ofString("x")), "/metrics")
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void server_answers_again_after_more_requests_than_it_takes() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        List<Socket> sockets = new ArrayList<>();
        try (MetricsServer server = MetricsServer.start("127.0.0.1", 0, () -> {
            await(released);
            return "text";
        })) {
            for (int i = 0; i < 60; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
                sockets.add(socket);
            }
            assertThat(isCut(sockets.get(59))).as("one too many is cut").isTrue();
            released.countDown();

            assertThat(sockets.get(0).getInputStream().read()).as("the first").isEqualTo('H');
            assertThat(send(server, HttpRequest.newBuilder(), "/metrics").body())
                    .isEqualTo("text");
        } finally {
            released.countDown();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Whether the other end has closed, with a reset or without; waits for it as long as the socket allows. */
    private static boolean isCut(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private static HttpResponse<String> send(MetricsServer server, HttpRequest.Builder request, String path)
            throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + server.port() + path);
        return HttpClient.newHttpClient()
                .send(request.uri(address).timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    }
}
