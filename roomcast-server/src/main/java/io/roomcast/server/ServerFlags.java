package io.roomcast.server;

import io.roomcast.client.RoomcastClient;
import io.roomcast.client.RoomcastClientBuilder;
import io.roomcast.client.RoomcastException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of each command that is a client: where the server is, and how long to wait for it. */
final class ServerFlags {
    private static final String DEFAULT_URL = "ws://127.0.0.1:8080/ws";
    private static final double LONGEST_SECONDS = 86_400;
    private static final double MILLIS = 1_000;

    /** The commands bound by themselves how many publishes wait. */
    private static final int QUEUE_BYTES = Integer.MAX_VALUE;

    @Option(
            names = "--url",
            paramLabel = "URL",
            order = 20,
            description = "The server's address. Default: ROOMCAST_URL of the environment, else " + DEFAULT_URL + ".")
    private @Nullable String url;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "\"NAME: TEXT\"",
            order = 21,
            description = "A header of the handshake, such as a cookie; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(names = TrustFile.FLAG, paramLabel = "FILE", order = 21, description = TrustFile.DESCRIPTION)
    private @Nullable String ca;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            order = 22,
            description = "How long to wait for the server's answer. Default: 10.")
    private double timeout = 10;

    @Option(
            names = "--wait",
            order = 23,
            description = "Where there is no server yet, try again until --timeout is over.")
    private boolean waits;

    private Map<String, String> environment = System.getenv();

    ServerFlags() {}

    /** For tests. */
    ServerFlags(Map<String, String> environment) {
        this.environment = environment;
    }

    String url() {
        String fromEnvironment = environment.getOrDefault(Environment.URL, "");
        return url != null ? url : fromEnvironment.isBlank() ? DEFAULT_URL : fromEnvironment.strip();
    }

    /** Whether it waits for a server that is not there yet. */
    boolean waits() {
        return waits;
    }

    Duration timeout() {
        if (!(timeout > 0 && timeout <= LONGEST_SECONDS)) {
            throw new CommandFailed(ExitCode.WRONG_USE, "--timeout has to be more than 0 seconds, and a day at most");
        }
        return Duration.ofMillis(Math.max(1, (long) (timeout * MILLIS)));
    }

    /** @throws CommandFailed if something of this cannot be */
    RoomcastClientBuilder builder() {
        RoomcastClientBuilder builder;
        try {
            builder = RoomcastClient.builder(url());
        } catch (RoomcastException badUrl) {
            throw new CommandFailed(ExitCode.WRONG_USE, badAddress(url()));
        }
        builder.requestTimeout(timeout()).publishTimeout(timeout()).queueBytes(QUEUE_BYTES);
        if (ca != null) {
            builder.sslContext(TrustFile.context(ca));
        }
        for (String header : headers) {
            int colon = Math.max(0, header.indexOf(':'));
            String name = header.substring(0, colon).strip();
            try {
                builder.header(
                        name,
                        header.substring(Math.min(colon + 1, header.length())).strip());
            } catch (IllegalArgumentException wrong) {
                String why =
                        name.isEmpty() ? "it is like --header \"Cookie: id=7\"" : String.valueOf(wrong.getMessage());
                throw new CommandFailed(
                        ExitCode.WRONG_USE, "--header \"" + PlainText.of(header) + "\" is none: " + PlainText.of(why));
            }
        }
        return builder;
    }

    private String badAddress(String address) {
        String source = url == null ? Environment.URL : "--url";
        return source + " is \"" + PlainText.of(address) + "\", but has to be like " + meant(address);
    }

    /** The address that somebody may have meant who gave that of the page, or left something out. */
    static String meant(String address) {
        String secure = address.startsWith("https:") || address.startsWith("wss:") ? "wss" : "ws";
        String rest = address.replaceFirst("^[A-Za-z]*:/*", "");
        String authority = address.matches("^[A-Za-z]+:\\d+.*") ? address : rest; // localhost:8080 has no scheme
        String meant = secure + "://" + authority.replaceFirst("/.*", "") + "/ws";
        return meant.matches("wss?://[A-Za-z0-9.-]+(:\\d{1,5})?/ws") ? meant : DEFAULT_URL;
    }
}
