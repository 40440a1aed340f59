package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.netty.RoomServer;
import io.roomcast.netty.RoomServerBuilder;
import io.roomcast.netty.Transport;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The load against the server, in small: it counts what the server counts. */
final class GeneratorTest {
    private static final int MILLIS = 300;

    private final RoomServer server = builder().build().start();

    private static RoomServerBuilder builder() {
        return RoomServer.builder()
                .port(0)
                .lanes(1)
                .limits(Limits.defaults().with(Limit.PUBLISHES_PER_SECOND, Limit.OFF));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Generator generator(Workload workload) {
        return generator(server, workload, "");
    }

    private static Generator generator(RoomServer server, Workload workload, String tls) {
        return new Generator(
                new Generator.Task(server.port(), ProcessHandle.current().pid(), Dialect.ROOMCAST, "", workload, tls));
    }

    private static Workload talk(int rooms, int members, int roomsOfEach, double rate, int window, double stalled) {
        return new Workload("test", "", Workload.Kind.TALK, rooms, members, roomsOfEach, rate, window, 0, stalled, 64);
    }

    private static double figure(Map<String, Object> figures, String name) {
        return figures.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    @Test
    void openLoop_hearsWhatTheServerDelivers() {
        try (Generator generator = generator(talk(3, 4, 1, 300, 0, 0))) {
            assertThat(generator.open(12)).isTrue();
            long before = server.statistics().deliveries();
            Map<String, Object> figures = generator.turn(MILLIS);
            assertThat(figure(figures, "missing")).isZero();
            assertThat(figure(figures, "refused")).isZero();
            assertThat(figure(figures, "faults")).isZero();
            assertThat(generator.heard()).isEqualTo(server.statistics().deliveries() - before);
            assertThat(generator.heard()).isPositive();
            assertThat(figure(figures, "publishesPerSecond")).isBetween(150.0, 450.0);
            assertThat(figure(figures, "framesPerDelivery")).isEqualTo(1);
            // 64 of data and what is around them; the head of the frame has four.
            assertThat(figure(figures, "bytesPerDelivery")).isBetween(100.0, 250.0);
            assertThat(figure(figures, "maxMillis")).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void tls_isHeardAsItIsDelivered_andIsNotCountedAsBytesOfFrames(Transport transport, @TempDir Path folder) {
        PeerCertificate certificate = PeerCertificate.madeIn(folder);
        try (RoomServer secret = builder()
                        .transport(transport)
                        .tls(certificate.certificate(), certificate.key())
                        .build()
                        .start();
                Generator generator = generator(secret, talk(3, 4, 1, 300, 0, 0), folder.toString())) {
            assertThat(generator.open(12)).isTrue();
            assertThat(generator.negotiated()).isEqualTo("TLSv1.3 with TLS_AES_128_GCM_SHA256");
            long before = secret.statistics().deliveries();
            Map<String, Object> figures = generator.turn(MILLIS);
            assertThat(figure(figures, "missing")).isZero();
            assertThat(figure(figures, "refused")).isZero();
            assertThat(figure(figures, "faults")).isZero();
            assertThat(generator.heard()).isEqualTo(secret.statistics().deliveries() - before);
            assertThat(generator.heard()).isPositive();
            assertThat(figure(figures, "framesPerDelivery")).isEqualTo(1);
            // A record, of one message or more, has a head of five bytes, its kind, sixteen that vouch for it, and on
            // the
            // JDK sixteen that pad it.
            double around = figure(figures, "wireBytesPerDelivery") - figure(figures, "bytesPerDelivery");
            assertThat(around).isBetween(2.0, 38.0);
        }
    }

    @Test
    void lazyReaders_withTls_areCountedWhole(@TempDir Path folder) {
        PeerCertificate certificate = PeerCertificate.madeIn(folder);
        Workload workload = new Workload("test", "", Workload.Kind.TALK, 1, 20, 1, 0, 2, 3, 0, 64);
        try (RoomServer secret = builder()
                        .tls(certificate.certificate(), certificate.key())
                        .build()
                        .start();
                Generator generator = generator(secret, workload, folder.toString())) {
            generator.open(20);
            for (int i = 0; i < 2; i++) {
                long before = secret.statistics().deliveries();
                long heard = generator.heard();
                Map<String, Object> figures = generator.turn(MILLIS);
                assertThat(figure(figures, "missing")).isZero();
                assertThat(figure(figures, "faults")).isZero();
                assertThat(generator.heard() - heard)
                        .isEqualTo(secret.statistics().deliveries() - before);
                assertThat(generator.heard() - heard).isGreaterThan(20 * 2 * 2);
            }
        }
    }

    @Test
    void closedLoop_hasAsManyUnderWayAsItsWindow() {
        try (Generator generator = generator(talk(2, 3, 1, 0, 2, 0))) {
            generator.open(6);
            long before = server.statistics().deliveries();
            Map<String, Object> figures = generator.turn(MILLIS);
            assertThat(figure(figures, "missing")).isZero();
            assertThat(generator.heard()).isEqualTo(server.statistics().deliveries() - before);
            assertThat(generator.heard()).isGreaterThan(2 * 3 * 2);
        }
    }

    @Test
    void lazyReaders_areCountedWhole_andReadAsItComesAgain() {
        Workload workload = new Workload("test", "", Workload.Kind.TALK, 1, 20, 1, 0, 2, 3, 0, 64);
        try (Generator generator = generator(workload)) {
            generator.open(20);
            for (int i = 0; i < 2; i++) {
                long before = server.statistics().deliveries();
                long heard = generator.heard();
                Map<String, Object> figures = generator.turn(MILLIS);
                assertThat(figure(figures, "missing")).isZero();
                assertThat(figure(figures, "faults")).isZero();
                assertThat(generator.heard() - heard)
                        .isEqualTo(server.statistics().deliveries() - before);
                assertThat(generator.heard() - heard).isGreaterThan(20 * 2 * 2);
                assertThat(figure(figures, "mostUnreadBytes"))
                        .as("several messages in one read")
                        .isGreaterThan(4 * figure(figures, "bytesPerDelivery"));
            }
        }
    }

    @Test
    void membersOfSeveralRooms_areEvenlyInThem() {
        try (Generator generator = generator(talk(6, 4, 3, 600, 0, 0))) {
            assertThat(generator.open(8)).isTrue();
            assertThat(server.statistics().members()).isEqualTo(24);
            long before = server.statistics().deliveries();
            Map<String, Object> figures = generator.turn(MILLIS);
            assertThat(figure(figures, "missing")).isZero();
            assertThat(figure(figures, "refused"))
                    .as("publishes by who is no member")
                    .isZero();
            assertThat(generator.heard()).isEqualTo(server.statistics().deliveries() - before);
        }
    }

    @Test
    void stalledReaders_areNotWaitedFor() {
        try (Generator generator = generator(talk(1, 10, 1, 100, 0, 0.2))) {
            generator.open(10);
            for (int i = 0; i < 2; i++) {
                long before = generator.heard();
                Map<String, Object> figures = generator.turn(MILLIS);
                assertThat(figure(figures, "missing")).isZero();
                assertThat((generator.heard() - before) % 8).isZero();
                assertThat(figure(figures, "ended")).isZero();
            }
        }
    }

    @Test
    void churn_leavesEverybodyInTheirRooms() {
        Workload churn = new Workload("test", "", Workload.Kind.CHURN, 2, 5, 1, 200, 0, 0, 0, 64);
        try (Generator generator = generator(churn)) {
            generator.open(10);
            Map<String, Object> figures = generator.turn(MILLIS);
            assertThat(figure(figures, "missing")).isZero();
            assertThat(figure(figures, "pairsPerSecond")).isPositive();
            assertThat(server.statistics().members()).isEqualTo(10);
        }
    }

    @Test
    void connects_comeAndGo() {
        Workload connects = new Workload("test", "", Workload.Kind.CONNECT, 2, 10, 1, 0, 0, 0, 0, 64);
        try (Generator generator = generator(connects)) {
            Map<String, Object> figures = generator.turn(1);
            assertThat(figure(figures, "connectsPerSecond")).isPositive();
            assertThat(figure(figures, "faults")).isZero();
            assertThat(figure(figures, "ended")).isZero();
        }
    }
}
