package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that speaks TLS: what holds over plain sockets holds in it, and what is about TLS itself. */
@Timeout(60)
@SuppressWarnings("try") // What is held open counts, and closing it before its end is what some test.
final class TlsServerTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Offers what nobody should speak any more: TLS 1.1 at most, and two suites of it. */
    private static final byte[] HELLO_OF_1_1 = HexFormat.of()
            .parseHex("160301002f" + "0100002b" + "0302" + "00".repeat(32) + "00" + "0004c013002f" + "0100");

    private static final byte[] HELLO_BEGUN = HexFormat.of().parseHex("1603010200" + "010001fc" + "0303");

    @TempDir
    private Path folder;

    private static Scene scene(Transport transport) {
        return Scene.withTls(settings -> settings.transport(transport));
    }

    private static Transport any() {
        return Transport.EPOLL.unavailability().isEmpty() ? Transport.EPOLL : Transport.NIO;
    }

    private static Scene quickScene(Duration head) {
        return Scene.withTls(settings ->
                settings.transport(any()).patience(Patience.defaults().withHead(head)));
    }

    private RoomServer server(TlsIdentity identity, Duration interval) {
        TlsFiles files = identity.writeTo(folder);
        return RoomServer.builder()
                .port(0)
                .lanes(1)
                .transport(any())
                .tls(files.certificate(), files.key())
                .tlsInterval(interval)
                .build()
                .start();
    }

    // ---- Rooms

    @ParameterizedTest
    @CsvSource({"EPOLL, EC, TLSv1.3", "EPOLL, RSA, TLSv1.2", "NIO, RSA, TLSv1.3", "NIO, EC, TLSv1.2"})
    void room_isTheSameForAllItsMembers(Transport transport, String kind, String protocol) {
        TlsIdentity identity = kind.equals("EC") ? TlsIdentity.ec() : TlsIdentity.rsa();
        TlsFiles files = identity.writeTo(folder);
        try (Scene scene = Scene.with(settings -> settings.transport(transport)); // buffers are looked at in a scene
                RoomServer server = RoomServer.builder()
                        .port(0)
                        .lanes(2)
                        .limits(Scene.limits().with(Limit.FRAME_BYTES, 100_000).with(Limit.DATA_BYTES, 70_000))
                        .transport(transport)
                        .tls(files.certificate(), files.key())
                        .build()
                        .start()) {
            assertThat(server.transport()).isEqualTo(transport);
            List<RawClient> members = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                RawClient member = RawClient.plain(server.port())
                        .inTls(identity.trusting(), protocol)
                        .upgrade()
                        .join("lobby");
                assertThat(member.tls().getSession().getProtocol()).isEqualTo(protocol);
                members.add(member);
            }
            // Around what a record of TLS holds at most, and a frame's lengths.
            for (int length : List.of(1, 100, 130, 16_000, 16_384, 16_400, 33_000, 60_000, 1)) {
                members.get(length % 6)
                        .text("{\"type\":\"publish\",\"room\":\"lobby\",\"data\":\"" + "x".repeat(length) + "\"}");
                for (RawClient member : members) {
                    assertThat(member.readUntil("\"type\":\"message\"")).endsWith("\"" + "x".repeat(length) + "\"}");
                }
            }
            members.forEach(RawClient::close);
            scene.bystandersChatOn();
        }
    }

    @Test
    void members_ofTwoLanes_eachGetTheirOwnAndWhatIsForAll() {
        try (Scene scene = scene(any())) {
            List<RawClient> members = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                members.add(RawClient.open(scene.port()).join("crowd"));
            }
            for (int round = 0; round < 50; round++) {
                for (int i = 0; i < members.size(); i++) {
                    // A reply of its own goes between what all get.
                    members.get(i).text("{\"type\":\"ping\",\"id\":" + (1000 * round + i + 1) + "}");
                }
                members.get(round % members.size())
                        .text("{\"type\":\"publish\",\"room\":\"crowd\",\"data\":\"" + "y".repeat(round * 40) + "\"}");
                for (int i = 0; i < members.size(); i++) {
                    String both = members.get(i).readText() + members.get(i).readText();
                    assertThat(both)
                            .contains("\"id\":" + (1000 * round + i + 1))
                            .contains("\"" + "y".repeat(round * 40) + "\"");
                }
            }
            members.forEach(RawClient::close);
        }
    }

    @Test
    void page_isServed() {
        try (Scene scene = scene(any());
                RawClient client = scene.tcp()) {
            client.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"up\"}");
        }
    }

    @Test
    void frameRightBehindTheRequest_isRead() {
        try (Scene scene = scene(any());
                RawClient client = scene.tcp()) {
            byte[] upgrade = RawClient.UPGRADE.getBytes(US_ASCII);
            byte[] ping = RawClient.frame(RawClient.TEXT, "{\"type\":\"ping\",\"id\":7}".getBytes(US_ASCII));
            byte[] both = java.util.Arrays.copyOf(upgrade, upgrade.length + ping.length);
            System.arraycopy(ping, 0, both, upgrade.length, ping.length);
            client.send(both);
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.readUntil("pong")).contains("\"id\":7");
        }
    }

    @Test
    void pageOfThisHostWithoutTls_mayNotConnect() {
        try (Scene scene = scene(any())) {
            for (String origin : List.of("https://example.org", "http://example.org")) {
                try (RawClient client = scene.tcp()) {
                    client.send(RawClient.UPGRADE.replace("localhost", "example.org\r\nOrigin: " + origin));
                    assertThat(client.readHead())
                            .startsWith(origin.startsWith("https") ? "HTTP/1.1 101 " : "HTTP/1.1 403 ");
                }
            }
        }
    }

    // ---- Transports

    @Test
    void ringsAreNotTaken_andItIsSaidWhy() {
        TlsFiles files = TlsIdentity.shared().files();
        RoomServerBuilder builder = RoomServer.builder().port(0).lanes(1).tls(files.certificate(), files.key());
        if (System.getProperty(Transport.OF_TESTS) == null) {
            try (RoomServer server = builder.build().start()) {
                assertThat(server.transport()).isEqualTo(any());
                assertThat(server.whyNot(Transport.IO_URING)).get().asString().startsWith("with TLS ");
            }
        }
        if (Transport.IO_URING.unavailability().isEmpty()) {
            builder.transport(Transport.IO_URING);
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("transport is io_uring, but that does not work here: with TLS ")
                    .hasMessageEndingWith("Choose auto, which takes the fastest that works.");
        }
    }

    // ---- Renewal

    private static Certificate served(RoomServer server, TlsIdentity... trusted) {
        try (RawClient client = RawClient.plain(server.port()).inTls(TlsIdentity.trusting(trusted))) {
            client.tls().startHandshake();
            return client.tls().getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitServed(RoomServer server, TlsIdentity expected, TlsIdentity... trusted) {
        long deadline = System.nanoTime() + 10 * SECOND;
        while (!served(server, trusted).equals(expected.certificate())) {
            assertThat(System.nanoTime() - deadline).as("time over").isNegative();
            LockSupport.parkNanos(SECOND / 100);
        }
    }

    @Test
    void renewedFiles_areForWhoConnectsThen_andBrokenOnesForNobody() {
        TlsIdentity first = TlsIdentity.ec();
        TlsIdentity second = TlsIdentity.rsa();
        try (LogLines log = LogLines.of(Tls.class);
                RoomServer server = server(first, Duration.ofMillis(20));
                RawClient stays = RawClient.plain(server.port())
                        .inTls(first.trusting())
                        .upgrade()
                        .join("lobby")) {
            assertThat(served(server, first, second)).isEqualTo(first.certificate());

            TlsFiles files = second.writeTo(folder);
            awaitServed(server, second, first, second);
            log.awaitLast("Took a new certificate for TLS, valid to "); // it is said when it is served already

            int before = log.lines().size();
            TlsIdentity.replace(files.key(), first.keyPem());
            log.await(before + 1);
            assertThat(log.lines().get(before))
                    .startsWith("The files for TLS have changed, but the certificate stays: tlsKey is ")
                    .contains("not the key of the first certificate");
            assertThat(served(server, first, second)).isEqualTo(second.certificate());

            // With this one file they belong together again.
            TlsIdentity.replace(files.certificate(), first.certificatePem());
            awaitServed(server, first, first, second);
            log.awaitLast("Took a new certificate for TLS, valid to ");
            // Many looks later the broken pair has been told of once, and nothing else has been said.
            assertThat(log.lines()).hasSize(before + 2);

            stays.text("{\"type\":\"ping\",\"id\":1}");
            assertThat(stays.readReply()).contains("pong");
        }
    }

    @Test
    void filesThatAreWrittenOneAfterTheOther_areTakenTogether() {
        TlsFiles files = TlsIdentity.ec().writeTo(folder);
        TlsIdentity next = TlsIdentity.ec();
        try (LogLines log = LogLines.of(Tls.class);
                Tls tls = new Tls(files, Duration.ofDays(1), 1)) {
            TlsIdentity.replace(files.certificate(), next.certificatePem());
            tls.look();
            TlsIdentity.replace(files.key(), next.keyPem());
            tls.look();
            assertThat(log.lines()).isEmpty();
            tls.look();
            assertThat(log.lines()).singleElement().asString().startsWith("Took a new certificate for TLS");
        }
    }

    @Test
    void certificateThatHasExpired_isServed_andLogged() {
        TlsIdentity old = TlsIdentity.of("EC", "256", "-startdate", "2020/01/01 00:00:00", "-validity", "10");
        try (LogLines log = LogLines.of(Tls.class);
                RoomServer server = server(old, Duration.ofSeconds(30))) {
            assertThat(log.lines())
                    .containsExactly(
                            "The certificate for TLS has expired at 2020-01-11T00:00:00Z: clients will refuse it.");
            assertThat(server.port()).isPositive();
        }
    }

    // ---- Peers that do it wrong

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "G", "SSH-2.0-x\r\n", "\u0000\u0000"})
    void whoSpeaksNoTls_isToldSoAndClosed(String said) {
        try (Scene scene = scene(any());
                RawClient client = RawClient.plain(scene.port())) {
            client.send(said);
            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 400 ")
                    .endsWith("This port speaks TLS: the address begins with https:// or wss://.\n");
            assertThat(scene.server().httpAnswers()).containsEntry(400, 1L);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void handshakeThatNeverEnds_isClosedWhenTheTimeForARequestIsUp(Transport transport) {
        Duration head = Duration.ofMillis(400);
        try (Scene scene = Scene.withTls(settings -> settings.transport(transport)
                        .patience(Patience.defaults().withHead(head)));
                RawClient silent = RawClient.plain(scene.port());
                RawClient begun = RawClient.plain(scene.port());
                RawClient hugeRecord = RawClient.plain(scene.port());
                RawClient dripping = RawClient.plain(scene.port());
                RawClient handshakeOnly = RawClient.tcp(scene.port())) {
            long start = System.nanoTime();
            begun.send(HELLO_BEGUN);
            hugeRecord.send(HexFormat.of().parseHex("160301ffff"));
            Thread drip = drip(dripping);
            assertThat(handshakeOnly.tls().getSession().isValid()).isTrue();
            for (RawClient client : List.of(silent, begun, hugeRecord, dripping, handshakeOnly)) {
                client.isCut();
                assertThat((double) (System.nanoTime() - start) / SECOND).isBetween(0.35, 1.4);
            }
            drip.interrupt();
        }
    }

    private static Thread drip(RawClient client) {
        Thread thread = new Thread(() -> {
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                client.sendRegardless(new byte[] {i < HELLO_BEGUN.length ? HELLO_BEGUN[i] : 0});
                LockSupport.parkNanos(SECOND / 200);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "16030100050102030405", // a handshake of nothing known
                "160301000401000000", // a hello without anything in it
                "1603010000", // an empty record
                "16ffff0005ffffffffff",
                "1503010002022800", // nothing but an alert: refused before, as no handshake
                "1603030005" + "1400000000",
            })
    void garbage_endsTheConnectionAtOnce_orWhenTheTimeIsUp(String hex) {
        try (Scene scene = quickScene(Duration.ofMillis(500))) {
            for (int i = 0; i < 20; i++) {
                try (RawClient client = RawClient.plain(scene.port())) {
                    client.send(HexFormat.of().parseHex(hex));
                    client.sendRegardless(new byte[20_000]);
                    assertThat(client.isCut()).isTrue();
                }
            }
        }
    }

    @Test
    void garbageAfterTheUpgrade_endsThatConnection() {
        try (LogLines log = LogLines.of(WebSocketConnection.class);
                Scene scene = scene(any())) {
            RawClient plain = RawClient.plain(scene.port());
            RawClient member =
                    plain.inTls(TlsIdentity.shared().trusting()).upgrade().join("lobby");
            plain.send(HexFormat.of().parseHex("1703030020" + "ab".repeat(32)));
            assertThat(member.isCut()).isTrue();
            scene.awaitSockets(0);
            assertThat(log.lines()).as("what any peer could fill the log with").isEmpty();
        }
    }

    @Test
    void versionsBefore1_2_areRefused() {
        try (Scene scene = scene(any());
                RawClient client = RawClient.plain(scene.port())) {
            client.send(HELLO_OF_1_1);
            // A fatal alert: protocol_version.
            assertThat(HexFormat.of()
                            .formatHex(client.readToEnd().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                    .matches("1503..0002" + "0246");
        }
    }

    @Test
    void secondHandshakeOfAConnection_isRefused() throws IOException {
        try (Scene scene = scene(any());
                RawClient member = RawClient.plain(scene.port())
                        .inTls(TlsIdentity.shared().trusting(), "TLSv1.2")
                        .upgrade()
                        .join("lobby")) {
            member.tls().startHandshake(); // which only asks for it
            member.sendRegardless(RawClient.frame(RawClient.TEXT, "{\"type\":\"ping\"}".getBytes(US_ASCII)));
            assertThat(member.readToEnd()).doesNotContain("pong");
        }
    }

    @Test
    void newKeysWithinAConnection_areTaken() throws IOException {
        try (Scene scene = scene(any());
                RawClient member = RawClient.plain(scene.port())
                        .inTls(TlsIdentity.shared().trusting(), "TLSv1.3")
                        .upgrade()
                        .join("mine")) {
            for (int i = 1; i <= 10; i++) {
                member.tls().startHandshake(); // with 1.3 these are new keys and nothing else
                member.text("{\"type\":\"ping\",\"id\":" + i + "}");
                assertThat(member.readReply()).contains("\"id\":" + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void connectionsBeyondTheirLimit_areCutWithoutAHandshake(Transport transport) {
        int most = 5;
        try (Scene scene =
                Scene.withTls(settings -> settings.transport(transport).pendingHandshakesPerAddress(most))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                clients.add(RawClient.plain(scene.port()));
            }
            scene.awaitSockets(most);
            long start = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                try (RawClient more = RawClient.plain(scene.port())) {
                    more.sendRegardless(HELLO_OF_1_1); // would be answered with an alert
                    assertThat(more.readToEnd()).isEmpty();
                }
            }
            assertThat(System.nanoTime() - start).isLessThan(5 * SECOND);
            clients.forEach(RawClient::close);
        }
    }

    // ---- Back-pressure and the end

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void memberThatDoesNotRead_isCutByAReset_andTheRoomGoesOn(Transport transport) {
        Limits limits = Scene.limits().with(Limit.OUTBOX_BYTES, 64 * 1024);
        Patience patience = Patience.defaults().withClose(Duration.ofMillis(200));
        try (Scene scene = Scene.withTls(
                        settings -> settings.transport(transport).limits(limits).patience(patience));
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

    @Test
    void senderOfWhatCannotBeTaken_isReadNoFurther() {
        try (Scene scene = scene(any());
                RawClient flood = scene.member()) {
            // Its pongs are not read: at some time it is not read either, and its own sending stands still.
            Thread sending = new Thread(() -> {
                byte[] ping = RawClient.frame(RawClient.PING, new byte[125]);
                boolean there = true;
                while (there) {
                    there = flood.sendRegardless(ping);
                }
            });
            sending.start();
            scene.bystandersChatOn();
            flood.reset();
        }
    }

    @Test
    void closeOfThePeer_isAnsweredInBothLanguages() {
        try (Scene scene = scene(any())) {
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                try (RawClient member = RawClient.plain(scene.port())
                        .inTls(TlsIdentity.shared().trusting(), protocol)
                        .upgrade()
                        .join("mine")) {
                    member.send(RawClient.frame(RawClient.CLOSE, new byte[] {0x03, (byte) 0xE8}));
                    assertThat(member.readClose()).isEqualTo(1000);
                    assertThat(member.endsWithAWord()).isTrue();
                }
            }
        }
    }

    @Test
    void violation_isToldInBothLanguages_andThePeerMayGoOnSendingForAWhile() {
        try (Scene scene = scene(any())) {
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                try (RawClient member = RawClient.plain(scene.port())
                        .inTls(TlsIdentity.shared().trusting(), protocol)
                        .upgrade()
                        .join("mine")) {
                    member.send(new byte[] {(byte) 0xFF, 0, 0, 0, 0, 0});
                    member.send(new byte[30_000]);
                    assertThat(member.readClose()).isEqualTo(1002);
                    assertThat(member.endsWithAWord()).isTrue();
                }
            }
        }
    }

    @Test
    void peerThatEndsTlsAndNotItsSocket_isGone() throws IOException {
        try (Scene scene = scene(any());
                RawClient member = scene.member()) {
            scene.awaitSockets(1);
            member.tls().shutdownOutput();
            scene.awaitSockets(0);
        }
    }

    @Test
    void peersThatEndInAnyWay_leaveNothing() throws IOException {
        try (Scene scene = scene(any())) {
            for (int i = 0; i < 10; i++) {
                RawClient plain = RawClient.plain(scene.port());
                RawClient member =
                        plain.inTls(TlsIdentity.shared().trusting()).upgrade().join("lobby");
                switch (i % 3) {
                    case 0 -> member.close();
                    case 1 -> plain.reset();
                    default -> plain.close(); // without a word of TLS
                }
            }
            scene.awaitSockets(0);
        }
    }

    @Test
    void serverThatCloses_tellsItsMembers() {
        RawClient member;
        TlsIdentity identity = TlsIdentity.ec();
        try (RoomServer server = server(identity, Duration.ofSeconds(30))) {
            member = RawClient.plain(server.port())
                    .inTls(identity.trusting())
                    .upgrade()
                    .join("lobby");
            Thread answering = new Thread(() -> {
                assertThat(member.readUntil("closing")).isNotEmpty();
                assertThat(member.readClose()).isEqualTo(1012);
                member.send(RawClient.frame(RawClient.CLOSE, new byte[] {0x03, (byte) 0xF4}));
            });
            answering.start();
            server.close();
            assertThat(server.sockets()).isZero();
            assertThat(member.endsWithAWord()).isTrue();
        }
        member.close();
    }

    @Test
    void files_thatAreNoUse_stopTheStart() throws IOException {
        TlsFiles files = TlsIdentity.shared().writeTo(folder);
        Files.delete(files.key());
        assertThatThrownBy(RoomServer.builder().port(0).tls(files.certificate(), files.key())::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tlsKey is " + files.key() + ", but there is no such file");
    }
}
