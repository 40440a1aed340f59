package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Limit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks on the handshake, by their rows in the table of attacks. A refusal comes within a second of what causes it, and
 * then the server ends the connection.
 */
final class HandshakeAttacksTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String GET = "GET /ws HTTP/1.1\r\n";
    private static final String HOST = "Host: localhost\r\n";
    private static final String REST = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: " + KEY + "\r\n\r\n";

    @RegisterExtension
    static final Scene SCENE = Scene.shared();

    @Test
    void row1_silentDrippingAndUnfinished_closedAt10Seconds() {
        try (RawClient silent = SCENE.tcp();
                RawClient unfinished = SCENE.tcp();
                RawClient dripping = SCENE.tcp()) {
            long start = System.nanoTime();
            unfinished.send(GET + HOST + REST.substring(0, REST.length() - 1));
            Thread drip = drip(dripping, 1_000);
            for (RawClient client : List.of(silent, unfinished, dripping)) {
                assertThat(client.readToEnd()).isEmpty();
                assertThat(secondsSince(start)).isBetween(9.5, 11.5);
            }
            drip.interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 100})
    void row1_drippingAtAnySpeed_closedWhenTheTimeIsUp(int millisBetweenBytes) {
        Duration head = Duration.ofMillis(400);
        try (Scene scene = Scene.with(
                        settings -> settings.patience(Patience.defaults().withHead(head)));
                RawClient dripping = scene.tcp()) {
            long start = System.nanoTime();
            Thread drip = drip(dripping, millisBetweenBytes);
            assertThat(dripping.readToEnd()).isEmpty();
            assertThat(secondsSince(start)).isBetween(0.35, 1.4);
            drip.interrupt();
        }
    }

    @ParameterizedTest
    @CsvSource({"4096, 404", "4097, 414", "409600, 414"})
    void row2_requestLine(int bytes, int status) {
        String line = "GET /" + "a".repeat(bytes - "GET / HTTP/1.1".length()) + " HTTP/1.1\r\n";
        refused(line + HOST + "\r\n", status);
    }

    @Test
    void row2_requestLineThatNeverEnds_414AtTheByteTooMany() {
        refused("G".repeat(4097), 414);
    }

    @ParameterizedTest
    @CsvSource({"8192, 101", "8193, 431", "819200, 431"})
    void row2_headerBytes(int bytes, int status) {
        int there = (HOST + REST).length();
        answered(GET + HOST + "X: " + "a".repeat(bytes - there - 5) + "\r\n" + REST, status);
    }

    @ParameterizedTest
    @CsvSource({"100, 101", "101, 431", "2000, 431"})
    void row2_headerCount(int count, int status) {
        answered(GET + HOST + "X:\r\n".repeat(count - 5) + REST, status);
    }

    @Test
    void row2_headersThatNeverEnd_431AtTheByteTooMany() {
        refused(GET + HOST + "X: " + "a".repeat(8193), 431);
        refused(GET + HOST + "X:\r\n".repeat(100), 431);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NUL: \0\r\n",
                "X: a\n",
                "X: a\rb\r\n",
                "X : a\r\n",
                "X\t: a\r\n",
                ": a\r\n",
                "X\r\n",
                "X: a\r\n folded\r\n",
                "X: a\r\n\tfolded\r\n",
                "X\u00e9: a\r\n",
                "X: \u007f\r\n",
                "Content-Length: 5\r\n",
                "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Content-Length: 0\r\nContent-Length: 0\r\n",
                "Content-Length: 0, 0\r\n",
                "Content-Length: +0\r\n",
                "Content-Length: -1\r\n",
                "Content-Length:\r\n",
                "Content-Length: 99999999999999999999\r\n",
            })
    void row3_brokenHeadersOrABody_400(String header) {
        refused(GET + HOST + header + REST, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws", "/health", "/wsx"})
    void row3_contentLengthWithTransferEncoding_400WhereverAndHowever(String path) {
        for (String method : List.of("GET", "POST", "PUT")) {
            String line = method + " " + path + " HTTP/1.1\r\n";
            refused(line + HOST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" + REST, 400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n" + GET,
                "\0GET /ws HTTP/1.1\r\n",
                "GET  /ws HTTP/1.1\r\n",
                "GET /ws  HTTP/1.1\r\n",
                " GET /ws HTTP/1.1\r\n",
                "GET\t/ws\tHTTP/1.1\r\n",
                "GET /ws HTTP/1.1 \r\n",
                "GET /ws\r\n",
                "GET /ws HTTP/1.1\n",
                "GET http://localhost/ws HTTP/1.1\r\n",
                "GET /ws#x HTTP/1.1\r\n",
                "GET ws HTTP/1.1\r\n",
                "G\u00e9T /ws HTTP/1.1\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            })
    void row3_brokenRequestLine_400(String line) {
        refused(line + HOST + REST, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GET + REST,
                GET + HOST + HOST + REST,
                GET + HOST + "hOST: other\r\n" + REST,
                GET + "Host:\r\n" + REST,
                GET + "Host: a b\r\n" + REST,
                GET + "Host: a,b\r\n" + REST,
                GET + "Host: user@localhost\r\n" + REST,
                GET + "Host: localhost:99999\r\n" + REST,
                "GET /ws HTTP/1.0\r\n" + HOST + REST,
            })
    void row4_hostMissingTwiceOrBroken_400(String request) {
        refused(request, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/wsx", "//ws", "/ws/", "/ws/..", "/./ws", "/x/../ws", "/WS", "/%77s", "/ws%00", "/w", "/ws;x"})
    void row5_otherPath_404(String path) {
        refused("GET " + path + " HTTP/1.1\r\n" + HOST + REST, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "get", "TRACE"})
    void row5_otherMethod_405(String method) {
        assertThat(refused(method + " /ws HTTP/1.1\r\n" + HOST + REST, 405)).contains("\r\nAllow: GET\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sec-WebSocket-Version:\r\n",
                "Sec-WebSocket-Version: 12\r\n",
                "Sec-WebSocket-Version: 14\r\n",
                "Sec-WebSocket-Version: 013\r\n",
                "Sec-WebSocket-Version: 13, 8\r\n",
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n"
            })
    void row5_otherVersion_426(String version) {
        String rest = REST.replace("Sec-WebSocket-Version: 13\r\n", version);
        assertThat(refused(GET + HOST + rest, 426)).contains("\r\nSec-WebSocket-Version: 13\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sec-WebSocket-Key:\r\n",
                "Sec-WebSocket-Key: " + KEY + "\r\nSec-WebSocket-Key: " + KEY + "\r\n",
                "Sec-WebSocket-Key: c2hvcnQ=\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZWU=\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j_Q==\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSB ub25jZQ=\r\n",
                "Sec-WebSocket-Key: ========================\r\n",
                "Sec-WebSocket-Key: " + KEY + "," + KEY + "\r\n"
            })
    void row6_key_400(String key) {
        refused(GET + HOST + REST.replace("Sec-WebSocket-Key: " + KEY + "\r\n", key), 400);
    }

    @Test
    void row6_keyOfAHundredTimesTheLength_400() {
        refused(GET + HOST + REST.replace(KEY, "A".repeat(2400)), 400);
    }

    @Test
    void row7_originNotInTheList_403() {
        List<String> tricks = List.of(
                "https://example.org.evil.com",
                "https://evil-example.org",
                "https://evil.example.org",
                "https://example.or",
                "http://example.org",
                "https://example.org:444",
                "https://example.org/",
                "https://example.org@evil.com",
                "https://evil.com#https://example.org",
                "HTTPS://example.org",
                "https://example.org\u00e9",
                "https://example.org https://evil.com",
                "null",
                "",
                "file://",
                "http://localhost");
        try (Scene scene = Scene.with(settings -> settings.allowedOrigins(List.of("https://example.org")))) {
            for (String trick : tricks) {
                answered(scene, GET + HOST + "Origin: " + trick + "\r\n" + REST, 403);
            }
            String twice = "Origin: https://example.org\r\nOrigin: https://example.org\r\n";
            answered(scene, GET + HOST + twice + REST, 403);
            answered(scene, GET + HOST + "Origin: https://example.org\r\n" + REST, 101);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; client_max_window_bits=99",
                "permessage-deflate; server_max_window_bits=0; server_max_window_bits=15",
                "permessage-deflate; a=\"unfinished",
                ";;;,,,===",
                "permessage-deflate"
            })
    void row8_extensionOffers_declined(String offer) {
        for (int count : new int[] {1, 10, 300}) {
            String offers = String.join(",", java.util.Collections.nCopies(count, offer));
            String fitting = offers.substring(0, Math.min(offers.length(), 7_900));
            try (RawClient client = SCENE.tcp()) {
                client.send(GET + HOST + "Sec-WebSocket-Extensions: " + fitting + "\r\n" + REST);
                assertThat(client.readHead()).startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("extensions");
                assertThat(client.readText()).startsWith("{\"type\":\"welcome\"");
                client.send(RawClient.frame(0xC1, new byte[] {'x'}));
                assertThat(client.readClose()).isEqualTo(1002);
            }
        }
    }

    @Test
    void row8_offersIn90HeadersAnd300Offers_declined() {
        String header = "Sec-WebSocket-Extensions: x,y;z=1,permessage-deflate,a\r\n";
        answered(GET + HOST + header.repeat(90) + REST, 101);
    }

    @Test
    void row10_pendingHandshakesOfOneAddress_429ThenCut() {
        int most = 20;
        AtomicInteger opened = new AtomicInteger();
        try (Scene scene = Scene.with(settings ->
                settings.pendingHandshakesPerAddress(most).onConnect(connect -> opened.incrementAndGet()))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                clients.add(scene.tcp());
            }
            scene.awaitSockets(most);
            long start = System.nanoTime();
            for (int i = most; i < 2 * most; i++) {
                RawClient refused = scene.tcp();
                clients.add(refused);
                refused.sendRegardless(RawClient.UPGRADE.getBytes(StandardCharsets.US_ASCII));
                assertRefused(refused.readToEnd());
            }
            assertThat(System.nanoTime() - start).isLessThan(most * SECOND);
            scene.bystandersChatOn();
            clients.get(0).upgrade();
            clients.forEach(RawClient::close);
            awaitWelcome(scene);
            // The bystanders, the first and the last: what was refused stays refused, whatever it asks for.
            assertThat(opened).hasValue(4);
        }
    }

    @Test
    void row10_ahundredTimesTooManyPending_cutAndBounded() {
        int most = 5;
        try (Scene scene = Scene.with(settings -> settings.pendingHandshakesPerAddress(most))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                clients.add(scene.tcp());
            }
            scene.awaitSockets(most);
            for (int i = most; i < 100 * most; i++) {
                clients.add(scene.tcp());
                // Two of them are the bystanders'; some may be on their way in or out.
                assertThat(scene.server().sockets()).isLessThanOrEqualTo(2 + 2 * most + 5);
            }
            for (RawClient client : clients.subList(most, clients.size())) {
                assertThat(client.readToEnd()).matches("(?s)(HTTP/1.1 429 .*)?");
            }
            clients.forEach(RawClient::close);
            awaitWelcome(scene);
        }
    }

    @Test
    void row10_connectsPerSecondOfOneAddress_429UntilTheSecondIsOver() {
        try (Scene scene = Scene.with(settings -> settings.connectsPerSecondPerAddress(10))) {
            int refused = 0;
            for (int i = 0; i < 50; i++) {
                try (RawClient client = scene.tcp()) {
                    client.sendRegardless(RawClient.UPGRADE.getBytes(StandardCharsets.US_ASCII));
                    String head = client.readHeadOrEnd();
                    if (!head.startsWith("HTTP/1.1 101 ")) {
                        assertRefused(head);
                        refused++;
                    }
                }
            }
            assertThat(refused).isGreaterThan(10);
            awaitWelcome(scene);
        }
    }

    /** Within TLS a word would need a handshake first, which is what there are too many of: it is cut. */
    private static void assertRefused(String answer) {
        if (Boolean.getBoolean("roomcast.tls")) {
            assertThat(answer).isEmpty();
        } else {
            assertThat(answer).startsWith("HTTP/1.1 429 ").contains("\r\nRetry-After: 1\r\n");
        }
    }

    @Test
    void row10_connectionsOfOneAddress_429UntilOneGoes() {
        // Two for the bystanders.
        try (Scene scene =
                        Scene.with(settings -> settings.limits(Scene.limits().with(Limit.CONNECTIONS_PER_ADDRESS, 4)));
                RawClient stays = scene.member()) {
            RawClient goes = scene.member();
            answered(scene, RawClient.UPGRADE, 429);
            answered(scene, "GET /health HTTP/1.1\r\n" + HOST + "\r\n", 200);
            stays.text("{\"type\":\"ping\",\"id\":1}");
            assertThat(stays.readReply()).contains("pong");
            goes.close();
            awaitWelcome(scene);
        }
    }

    @Test
    void row10_pipelinedRequests_oneAnswerThenTheEnd() {
        String page = "GET /health HTTP/1.1\r\n" + HOST + "\r\n";
        for (int count : new int[] {2, 1_000}) {
            assertThat(refused(page.repeat(count), 200).split("HTTP/1\\.1 ")).hasSize(2);
            assertThat(refused("GET /wsx HTTP/1.1\r\n" + HOST + "\r\n" + page.repeat(count), 404)
                            .split("HTTP/1\\.1 "))
                    .hasSize(2);
        }
    }

    @Test
    void row10_requestBehindTheUpgrade_isNoFrame() {
        try (RawClient client = SCENE.tcp()) {
            client.send(RawClient.UPGRADE + GET + HOST + REST);
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.readClose()).isEqualTo(1002);
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    // ---- How an attack is made

    /** One byte after the other, for ever. */
    private static Thread drip(RawClient client, int millisBetweenBytes) {
        Thread thread = new Thread(() -> {
            byte[] endless = (GET + HOST + "X: ").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                client.sendRegardless(new byte[] {i < endless.length ? endless[i] : (byte) 'a'});
                java.util.concurrent.locks.LockSupport.parkNanos(millisBetweenBytes * 1_000_000L);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static String refused(String request, int status) {
        return answered(SCENE, request, status);
    }

    private static String answered(String request, int status) {
        return answered(SCENE, request, status);
    }

    private static String answered(Scene scene, String request, int status) {
        try (RawClient client = scene.tcp()) {
            client.sendRegardless(request.getBytes(StandardCharsets.ISO_8859_1));
            long sent = System.nanoTime();
            String head = client.readHead();
            assertThat(System.nanoTime() - sent).as("nanoseconds to the answer").isLessThan(SECOND);
            assertThat(head).startsWith("HTTP/1.1 " + status + " ");
            if (status == 101) {
                assertThat(client.readText()).startsWith("{\"type\":\"welcome\"");
                return head;
            }
            String body = client.readToEnd();
            assertThat(System.nanoTime() - sent).as("nanoseconds to the end").isLessThan(2 * SECOND);
            return head + body;
        }
    }

    /** Connects until it is let in again. */
    private static void awaitWelcome(Scene scene) {
        long deadline = System.nanoTime() + 10 * SECOND;
        while (true) {
            try (RawClient client = scene.tcp()) {
                client.sendRegardless(RawClient.UPGRADE.getBytes(StandardCharsets.US_ASCII));
                String answer = client.readHead();
                if (answer.startsWith("HTTP/1.1 101 ")) {
                    // Behind what a connect listener does, which the 101 does not wait for.
                    assertThat(client.readText()).startsWith("{\"type\":\"welcome\"");
                    return;
                }
                assertThat(answer).startsWith("HTTP/1.1 429 ");
            } catch (java.io.UncheckedIOException cut) {
                // As one of far too many.
            }
            assertThat(System.nanoTime() - deadline).isNegative();
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / (double) SECOND;
    }
}
