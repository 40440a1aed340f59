package io.roomcast.bench;

import io.roomcast.netty.RoomServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the load check. Without {@code --url} it starts a server in its own process. Exits with 0 when
 * every client saw what the protocol promises, with 1 when one did not (the first violations are printed in full), with
 * 2 when an option is wrong.
 */
public final class LoadCheck {
    private static final String USAGE = """
            Load check: many clients in many rooms, every frame of each held to the protocol.

              --url ws://host:port/ws   the server; without it, one is started in this process
              --connections 2000        open at the same time
              --rooms 200               among which they are spread
              --seconds 60              of load, after the warm-up
              --warm-up 5               seconds of load before latency counts
              --rate 20                 publishes per second and room
              --churn 100               joins, leaves, re-syncs, changes, drops and closes per second
              --seed 1                  decides who does what
              --lanes 2                 of a server in this process
              --data-bytes 128          of each publish
              --server-pid 0            whose CPU to report when the server is another process here
            """;

    private LoadCheck() {}

    public static void main(String[] args) {
        System.exit(main(List.of(args)));
    }

    private static int main(List<String> args) {
        if (args.contains("--help")) {
            System.out.print(USAGE);
            return 0;
        }
        LoadProfile profile;
        try {
            profile = profile(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            return 2;
        }
        LoadReport report = run(profile);
        System.out.print(report.table());
        return report.passed() ? 0 : 1;
    }

    static LoadProfile profile(List<String> args) {
        Map<String, String> options = options(args);
        LoadProfile standard = LoadProfile.standard();
        String url = options.remove("--url");
        LoadProfile profile = new LoadProfile(
                url == null ? null : address(url),
                (int) number(options, "--connections", standard.connections()),
                (int) number(options, "--rooms", standard.rooms()),
                Duration.ofSeconds(
                        number(options, "--warm-up", standard.warmUp().toSeconds())),
                Duration.ofSeconds(
                        number(options, "--seconds", standard.duration().toSeconds())),
                (int) number(options, "--rate", standard.rate()),
                (int) number(options, "--churn", standard.churn()),
                number(options, "--seed", standard.seed()),
                (int) number(options, "--lanes", standard.lanes()),
                (int) number(options, "--data-bytes", standard.dataBytes()),
                number(options, "--server-pid", standard.serverPid()));
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("unknown option " + String.join(", ", options.keySet()));
        }
        return profile;
    }

    private static Map<String, String> options(List<String> args) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.size(); i += 2) {
            if (i + 1 == args.size()) {
                throw new IllegalArgumentException(args.get(i) + " needs a value");
            }
            options.put(args.get(i), args.get(i + 1));
        }
        return options;
    }

    private static long number(Map<String, String> options, String name, long otherwise) {
        String value = options.remove(name);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be a whole number", e);
        }
    }

    private static URI address(String url) {
        URI address = URI.create(url);
        if (!"ws".equals(address.getScheme()) || address.getHost() == null) {
            throw new IllegalArgumentException("--url is " + url + ", but must be like ws://127.0.0.1:8080/ws");
        }
        return address;
    }

    static LoadReport run(LoadProfile profile) {
        URI url = profile.url();
        if (url != null) {
            int port = url.getPort() < 0 ? 80 : url.getPort();
            return new LoadRun(profile, new InetSocketAddress(url.getHost(), port), path(url), null).run();
        }
        try (RoomServer server =
                RoomServer.builder().port(0).lanes(profile.lanes()).build().start()) {
            return new LoadRun(profile, server.address(), "/ws", server).run();
        }
    }

    private static String path(URI url) {
        @Nullable String path = url.getRawPath();
        return (path == null || path.isEmpty() ? "/" : path)
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
    }
}
