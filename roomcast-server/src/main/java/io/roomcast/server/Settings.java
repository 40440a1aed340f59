package io.roomcast.server;

import io.roomcast.protocol.Limit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of all settings: what the file, the environment, the flags, {@code --help} and the checks go by. */
final class Settings {
    static final Setting<String> HOST = Setting.text(
            "host", "127.0.0.1", "\\S+", "a host name or address", "the address to listen on; 0.0.0.0 is all of them");
    static final Setting<Long> PORT =
            Setting.number("port", 8080, 0, 65_535, "the TCP port to listen on; 0 is any free one");
    static final Setting<String> PATH = Setting.text(
            "path",
            "/ws",
            "(/[A-Za-z0-9._~-]+)+",
            "a path such as /ws, of letters, digits and . _ ~ -",
            "where WebSocket connections are accepted");
    static final Setting<Long> LANES = Setting.number(
                    "lanes", processors(), 1, 256, "event loops; each connection belongs to one")
            .withDefault(processors(), "one per processor");
    static final Setting<String> TRANSPORT = Setting.text(
            "transport",
            "auto",
            "auto|io_uring|epoll|nio",
            "auto, io_uring, epoll or nio",
            "by what bytes move between sockets and lanes; auto is the fastest that works here");
    static final Setting<String> TLS_CERTIFICATE = Setting.file(
            "tlsCertificate",
            "no TLS",
            "PEM, the server's certificate and those that vouch for it: the port speaks https: and wss:, and nothing else");
    static final Setting<String> TLS_KEY =
            Setting.file("tlsKey", "no TLS", "PEM, the key of tlsCertificate, as PKCS#8 without a password");
    static final Setting<Boolean> DEMO = Setting.flag("demo", true, "whether the page is served at /");
    static final Setting<List<String>> ALLOWED_ORIGINS = new Setting<>(
            "allowedOrigins",
            List.of(),
            "own and localhost",
            "a list of origins such as https://example.org",
            "whose pages may connect from a browser; a list, in a flag or variable with commas",
            Settings::origins);
    static final Setting<Long> HEARTBEAT_MS = Setting.number(
            "heartbeatMs", 25_000, 100, 3_600_000, "a connection silent for so long is pinged, then closed with 4410");
    static final Setting<Long> NEWS_INTERVAL_MS =
            Setting.number("newsIntervalMs", 50, 0, 60_000, "membership news is gathered for so long");
    static final Setting<Long> GRACE_MS = Setting.number(
            "graceMs",
            15_000,
            0,
            3_600_000,
            "the members of a session wait so long for their client to come back; 0 is not at all");
    static final Setting<Long> SHUTDOWN_SPREAD_MS = Setting.number(
            "shutdownSpreadMs", 5_000, 0, 600_000, "clients are told to come back at random within so long");

    static final Setting<Long> METRICS_PORT = Setting.numberOrOff(
            "metricsPort",
            Setting.OFF,
            0,
            65_535,
            "the TCP port of /metrics for Prometheus, such as 9464; 0 is any free one");
    static final Setting<String> METRICS_HOST = Setting.text(
            "metricsHost",
            "127.0.0.1",
            "\\S+",
            "a host name or address",
            "the address that /metrics is at, for whoever may read it");

    private static final Map<Limit, Setting<Long>> LIMITS = limits();
    private static final List<Setting<?>> ALL = all();

    private Settings() {}

    /** The setting {@code limits.…} of this limit. */
    static Setting<Long> of(Limit limit) {
        Setting<Long> setting = LIMITS.get(limit);
        if (setting == null) {
            throw new AssertionError(limit);
        }
        return setting;
    }

    /** All settings, in the order of {@code --help}. */
    static List<Setting<?>> table() {
        return ALL;
    }

    static Optional<Setting<?>> named(String key) {
        return ALL.stream().filter(setting -> setting.key().equals(key)).findFirst();
    }

    private static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(List.of(
                HOST,
                PORT,
                PATH,
                LANES,
                TRANSPORT,
                TLS_CERTIFICATE,
                TLS_KEY,
                DEMO,
                ALLOWED_ORIGINS,
                HEARTBEAT_MS,
                NEWS_INTERVAL_MS,
                GRACE_MS,
                SHUTDOWN_SPREAD_MS,
                METRICS_PORT,
                METRICS_HOST));
        all.addAll(LIMITS.values());
        return List.copyOf(all);
    }

    private static Map<Limit, Setting<Long>> limits() {
        Map<Limit, Setting<Long>> limits = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            limits.put(limit, Setting.limit(limit));
        }
        return limits;
    }

    private static long processors() {
        return Math.min(256, Runtime.getRuntime().availableProcessors());
    }

    private static Optional<List<String>> origins(String text) {
        List<String> origins = text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        boolean readable = origins.stream().allMatch(origin -> origin.matches("https?://[^/\\s]+"));
        return readable ? Optional.of(origins) : Optional.empty();
    }
}
