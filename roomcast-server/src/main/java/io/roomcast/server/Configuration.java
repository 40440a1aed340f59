package io.roomcast.server;

import io.roomcast.engine.RoomTemplate;
import io.roomcast.netty.Transport;
import io.roomcast.protocol.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the program runs with. Immutable; every value has been checked against {@link Settings} and {@link Templates}.
 *
 * @param transport empty for the fastest that works here
 * @param tls empty for none
 * @param metricsPort where {@code /metrics} is, empty if it is nowhere
 */
record Configuration(
        String host,
        int port,
        String path,
        int lanes,
        Optional<Transport> transport,
        Optional<TlsFiles> tls,
        boolean demo,
        List<String> allowedOrigins,
        Duration heartbeat,
        Duration newsInterval,
        Duration grace,
        Duration shutdownSpread,
        OptionalInt metricsPort,
        String metricsHost,
        Limits limits,
        List<RoomTemplate> templates) {

    /**
     * Where the certificate for TLS is, and its key.
     *
     * @param certificate the chain, as PEM
     * @param key as PEM
     */
    record TlsFiles(Path certificate, Path key) {}

    /** The configuration that results from what was given: see {@link Effective#of}. */
    static Configuration of(List<Given> given) {
        return Effective.of(given).configuration();
    }

    static Configuration from(Values values, Limits limits, List<RoomTemplate> templates) {
        Long metricsPort = values.get(Settings.METRICS_PORT);
        return new Configuration(
                values.get(Settings.HOST),
                Math.toIntExact(values.get(Settings.PORT)),
                values.get(Settings.PATH),
                Math.toIntExact(values.get(Settings.LANES)),
                transport(values.get(Settings.TRANSPORT)),
                tls(values.get(Settings.TLS_CERTIFICATE), values.get(Settings.TLS_KEY)),
                values.get(Settings.DEMO),
                values.get(Settings.ALLOWED_ORIGINS),
                Duration.ofMillis(values.get(Settings.HEARTBEAT_MS)),
                Duration.ofMillis(values.get(Settings.NEWS_INTERVAL_MS)),
                Duration.ofMillis(values.get(Settings.GRACE_MS)),
                Duration.ofMillis(values.get(Settings.SHUTDOWN_SPREAD_MS)),
                metricsPort.equals(Setting.OFF) ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(metricsPort)),
                values.get(Settings.METRICS_HOST),
                limits,
                templates);
    }

    /** Both or neither, see {@link Effective}. */
    private static Optional<TlsFiles> tls(String certificate, String key) {
        return certificate.isEmpty() ? Optional.empty() : Optional.of(new TlsFiles(Path.of(certificate), Path.of(key)));
    }

    private static Optional<Transport> transport(String name) {
        return Arrays.stream(Transport.values())
                .filter(transport -> transport.wireName().equals(name))
                .findFirst();
    }
}
