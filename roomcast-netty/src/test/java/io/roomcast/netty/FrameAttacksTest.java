package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks with frames, by their rows in the table of attacks. The attacker is in the bystanders' room. A broken frame is
 * answered within a second with one close frame, and nothing follows it.
 */
final class FrameAttacksTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final HexFormat HEX = HexFormat.of();
    private static final int FRAME_BYTES = 65_536;

    @RegisterExtension
    static final Scene SCENE = Scene.shared();

    @ParameterizedTest
    @CsvSource({
        "unmasked text, 8101 61",
        "unmasked empty, 8100",
        "unmasked ping, 8900",
        "opcode 3, 8380",
        "opcode 4, 8480",
        "opcode 5, 8580",
        "opcode 6, 8680",
        "opcode 7, 8780",
        "opcode 11, 8B80",
        "opcode 12, 8C80",
        "opcode 13, 8D80",
        "opcode 14, 8E80",
        "opcode 15, 8F80",
        "rsv1, C181",
        "rsv1 on ping, C980",
        "rsv1 on close, C880",
        "rsv1 on continuation, 0180 00000000 C080",
        "rsv2, A181",
        "rsv3, 9181",
        "all rsv, F181",
        "first byte alone, 83"
    })
    void row15_reservedBitsOpcodesAndNoMask_1002(String what, String hex) {
        broken(hex, 1002);
    }

    @ParameterizedTest
    @CsvSource({
        "reserved opcode with 2^62, 83FF 4000000000000000, 1002",
        "length with the top bit, 81FF 8000000000000000, 1002",
        "all ones, 81FF FFFFFFFFFFFFFFFF, 1002",
        "5 in two bytes, 81FE 0005, 1002",
        "125 in two bytes, 81FE 007D, 1002",
        "5 in eight bytes, 81FF 0000000000000005, 1002",
        "65535 in eight bytes, 81FF 000000000000FFFF, 1002"
    })
    void row16_length_1002(String what, String hex, int code) {
        broken(hex, code);
    }

    @ParameterizedTest
    @CsvSource({
        "one over the limit, 81FF 0000000000010001",
        "a hundred times the limit, 81FF 0000000000640000",
        "2^31, 81FF 0000000080000000",
        "2^62, 81FF 4000000000000000",
        "2^63-1, 81FF 7FFFFFFFFFFFFFFF"
    })
    void row17_claimedLength_1009BeforeThePayload(String what, String hex) {
        broken(hex, 1009);
    }

    @Test
    void row17_messageOfExactlyTheLimit_isTaken() {
        try (RawClient client = SCENE.member()) {
            byte[] ping = Arrays.copyOf("{\"type\":\"ping\",\"id\":1}".getBytes(UTF_8), FRAME_BYTES);
            Arrays.fill(ping, 22, FRAME_BYTES, (byte) ' ');
            client.send(RawClient.frame(RawClient.TEXT, ping));
            assertThat(client.readReply()).isEqualTo("{\"type\":\"pong\",\"id\":1}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000, 65_535})
    void row17_sumOfFragmentsOneOver_1009BeforeItsPayload(int firstFragment) {
        byte[] first = RawClient.frame(0x01, filled(firstFragment));
        byte[] second = RawClient.frame(0x80, filled(FRAME_BYTES + 1 - firstFragment));
        int header = second.length - (FRAME_BYTES + 1 - firstFragment) - 4;
        broken(concat(first, Arrays.copyOf(second, header)), 1009);
    }

    @ParameterizedTest
    @CsvSource({
        "ping of 126, 89FE",
        "ping of 64 bits, 89FF",
        "close of 126, 88FE",
        "pong of 126, 8AFE",
        "ping in fragments, 0980",
        "close in fragments, 0880",
        "continuation of nothing, 8080",
        "unfinished continuation of nothing, 0080",
        "continuation after the end, 0180 00000000 8080 00000000 8080",
        "text inside a text, 0180 00000000 8180",
        "binary inside a text, 0180 00000000 8280"
    })
    void row18_controlFramesAndContinuations_1002(String what, String hex) {
        // Text of no bytes is no JSON and is answered; what closes is what follows it.
        broken(hex, 1002);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FF",
                "80",
                "C080",
                "C1BF",
                "E08080",
                "E09FBF",
                "EDA080",
                "EDBFBF",
                "F0808080",
                "F08FBFBF",
                "F4908080",
                "F8888080",
                "C3",
                "E282",
                "F09F98",
                "C328",
                "E2283A",
                "F09F9828",
                "61FF61"
            })
    void row19_notUtf8CutAtEveryByte_1007(String hex) {
        byte[] bad = HEX.parseHex(hex);
        broken(RawClient.frame(RawClient.TEXT, bad), 1007);
        for (int cut = 0; cut <= bad.length; cut++) {
            byte[] first = RawClient.frame(0x01, Arrays.copyOf(bad, cut));
            byte[] rest = RawClient.frame(0x80, Arrays.copyOfRange(bad, cut, bad.length));
            broken(concat(first, rest), 1007);
        }
    }

    @Test
    void row19_rightUtf8CutAtEveryByte_isTaken() {
        byte[] ping = "{\"type\":\"ping\",\"id\":\"é€😀\"}".getBytes(UTF_8);
        try (RawClient client = SCENE.member()) {
            for (int cut = 0; cut <= ping.length; cut++) {
                client.send(RawClient.frame(0x01, Arrays.copyOf(ping, cut)));
                client.send(RawClient.frame(0x80, Arrays.copyOfRange(ping, cut, ping.length)));
                assertThat(client.readReply()).isEqualTo("{\"type\":\"pong\",\"id\":\"é€😀\"}");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1024, true", "1025, false", "102400, false"})
    void row20_fragments(int count, boolean taken) {
        byte[] ping = "{\"type\":\"ping\",\"id\":1}".getBytes(UTF_8);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(RawClient.frame(0x01, ping));
        for (int i = 2; i < count; i++) {
            wire.writeBytes(RawClient.frame(0x00, new byte[0]));
        }
        wire.writeBytes(RawClient.frame(0x80, new byte[0]));
        if (taken) {
            try (RawClient client = SCENE.member()) {
                client.send(wire.toByteArray());
                assertThat(client.readReply()).isEqualTo("{\"type\":\"pong\",\"id\":1}");
            }
        } else {
            broken(wire.toByteArray(), 1008);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "one byte of a frame, 81,",
        "a header, 8185,",
        "a key, 8185 00000000,",
        "a part of the payload, 8185 00000000 61,",
        "a first fragment, 0181 00000000 61,",
        "dripping payload, 81FE 1000 00000000, 61",
        "dripping empty fragments, 0180 00000000, 0080 00000000",
        "pings in between, 0180 00000000, 8980 00000000",
        "a ping that never ends, 89FD 00000000,"
    })
    void row20_messageOpenForTooLong_1008(String what, String hex, String again) {
        Duration most = Duration.ofMillis(400);
        try (Scene scene = Scene.with(
                        settings -> settings.patience(Patience.defaults().withMessage(most)));
                RawClient client = scene.member()) {
            long start = System.nanoTime();
            client.send(bytes(hex));
            Thread drip = drip(client, again == null ? new byte[0] : bytes(again), 20);
            assertThat(client.readClose()).isEqualTo(1008);
            assertThat((System.nanoTime() - start) / (double) SECOND).isBetween(0.39, 1.4);
            drip.interrupt();
        }
    }

    @Test
    void row20_manyMessagesEachShorterThanTheTime_areTaken() {
        Duration most = Duration.ofMillis(400);
        byte[] ping = "{\"type\":\"ping\",\"id\":1}".getBytes(UTF_8);
        try (Scene scene = Scene.with(
                        settings -> settings.patience(Patience.defaults().withMessage(most)));
                RawClient client = scene.member()) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < 2 * most.toNanos()) {
                client.send(RawClient.frame(0x01, ping));
                scene.bystandersChatOn();
                client.send(RawClient.frame(0x80, new byte[0]));
                assertThat(client.readReply()).isEqualTo("{\"type\":\"pong\",\"id\":1}");
            }
        }
    }

    @Test
    void patience_isWhatTheTableOfAttacksSays() {
        assertThat(Patience.defaults())
                .isEqualTo(new Patience(
                        Duration.ofSeconds(10), Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @CsvSource({
        "half a code, 8881 00000000 03, 1002",
        "0, 8882 00000000 0000, 1002",
        "999, 8882 00000000 03E7, 1002",
        "1004, 8882 00000000 03EC, 1002",
        "1005, 8882 00000000 03ED, 1002",
        "1006, 8882 00000000 03EE, 1002",
        "1015, 8882 00000000 03F7, 1002",
        "1016, 8882 00000000 03F8, 1002",
        "2999, 8882 00000000 0BB7, 1002",
        "5000, 8882 00000000 1388, 1002",
        "65535, 8882 00000000 FFFF, 1002",
        "reason not UTF-8, 8883 00000000 03E8 FF, 1007",
        "reason cut, 8884 00000000 03E8 E282, 1007"
    })
    void row22_brokenCloseFrame(String what, String hex, int code) {
        broken(hex, code);
    }

    @ParameterizedTest
    @CsvSource({"8880 00000000, 1005", "8882 00000000 03E8, 1000", "8882 00000000 1387, 4999"})
    void row22_dataAfterClose_isIgnoredAndOneCloseFrameComesBack(String hex, int code) {
        byte[] publish =
                RawClient.frame(RawClient.TEXT, "{\"type\":\"publish\",\"room\":\"lobby\",\"data\":0}".getBytes(UTF_8));
        broken(concat(bytes(hex), publish, bytes(hex)), code); // a publish would put the bystanders out
    }

    @Test
    void row22_peerThatNeverCloses_isCutAfter5Seconds() {
        try (RawClient silent = SCENE.member();
                RawClient flooding = SCENE.member()) {
            long start = System.nanoTime();
            silent.send(bytes("8101"));
            flooding.send(bytes("8101"));
            Thread flood = drip(flooding, new byte[64 * 1024], 1);
            SCENE.awaitSockets(0);
            assertThat((System.nanoTime() - start) / (double) SECOND).isBetween(4.9, 6.5);
            flood.interrupt();
            assertThat(silent.readClose()).isEqualTo(1002);
            assertThat(silent.readToEnd()).isEmpty();
        }
    }

    @Test
    void row23_pingFlood_pongsAreMerged() {
        int pings = 100_000;
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 1; i <= pings; i++) {
            wire.writeBytes(RawClient.frame(RawClient.PING, ("ping " + i).getBytes(UTF_8)));
        }
        try (RawClient client = RawClient.open(SCENE.port())) {
            client.send(wire.toByteArray());
            int pongs = 1;
            RawClient.Frame pong = client.readFrame();
            for (; !pong.payload().equals("ping " + pings); pong = client.readFrame()) {
                assertThat(pong.first()).isEqualTo(RawClient.PONG);
                pongs++;
            }
            assertThat(pongs).isLessThan(pings / 10);
            client.text("{\"type\":\"ping\",\"id\":1}");
            assertThat(client.readText()).isEqualTo("{\"type\":\"pong\",\"id\":1}");
        }
    }

    @Test
    void row23_peerThatDoesNotReadItsPongs_isNotRead() {
        try (RawClient client = RawClient.tcp(SCENE.port(), 4096).upgrade().join("loud")) {
            fillTheSocket();
            byte[] pings = new byte[0];
            for (int i = 0; i < 500; i++) {
                pings = concat(pings, RawClient.frame(RawClient.PING, new byte[125]));
            }
            AtomicLong sent = new AtomicLong();
            Thread flood = flood(client, pings, sent);
            awaitStuck(sent);
            SCENE.bystandersChatOn();
            assertThat(SCENE.server().statistics().connections()).isEqualTo(3);
            RawClient.Frame frame = client.readFrame();
            while (frame.first() != RawClient.PONG) {
                frame = client.readFrame();
            }
            flood.interrupt();
        }
    }

    /** Publishes what the peer does not read: more than the kernel takes, less than would end the connection. */
    private static void fillTheSocket() {
        Json data = Json.of("\"" + "x".repeat(30_000) + "\"");
        for (int i = 0; i < 30; i++) {
            SCENE.server().room("loud").publish(data).join();
        }
    }

    private static Thread flood(RawClient client, byte[] bytes, AtomicLong sent) {
        Thread thread = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted() && client.sendRegardless(bytes)) {
                sent.addAndGet(bytes.length);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Until nothing was taken for a while; what the kernel takes is a few megabytes. */
    private static void awaitStuck(AtomicLong sent) {
        long last = -1;
        while (last != sent.get()) {
            last = sent.get();
            assertThat(last).isLessThan(64L * 1024 * 1024);
            LockSupport.parkNanos(SECOND / 2);
        }
    }

    @Test
    void row23_binaryFrame_1003() {
        broken("8280", 1003);
        broken("82FF 7FFFFFFFFFFFFFFF", 1003);
        broken("0280", 1003);
    }

    // ---- How an attack is made

    private static void broken(String hex, int code) {
        broken(bytes(hex), code);
    }

    private static void broken(byte[] wire, int code) {
        try (RawClient client = SCENE.member()) {
            client.sendRegardless(wire);
            long sent = System.nanoTime();
            assertThat(client.readClose()).isEqualTo(code);
            assertThat(client.readToEnd()).as("what follows the close frame").isEmpty();
            assertThat(System.nanoTime() - sent).as("nanoseconds to the end").isLessThan(SECOND);
        }
    }

    /** Again and again, until the thread is interrupted. */
    private static Thread drip(RawClient client, byte[] bytes, int millisBetween) {
        Thread thread = new Thread(() -> {
            while (bytes.length > 0 && !Thread.currentThread().isInterrupted()) {
                client.sendRegardless(bytes);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millisBetween));
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static byte[] filled(int count) {
        byte[] filled = new byte[count];
        Arrays.fill(filled, (byte) ' ');
        return filled;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(String hex) {
        return HEX.parseHex(hex.replace(" ", ""));
    }
}
