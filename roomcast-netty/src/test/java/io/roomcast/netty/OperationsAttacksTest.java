package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens around the server and must not bring it down, by the rows in the table of attacks. */
final class OperationsAttacksTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final byte[] UPGRADE = RawClient.UPGRADE.getBytes(StandardCharsets.US_ASCII);
    /** Of the process that is to have too few. */
    private static final int DESCRIPTORS = 150;

    private static final Duration LISTENER_TIMEOUT = Duration.ofMillis(300);

    // ---- Row 35; a thousand of them are in the load tests

    @Test
    void row35_whoeverDoesNotReadAndIsCut_isResetSoThatTheKernelKeepsNothing() {
        Limits limits = Scene.limits().with(Limit.OUTBOX_BYTES, 64 * 1024);
        Patience patience = Patience.defaults().withClose(Duration.ofMillis(200));
        try (Scene scene = Scene.with(settings -> settings.limits(limits).patience(patience));
                RawClient slow = RawClient.tcp(scene.port(), 4096).upgrade();
                RawClient writer = RawClient.open(scene.port())) {
            slow.join("loud");
            writer.join("loud");
            String publish = "{\"type\":\"publish\",\"room\":\"loud\",\"data\":\"" + "x".repeat(8_000) + "\"}";
            while (scene.server().statistics().endings().getOrDefault(CloseCode.SLOW_CONSUMER.wireName(), 0L) == 0) {
                writer.text(publish);
                assertThat(writer.readText()).contains("\"type\":\"message\"");
            }
            scene.awaitSockets(1); // the writer's
            assertThat(slow.isReset()).isTrue();
        }
    }

    // ---- Row 36

    @ParameterizedTest
    @ValueSource(ints = {1, 50})
    void row36_halfOpenConnections_areGoneFromEveryRoomWithinTwoHeartbeats(int count) {
        Duration heartbeat = Duration.ofMillis(1_600);
        try (Scene scene = Scene.with(settings -> settings.heartbeat(heartbeat));
                RawClient watcher = RawClient.open(scene.port())) {
            watcher.join("a");
            watcher.text("{\"type\":\"join\",\"room\":\"b\",\"members\":\"count\"}");
            watcher.readUntil("joined");
            List<RawClient> silent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                silent.add(scene.member().join("a").join("b")); // and from here on as good as unplugged
            }
            long start = System.nanoTime();
            // What is left: the bystanders in one room, the watcher in two.
            while (scene.server().statistics().connections() > 3
                    || scene.server().statistics().members() > 4) {
                assertThat(System.nanoTime() - start).isLessThan(2 * heartbeat.toNanos() + SECOND / 2);
                watcher.text("{\"type\":\"ping\"}");
                watcher.readUntil("pong");
                LockSupport.parkNanos(SECOND / 100);
            }
            assertThat(System.nanoTime() - start).isGreaterThan(heartbeat.toNanos() * 3 / 4);
            for (String room : List.of("a", "b")) {
                assertThat(scene.server().room(room).members().join()).hasSize(1);
            }
            silent.forEach(client -> {
                assertThat(client.readClose()).isEqualTo(4410);
                client.close();
            });
        }
    }

    // ---- Row 40

    @ParameterizedTest
    @CsvSource({
        "throw, failed to handle",
        "error, failed to handle",
        "overflow, failed to handle",
        "loop, took too long",
        "sleep, took too long",
        "deadlock, took too long"
    })
    void row40_listenerThatFails_isThatConnectionsErrorAndNobodyElses(String evil, String why) {
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch never = new CountDownLatch(1);
        ReentrantLock lock = heldForEver(never);
        try (Scene scene = Scene.with(settings -> settings.listenerThreads(3)
                        .listenerTimeout(LISTENER_TIMEOUT)
                        .onMessage(message -> misbehave(message.data().toString(), over, never, lock)));
                RawClient client = scene.member()) {
            for (int i = 1; i <= 6; i++) {
                long start = System.nanoTime();
                client.text("{\"type\":\"publish\",\"id\":" + i + ",\"room\":\"lobby\",\"data\":\"" + evil + "\"}");
                assertThat(client.readReply())
                        .contains("\"id\":" + i + ",", "\"code\":\"unavailable\"", why, "\"retryAfterMs\":1000");
                assertThat(System.nanoTime() - start).isLessThan(LISTENER_TIMEOUT.toNanos() + SECOND);
                scene.bystandersChatOn();
            }
            over.set(true);
            never.countDown();
        } finally {
            over.set(true);
            never.countDown();
        }
    }

    @Test
    void row40_joinAndConnectListenersThatFail_areThatConnectionsErrors() {
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch never = new CountDownLatch(1);
        try (Scene scene = Scene.with(settings -> settings.listenerTimeout(LISTENER_TIMEOUT)
                        .onConnect(connect -> misbehave(
                                "\"" + connect.query("do").orElse("") + "\"", over, never, new ReentrantLock()))
                        .onJoin(join -> misbehave("\"" + join.room() + "\"", over, never, new ReentrantLock())));
                RawClient client = scene.member()) {
            for (String evil : List.of("throw", "loop")) {
                client.text("{\"type\":\"join\",\"id\":1,\"room\":\"" + evil + "\"}");
                assertThat(client.readReply()).contains("\"id\":1", "\"code\":\"unavailable\"");
                try (RawClient refused = scene.tcp()) {
                    refused.send(RawClient.UPGRADE.replace("/ws", "/ws?do=" + evil));
                    refused.readHead();
                    assertThat(refused.readClose()).isEqualTo(1013);
                }
            }
            over.set(true);
        } finally {
            over.set(true);
        }
    }

    @Test
    void row40_floodBehindAListenerThatHangs_staysInTheSocket() {
        CountDownLatch never = new CountDownLatch(1);
        try (Scene scene = Scene.with(settings -> settings.listenerTimeout(Duration.ofSeconds(3))
                        .onMessage(message -> misbehave(
                                message.data().toString(), new AtomicBoolean(), never, new ReentrantLock())));
                RawClient client = RawClient.open(scene.port()).join("elsewhere")) {
            byte[] evil = RawClient.frame(
                    RawClient.TEXT,
                    "{\"type\":\"publish\",\"room\":\"elsewhere\",\"data\":\"sleep\"}"
                            .getBytes(StandardCharsets.UTF_8));
            byte[] twoEvil = Arrays.copyOf(evil, 2 * evil.length);
            System.arraycopy(evil, 0, twoEvil, evil.length, evil.length);
            byte[] filler = RawClient.frame(0x8A, new byte[125]);
            AtomicLong sent = new AtomicLong();
            Thread flood = new Thread(() -> {
                boolean open = client.sendRegardless(twoEvil);
                while (open && !Thread.currentThread().isInterrupted()) {
                    open = client.sendRegardless(filler);
                    sent.addAndGet(filler.length);
                }
            });
            flood.setDaemon(true);
            flood.start();
            for (long last = -1; last != sent.get(); ) {
                last = sent.get();
                assertThat(last).isLessThan(32L * 1024 * 1024);
                LockSupport.parkNanos(SECOND / 4);
            }
            scene.bystandersChatOn();
            flood.interrupt();
            never.countDown();
        } finally {
            never.countDown();
        }
    }

    private static void misbehave(String data, AtomicBoolean over, CountDownLatch never, ReentrantLock lock) {
        switch (data) {
            case "\"throw\"" -> throw new IllegalStateException("on purpose");
            case "\"error\"" -> throw new LinkageError("on purpose");
            case "\"overflow\"" -> overflow(0);
            case "\"loop\"" -> {
                while (!over.get()) {
                    Thread.onSpinWait();
                }
            }
            case "\"sleep\"" -> awaitDespiteInterrupts(never);
            case "\"deadlock\"" -> {
                lock.lock();
                try {
                    Thread.onSpinWait(); // nobody comes here before the test is over
                } finally {
                    lock.unlock();
                }
            }
            default -> {}
        }
    }

    private static int overflow(int depth) {
        return depth < 0 ? 0 : overflow(depth + 1) + 1;
    }

    private static void awaitDespiteInterrupts(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                // A listener that does not listen.
            }
        }
    }

    /** A lock that another thread holds until then, which a thread that wants it cannot be interrupted out of. */
    private static ReentrantLock heldForEver(CountDownLatch until) {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch held = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            lock.lock();
            try {
                held.countDown();
                awaitDespiteInterrupts(until);
            } finally {
                lock.unlock();
            }
        });
        holder.setDaemon(true);
        holder.start();
        awaitDespiteInterrupts(held);
        return lock;
    }

    // ---- Row 41

    @ParameterizedTest
    @ValueSource(longs = {-3_600_000, 3_600_000})
    void row41_wallClockThatJumpsAnHour_changesNothingButTheTimesPeopleRead(long jump) {
        AtomicLong wall = new AtomicLong();
        Clock jumping = new Clock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public long wallMillis() {
                return System.currentTimeMillis() + wall.get();
            }
        };
        Duration heartbeat = Duration.ofMillis(1_600);
        Duration message = Duration.ofMillis(800);
        try (Scene scene = Scene.with(settings -> settings.clock(jumping)
                        .heartbeat(heartbeat)
                        .patience(Patience.defaults().withMessage(message)));
                RawClient silent = scene.member();
                RawClient unfinished = scene.member();
                RawClient lively = scene.member()) {
            long start = System.nanoTime();
            unfinished.send(new byte[] {(byte) 0x81});
            long before = at(lively);
            wall.set(jump);
            long after = at(lively);
            assertThat(after - before).isBetween(jump - 100, jump + 5_000);
            assertThat(unfinished.readClose()).isEqualTo(1008);
            assertThat(System.nanoTime() - start).isBetween(message.toNanos(), message.toNanos() + SECOND);
            lively.text("{\"type\":\"ping\",\"id\":1}");
            assertThat(lively.readReply()).isEqualTo("{\"type\":\"pong\",\"id\":1}");
            assertThat(silent.readClose()).isEqualTo(4410);
            assertThat(System.nanoTime() - start).isBetween(heartbeat.toNanos(), 2 * heartbeat.toNanos() + SECOND / 2);
        }
    }

    /** The time written on a message. */
    private static long at(RawClient client) {
        client.text("{\"type\":\"ping\"}");
        client.readReply(); // what comes now is new
        String message = client.readUntil("\"type\":\"message\"");
        return Long.parseLong(message.replaceFirst(".*\"at\":(\\d+).*", "$1"));
    }

    // ---- Row 42

    @ParameterizedTest
    @EnumSource
    void row42_moreClientsThanDescriptors_areToldToTryAgain(Transport transport, @TempDir Path folder)
            throws Exception {
        Path log = folder.resolve("log");
        Process server = smallServer(transport, log);
        try (Bystanders bystanders = new Bystanders(portOf(log))) {
            List<RawClient> welcome = new ArrayList<>();
            int port = portOf(log);
            String head = "HTTP/1.1 101 ";
            while (head.startsWith("HTTP/1.1 101 ")) {
                RawClient client = RawClient.tcp(port);
                client.sendRegardless(UPGRADE);
                head = client.readHead();
                welcome.add(client);
            }
            assertThat(welcome).hasSizeBetween(10, DESCRIPTORS);
            assertThat(head).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 1\r\n");
            // Far more at once than it has descriptors for: an answer or an end for each.
            List<RawClient> crowd = new ArrayList<>();
            for (int i = 0; i < 2 * DESCRIPTORS; i++) {
                crowd.add(RawClient.tcp(port));
            }
            for (RawClient client : crowd) {
                client.sendRegardless(UPGRADE);
                assertThat(client.readToEnd()).matches("(?s)(HTTP/1.1 503 .*)?");
                client.close();
            }
            bystanders.chatOn();
            welcome.forEach(RawClient::close);
            awaitUpgrade(port);
            bystanders.chatOn();
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource
    void row42_descriptorsTakenBySomethingElse_theConnectedGoOnAndTheOthersComeLater(
            Transport transport, @TempDir Path folder) throws Exception {
        Path log = folder.resolve("log");
        Process server = smallServer(transport, log);
        try (Bystanders bystanders = new Bystanders(portOf(log))) {
            processorTime(server, bystanders); // warms it up
            Duration before = processorTime(server, bystanders);
            server.outputWriter().append(SmallServer.TAKE).flush();
            awaitLine(log, "taken");
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                clients.add(RawClient.tcp(portOf(log)));
            }
            awaitLine(log, "Cannot accept connections");
            Duration without = processorTime(server, bystanders);
            assertThat(without)
                    .as("processor time of so many rounds, without descriptors and clients waiting")
                    .isLessThan(before.multipliedBy(3));
            server.outputWriter().append(SmallServer.GIVE).flush();
            for (RawClient client : clients) {
                client.upgrade().join(Bystanders.ROOM).close();
            }
            bystanders.chatOn();
            assertThat(lines(log, "Cannot accept connections")).isEqualTo(1);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static Process smallServer(Transport transport, Path log) throws IOException {
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + " && exec \"$0\" -cp \"$1\" -Xmx64m " + SmallServer.class.getName()
                                + " " + transport,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static int portOf(Path log) throws IOException {
        awaitLine(log, "port ");
        // Newer JDKs may have a warning or two to say first.
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("port "))
                .mapToInt(line -> Integer.parseInt(line.substring("port ".length())))
                .findFirst()
                .orElseThrow();
    }

    /** What the server needs for so many rounds of the bystanders. */
    private static Duration processorTime(Process server, Bystanders bystanders) {
        Duration before = server.info().totalCpuDuration().orElseThrow();
        for (int i = 0; i < 60; i++) {
            bystanders.chatOn();
        }
        return server.info().totalCpuDuration().orElseThrow().minus(before);
    }

    /** There is room again for one more. */
    private static void awaitUpgrade(int port) {
        long deadline = System.nanoTime() + 10 * SECOND;
        String answer = "";
        while (!answer.startsWith("HTTP/1.1 101 ")) {
            assertThat(System.nanoTime() - deadline).as("still: %s", answer).isNegative();
            try (RawClient client = RawClient.tcp(port)) {
                client.sendRegardless(UPGRADE);
                answer = client.readHead();
            } catch (UncheckedIOException cut) {
                answer = "cut";
            }
        }
    }

    private static long lines(Path log, String part) throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(part)).count();
        }
    }

    private static void awaitLine(Path log, String part) throws IOException {
        long deadline = System.nanoTime() + 10 * SECOND;
        while (lines(log, part) == 0) {
            assertThat(System.nanoTime() - deadline).as(Files.readString(log)).isNegative();
            LockSupport.parkNanos(SECOND / 100);
        }
    }
}
