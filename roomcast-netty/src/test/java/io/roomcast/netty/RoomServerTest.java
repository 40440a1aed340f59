package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.engine.Statistics;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import io.roomcast.protocol.MemberEntry;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The embedding API against real sockets. */
@SuppressWarnings("NullAway.Init") // each test starts its own
final class RoomServerTest {
    private RoomServer server;

    private RoomServer start(UnaryOperator<RoomServerBuilder> settings) {
        server = settings.apply(RoomServer.builder().port(0).lanes(2).shutdownSpread(Duration.ofMillis(10)))
                .build()
                .start();
        return server;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void message_reachesTheRoomAndNobodyElse() {
        int port = start(settings -> settings).port();
        try (RawClient ana = RawClient.open(port);
                RawClient bob = RawClient.open(port);
                RawClient eve = RawClient.open(port)) {
            join(ana, "lobby");
            join(bob, "lobby");
            join(eve, "elsewhere");
            ana.text("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":\"hi\"}");
            assertThat(bob.readText()).contains("\"offset\":1,").endsWith("\"data\":\"hi\"}");
            assertThat(ana.readText()).contains("\"offset\":1,");
            eve.text("{\"type\":\"members\",\"id\":7,\"room\":\"elsewhere\"}");
            assertThat(eve.readText()).contains("\"id\":7");
        }
    }

    @Test
    void server_publishesAndListsAndRemoves() throws Exception {
        int port = start(settings -> settings.onConnect(
                        connect -> connect.user(connect.query("name").orElse("guest"))))
                .port();
        try (RawClient ana = RawClient.open(port)) {
            join(ana, "lobby");
            assertThat(server.room("lobby").publish("news", Json.of("[1, 2]")).get())
                    .isEqualTo(1);
            assertThat(ana.readText()).contains("\"event\":\"news\"", "[1, 2]").doesNotContain("from");
            List<MemberEntry> members = server.room("lobby").members().get();
            assertThat(members).extracting(MemberEntry::user).containsExactly("guest");
            assertThat(server.room("lobby").sendToUser("guest", Json.of("2")).get())
                    .isEqualTo(1);
            assertThat(ana.readText())
                    .contains("\"to\":\"" + members.get(0).id())
                    .doesNotContain("offset");
            assertThat(server.room("lobby").sendTo("m0", Json.of("3")).get()).isFalse();
            assertThat(server.room("lobby")
                            .remove(members.get(0).id(), "kicked")
                            .get())
                    .isTrue();
            assertThat(ana.readText()).isEqualTo("{\"type\":\"left\",\"room\":\"lobby\",\"reason\":\"kicked\"}");
            assertThat(server.room("lobby").members().get()).isEmpty();
        }
    }

    @Test
    void session_isSentToFromAnyThread() {
        Queue<io.roomcast.engine.Session> sessions = new ConcurrentLinkedQueue<>();
        int port = start(settings -> settings.onJoin(join -> sessions.add(join.session())))
                .port();
        try (RawClient ana = RawClient.open(port)) {
            join(ana, "lobby");
            sessions.element().send("elsewhere", Json.of("1"));
            sessions.element().send("lobby", Json.of("2"));
            assertThat(ana.readText()).endsWith("\"data\":2}");
            sessions.element().close(CloseCode.REMOVED_BY_OPERATOR);
            assertThat(ana.readClose()).isEqualTo(4503);
        }
    }

    @Test
    void connectListener_refuses() {
        int port = start(settings -> settings.onConnect(connect -> {
                    assertThat(connect.handshake().path()).isEqualTo("/ws");
                    assertThat(connect.header("HOST")).contains("localhost");
                    connect.refuse(CloseCode.NOT_AUTHORISED);
                }))
                .port();
        try (RawClient ana = RawClient.tcp(port)) {
            ana.send("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            ana.readHead();
            assertThat(ana.readFrame().closeCode()).isEqualTo(4501);
        }
    }

    @Test
    void joinListener_refusesAndRewrites() {
        int port = start(settings -> settings.onJoin(join -> {
                    if (join.room().equals("staff")) {
                        join.refuse(ErrorCode.NOT_ALLOWED, "Ask an admin.");
                    }
                    join.member(Json.of("{\"role\":\"reader\"}"));
                }))
                .port();
        try (RawClient ana = RawClient.open(port)) {
            ana.text("{\"type\":\"join\",\"id\":1,\"room\":\"staff\"}");
            assertThat(ana.readText())
                    .isEqualTo("{\"type\":\"error\",\"id\":1,\"request\":\"join\",\"room\":\"staff\","
                            + "\"code\":\"not_allowed\",\"message\":\"Ask an admin.\"}");
            ana.text("{\"type\":\"join\",\"room\":\"lobby\",\"members\":true,\"member\":{\"role\":\"king\"}}");
            assertThat(ana.readText()).contains("{\"role\":\"reader\"}").doesNotContain("king");
        }
    }

    @Test
    void messageListener_refusesRewritesAndThrows() {
        int port = start(settings -> settings.onMessage(message -> {
                    switch (message.data().toString()) {
                        case "\"bad\"" -> message.refuse(ErrorCode.NOT_ALLOWED, "Not here.");
                        case "\"throw\"" -> throw new IllegalStateException("on purpose");
                        default -> message.data(Json.of("\"***\""));
                    }
                }))
                .port();
        try (RawClient ana = RawClient.open(port)) {
            join(ana, "lobby");
            publish(ana, "\"bad\"");
            publish(ana, "\"throw\"");
            publish(ana, "\"fine\"");
            assertThat(ana.readText()).contains("not_allowed");
            assertThat(ana.readText()).contains("unavailable", "\"retryAfterMs\":1000");
            assertThat(ana.readText()).endsWith("\"data\":\"***\"}");
        }
    }

    /** The pause comes with the last of what was left unparsed by the pause before it. */
    @Test
    void listenerThatIsBehind_keepsTheRestInTheSocket() throws Exception {
        Semaphore goOn = new Semaphore(0);
        int port = start(settings -> settings.onMessage(message -> goOn.acquireUninterruptibly()))
                .port();
        try (RawClient ana = RawClient.open(port)) {
            join(ana, "lobby");
            String publish = "{\"type\":\"publish\",\"room\":\"lobby\",\"data\":1}";
            byte[] frame = RawClient.frame(RawClient.TEXT, publish.getBytes(US_ASCII));
            ByteArrayOutputStream four = new ByteArrayOutputStream();
            for (int i = 0; i < 4; i++) {
                four.writeBytes(frame);
            }
            ana.send(four.toByteArray());
            goOn.release(2);
            ana.readText();
            ana.readText();
            byte[] more = RawClient.frame(RawClient.TEXT, new byte[60_000]);
            Thread flood = new Thread(() -> {
                try {
                    for (int i = 0; i < 150; i++) {
                        ana.send(more);
                    }
                } catch (UncheckedIOException closed) {
                    // At the end of the test.
                }
            });
            flood.start();
            flood.join(2_000);
            assertThat(flood.isAlive()).as("the flood is held back").isTrue();
        } finally {
            goOn.release(1_000);
        }
    }

    @Test
    void listeners_runInOrderForEachConnection() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        Semaphore ends = new Semaphore(0);
        int port = start(settings -> settings.onConnect(connect -> heard.add("connect"))
                        .onJoin(join -> heard.add("join"))
                        .onMessage(message -> heard.add("message " + message.data()))
                        .onLeave(leave -> {
                            heard.add("leave " + leave.room() + " " + leave.reason());
                            ends.release();
                        })
                        .onDisconnect(disconnect -> {
                            heard.add("disconnect " + disconnect.code());
                            ends.release();
                        }))
                .port();
        try (RawClient ana = RawClient.open(port)) {
            join(ana, "a");
            for (int i = 0; i < 100; i++) {
                ana.text("{\"type\":\"publish\",\"room\":\"a\",\"data\":" + i + "}");
            }
            ana.text("{\"type\":\"leave\",\"room\":\"a\"}");
            ana.readUntil("\"type\":\"left\"");
            join(ana, "b");
            ana.send(RawClient.frame(RawClient.CLOSE, new byte[] {3, (byte) 0xE8}));
        }
        ends.acquireUninterruptibly(3); // two leaves and the disconnect
        List<String> expected = new java.util.ArrayList<>(List.of("connect", "join"));
        for (int i = 0; i < 100; i++) {
            expected.add("message " + i);
        }
        expected.addAll(List.of("leave a left", "join", "leave b disconnected", "disconnect 1000"));
        assertThat(heard).containsExactlyElementsOf(expected);
    }

    @Test
    void endlessListener_costsItsConnectionAnErrorAndTheOthersNothing() throws Exception {
        CountDownLatch forever = new CountDownLatch(1);
        int port = start(settings -> settings.listenerTimeout(Duration.ofMillis(200))
                        .listenerThreads(2)
                        .onMessage(message -> {
                            if (message.data().toString().equals("\"hang\"")) {
                                awaitDespiteInterrupts(forever);
                            }
                        }))
                .port();
        try (RawClient bad = RawClient.open(port);
                RawClient good = RawClient.open(port)) {
            join(bad, "lobby");
            join(good, "lobby");
            for (int i = 0; i < 5; i++) {
                publish(bad, "\"hang\"");
                assertThat(bad.readUntil("error")).contains("unavailable");
            }
            publish(good, "\"hello\"");
            assertThat(good.readText()).endsWith("\"data\":\"hello\"}");
            assertThat(bad.readText()).endsWith("\"data\":\"hello\"}");
        } finally {
            forever.countDown();
        }
    }

    @Test
    void messagesBehindASlowListener_areHeldBackInTheSocketNotInMemory() {
        CountDownLatch slow = new CountDownLatch(1);
        Semaphore asked = new Semaphore(0);
        int port = start(settings -> settings.onMessage(message -> {
                    asked.release();
                    awaitDespiteInterrupts(slow);
                }))
                .port();
        try (RawClient ana = RawClient.open(port)) {
            join(ana, "lobby");
            for (int i = 0; i < 200; i++) {
                publish(ana, "" + i);
            }
            asked.acquireUninterruptibly();
            slow.countDown();
            for (int i = 0; i < 200; i++) {
                assertThat(ana.readText()).endsWith("\"data\":" + i + "}");
            }
        }
    }

    @Test
    void close_saysClosingAndClosesWith1012() {
        int port = start(settings -> settings).port();
        try (RawClient ana = RawClient.open(port)) {
            join(ana, "lobby");
            Thread closing = new Thread(() -> server.close());
            closing.start();
            assertThat(ana.readText()).matches("\\{\"type\":\"closing\",\"retryAfterMs\":\\d+}");
            assertThat(ana.readFrame().closeCode()).isEqualTo(1012);
        }
    }

    @Test
    void everythingGone_leavesNothing() {
        int port = start(settings -> settings).port();
        for (int i = 0; i < 20; i++) {
            try (RawClient ana = RawClient.open(port)) {
                join(ana, "room" + i);
                join(ana, "lobby");
            }
        }
        awaitStatistics(now -> assertThat(List.of(now.connections(), now.rooms(), now.members()))
                .containsOnly(0L));
    }

    @Test
    void endings_tellOurCloseCodesFromThosePeersSend() {
        int port = start(settings -> settings).port();
        try (RawClient claims = RawClient.open(port);
                RawClient breaks = RawClient.open(port)) {
            claims.send(RawClient.frame(RawClient.CLOSE, new byte[] {0x03, (byte) 0xEA}));
            assertThat(claims.readClose()).isEqualTo(1002);
            breaks.send(new byte[] {(byte) 0x81, 0}); // not masked
            assertThat(breaks.readClose()).isEqualTo(1002);
        }
        awaitStatistics(now -> {
            assertThat(now.connections()).isZero();
            assertThat(now.endings()).containsEntry("malformed_frame", 1L).containsEntry("other", 1L);
        });
    }

    @Test
    void silentConnection_isPingedThenClosed() {
        int port = start(settings -> settings.heartbeat(Duration.ofMillis(400))).port();
        try (RawClient dead = RawClient.open(port);
                RawClient alive = RawClient.open(port)) {
            join(dead, "lobby");
            alive.text("{\"type\":\"join\",\"room\":\"lobby\",\"members\":true}");
            alive.readUntil("joined");
            // This one answers pings while it waits, the other reads and says nothing.
            assertThat(alive.readUntil("left")).contains("\"count\":1");
            assertThat(dead.readFrame().first()).isEqualTo(RawClient.PING);
            assertThat(dead.readClose()).isEqualTo(4410);
            assertThat(dead.isCut()).isTrue();
        }
    }

    @Test
    void slowConsumer_isCutAndOthersGoOn() {
        int port = start(settings -> settings.limits(Limits.defaults().with(Limit.OUTBOX_BYTES, 256 * 1024)))
                .port();
        try (RawClient stalled = RawClient.tcp(port, 4096).upgrade();
                RawClient reader = RawClient.open(port);
                RawClient writer = RawClient.open(port)) {
            stalled.text("{\"type\":\"join\",\"room\":\"loud\"}");
            stalled.readUntil("joined");
            join(reader, "loud");
            join(writer, "loud");
            String data = "\"" + "x".repeat(16_000) + "\"";
            long published = 0;
            while (server.statistics().connections() == 3) {
                publish(writer, data);
                published++;
                assertThat(reader.readText()).contains("\"offset\":" + published + ",");
                assertThat(writer.readText()).contains("\"offset\":" + published + ",");
            }
            assertThat(published).isLessThan(2_000);
            publish(writer, data);
            assertThat(reader.readText()).contains("\"offset\":" + (published + 1) + ",");
            assertThat(stalled.isCut()).isTrue();
        }
    }

    @Test
    void start_portTaken_saysWhich() {
        int port = start(settings -> settings).port();
        RoomServer second = RoomServer.builder().port(port).build();
        assertThatThrownBy(second::start)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("127.0.0.1:" + port);
    }

    private static void join(RawClient client, String room) {
        client.text("{\"type\":\"join\",\"room\":\"" + room + "\"}");
        assertThat(client.readText()).startsWith("{\"type\":\"joined\",\"room\":\"" + room + "\"");
    }

    private static void publish(RawClient client, String data) {
        client.text("{\"type\":\"publish\",\"room\":\"" + (data.length() > 10_000 ? "loud" : "lobby") + "\",\"data\":"
                + data + "}");
    }

    private static void awaitDespiteInterrupts(CountDownLatch latch) {
        while (true) {
            try {
                latch.await(1, TimeUnit.MINUTES);
                return;
            } catch (InterruptedException ignored) {
                // A listener that does not listen.
            }
        }
    }

    private void awaitStatistics(Consumer<Statistics> assertion) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try {
                assertion.accept(server.statistics());
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() - deadline > 0) {
                    throw notYet;
                }
                Thread.onSpinWait();
            }
        }
    }
}
