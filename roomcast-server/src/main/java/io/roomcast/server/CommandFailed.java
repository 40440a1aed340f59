package io.roomcast.server;

import io.roomcast.client.RoomcastException;
import io.roomcast.protocol.VersionedValue;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command that is a client ends, for a reason that its message tells the person who typed it. */
final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** How the client's time-outs end where there is no connection. */
    private static final Pattern NO_CONNECTION =
            Pattern.compile("There is no connection \\((.*)\\)\\.$", Pattern.DOTALL);

    private static final Pattern HTTP_STATUS = Pattern.compile("HTTP (\\d{3})");

    private final int exitCode;

    CommandFailed(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    /** What the client says, as it stands on the last line of a command. */
    static CommandFailed of(RoomcastException error, String url) {
        String message = PlainText.of(error.getMessage());
        return switch (error.code()) {
            case RoomcastException.BAD_URL -> new CommandFailed(ExitCode.WRONG_USE, message);
            case RoomcastException.TIMEOUT -> timeout(error, url);
            case RoomcastException.DISCONNECTED,
                    RoomcastException.UNCONFIRMED,
                    RoomcastException.QUEUE_FULL,
                    RoomcastException.BAD_FRAME -> new CommandFailed(ExitCode.UNREACHABLE, message);
            case "conflict" -> new CommandFailed(ExitCode.REFUSED, "conflict: " + conflict(error));
            default -> new CommandFailed(ExitCode.REFUSED, PlainText.of(error.code()) + ": " + message);
        };
    }

    private static CommandFailed timeout(RoomcastException error, String url) {
        Matcher reason = NO_CONNECTION.matcher(error.getMessage());
        if (reason.find()) {
            return unreachable(reason.group(1), url);
        }
        return error.getMessage().contains("There is no connection")
                ? new CommandFailed(
                        ExitCode.UNREACHABLE,
                        url + " does not answer; is the address right? --timeout waits longer than that")
                : new CommandFailed(ExitCode.UNREACHABLE, PlainText.of(error.getMessage()));
    }

    /** Whether a time-out's message has the reason for which the last attempt to connect failed. */
    static boolean namesAttempt(RoomcastException timeout) {
        return NO_CONNECTION.matcher(timeout.getMessage()).find();
    }

    private static CommandFailed unreachable(String reason, String url) {
        return new CommandFailed(ExitCode.UNREACHABLE, explain(reason, url));
    }

    /** @param reason as the client, or what is below it, words it */
    static String explain(String reason, String url) {
        String known = reason.toLowerCase(Locale.ROOT);
        Matcher status = HTTP_STATUS.matcher(reason);
        if (status.find()) {
            return url + " answers HTTP " + status.group(1) + ", so " + ofStatus(status.group(1));
        } else if (known.contains("connection refused")) {
            return "nothing listens at " + url + "; start a server with ./roomcast, or say with --url where it is";
        } else if (known.contains("unknownhost")) {
            return "there is no host of the name in " + url + "; say with --url where the server is";
        } else if (known.contains("no http")) {
            return url + " is no web server; say with --url where the server is";
        } else if (known.contains("notsslrecord")) {
            return "what listens at " + url + " speaks no TLS; its address begins with ws: instead of wss:";
        } else if (known.contains("ssl") || known.contains("certificate") || known.contains("certpath")) {
            return "no TLS with " + url + ": " + PlainText.of(reason);
        }
        return "cannot connect to " + url + ": " + PlainText.of(reason);
    }

    private static String ofStatus(String status) {
        return switch (status) {
            case "400" -> "it may be one that speaks TLS: then its address begins with wss: instead of ws:";
            case "404" -> "its path is not the server's: Roomcast's is usually /ws";
            case "401", "403" -> "it does not let this client in: it may want a --header";
            case "429", "503" -> "it has too much to do just now: try again later";
            default -> "it is no Roomcast server, or one behind something that does not let it through";
        };
    }

    private static String conflict(RoomcastException error) {
        Map<String, VersionedValue> current = error.current();
        if (current.isEmpty()) {
            return PlainText.of(error.getMessage());
        }
        return current.entrySet().stream()
                .map(entry -> PlainText.name(entry.getKey()) + now(entry.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static String now(VersionedValue value) {
        return value.value() == null
                ? " is not there, which is version 0"
                : " is at version " + value.version() + ": " + PlainText.json(value.value());
    }
}
