package io.roomcast.server;

import java.util.ArrayList;
import java.util.List;

/** The document about the configuration, made from the tables that the program reads it by. */
final class ConfigurationReference {
    private static final String HEAD = """
            # Configuration

            <!-- Made from the table of settings by: ./roomcast reference > docs/configuration.md -->

            Every setting has a default, so `./roomcast` runs without any of this. A value comes from, the weakest first:

            1. the default;
            2. the file that `--config FILE` or the variable `ROOMCAST_CONFIG` names, in YAML;
            3. the environment;
            4. the flags.

            A wrong key or value stops the start, wherever it stands and even if it is overridden; the message names the key,
            the value, its place, what it may be, and the key that is nearest. `./roomcast config`, with the same file,
            environment and flags, prints what the server would run with and where each value comes from; what it prints can
            be used as a file.

            ```yaml
            port: 9000
            allowedOrigins: [https://example.org]
            limits:
              membersPerRoom: 500
              connectionsPerAddress: 50
            templates:
              - pattern: "ticker:*"
                slowConsumer: dropOldest
                state: false
                limits:
                  historyMessages: 0
              - pattern: "table:*"
                reservedKeys: ["round.*", score]
                tickMs: 33
                tickEvents: ["move.*", cursor]
                latestEvents: [cursor]
                limits:
                  membersPerRoom: 4
            ```

            ## Settings

            """;
    private static final String LIMITS = """

            ## TLS

            ```yaml
            tlsCertificate: /etc/letsencrypt/live/example.org/fullchain.pem
            tlsKey: /etc/letsencrypt/live/example.org/privkey.pem
            ```

            With both, the port speaks TLS 1.3 and 1.2 and nothing else: the page is at `https:`, clients connect to `wss:`, and
            whoever comes without TLS is told so with a 400. The certificate's key is an RSA or an EC one. A file that is
            missing, no PEM, or does not go with the other stops the start; an expired certificate is a warning in the log.

            Both files are looked at every 30 s. Once they have changed and stayed so for 30 s they are read, and who connects
            then gets the new certificate; if they are no use, that is logged once and the old one stays. So renewing takes no
            restart, and cuts no connection.

            Bytes move by `epoll`, or by `nio` where there is none: with TLS each connection is a channel of Netty's, and
            `io_uring` has none. A connection beyond a limit of its address is cut without an answer, which would take a
            handshake.

            ## Limits

            Sizes are bytes as sent, lengths are code points, times are milliseconds (`…Ms`), the rest are counts. What is
            counted per second may come in bursts of five seconds' worth. `off` lifts a limit where it is allowed; what
            guards memory cannot be lifted. Clients are told the limits in `welcome`.

            """;
    private static final String TEMPLATES = """

            ## Room templates

            `templates`, in the file only, is a list. For each room the first template counts whose `pattern` matches the
            whole of the room's id; for a room that none matches, what is set above holds. Limits of a template can only be
            as strict as the server's or stricter.

            """;
    private static final String METRICS = """

            ## Metrics

            `metricsPort` is off by default, so that two servers on one machine do not want the same port.
            `./roomcast --set metricsPort=9464` serves `/metrics` at `http://127.0.0.1:9464/metrics` for Prometheus; it is
            never on the port that clients reach. [What they are](metrics.md).
            """;

    private ConfigurationReference() {}

    static String markdown() {
        List<Setting<?>> limits = new ArrayList<>();
        List<Setting<?>> others = new ArrayList<>();
        for (Setting<?> setting : Settings.table()) {
            (setting.key().startsWith("limits.") ? limits : others).add(setting);
        }
        return HEAD
                + table(others, true)
                + LIMITS
                + table(limits, true)
                + TEMPLATES
                + table(Templates.table(), false)
                + METRICS;
    }

    private static String table(List<Setting<?>> settings, boolean everywhere) {
        StringBuilder table = new StringBuilder(
                everywhere
                        ? "| key | default | may be | what it is | variable | flag |\n|---|---|---|---|---|---|\n"
                        : "| key | default | may be | what it is |\n|---|---|---|---|\n");
        for (Setting<?> setting : settings) {
            table.append("| `").append(setting.key()).append("` | ");
            table.append(cell(setting.defaultText())).append(" | ");
            table.append(cell(setting.range())).append(" | ");
            table.append(cell(setting.meaning())).append(" |");
            if (everywhere) {
                table.append(" `").append(setting.environmentName()).append("` |");
                table.append(" `").append(Flags.of(setting)).append("` |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    /** A star or a bar would mean something in a table. */
    private static String cell(String text) {
        return text.replace("*", "\\*").replace("|", "\\|");
    }
}
