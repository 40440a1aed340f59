package io.roomcast.server;

import io.roomcast.netty.RoomServer;
import io.roomcast.netty.RoomServerBuilder;
import io.roomcast.netty.Transport;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command {@code ./roomcast}: gathers the configuration, starts the server and stays until it is told to stop.
 * */
@Command(
        name = "./roomcast",
        subcommands = {
            JoinCommand.class,
            PublishCommand.class,
            TailCommand.class,
            MembersCommand.class,
            StateCommand.class,
            ConfigCommand.class,
            ConformanceCommand.class,
            TypesCommand.class,
            CompletionCommand.class,
            ReferenceCommand.class,
        },
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        sortSynopsis = false,
        separator = " ",
        header = "WebSocket rooms: what a client sends to a room reaches everyone in it, and nobody else.",
        synopsisHeading = "%n@|bold Usage:|@ ",
        optionListHeading = "%n@|bold Options|@%n",
        commandListHeading = "%n@|bold Commands|@%n",
        exitCodeListHeading = "%n@|bold Exit codes|@%n",
        exitCodeList = {
            "1:The server could not start, such as when its port is in use.",
            "2:A flag, a setting or a value is wrong.",
            "130, 143:Stopped by Ctrl-C or SIGTERM, after every client was told.",
        },
        footerHeading =
                "%nA setting given more than once: flags win over the environment, and the environment over the file.%n"
                        + "In the environment @|bold limits.rooms|@ is @|bold ROOMCAST_LIMITS_ROOMS|@, and @|bold ROOMCAST_CONFIG|@ names the"
                        + " file.%n@|bold ROOMCAST_JAVA_OPTS|@ are options for the JVM.%n%n@|bold Examples|@%n",
        footer = {
            "  ./roomcast                                    try it: open http://127.0.0.1:8080/ in two tabs",
            "  ./roomcast --port 9000 --host 0.0.0.0         on all addresses of this machine",
            "  ./roomcast --set limits.membersPerRoom=50     rooms of fifty at most",
            "  ./roomcast --config roomcast.yaml --no-demo   for your own page, without ours",
            "  ./roomcast --set tlsCertificate=chain.pem --set tlsKey=key.pem",
            "                                                with TLS: https: and wss: on its port",
            "  ./roomcast --set metricsPort=9464             metrics at http://127.0.0.1:9464/metrics",
            "  ./roomcast join lobby --name Ann              talk in a room, from another terminal",
            "  ./roomcast config                             what it would run with, and why",
            "  ./roomcast conformance ws://127.0.0.1:8080/ws hold a running server to the protocol",
            "  ./roomcast types chat.schema.json --python -  types for clients out of a room type's schema",
            "",
            "  A roomcast.yaml:    port: 9000",
            "                      allowedOrigins: [https://example.org]",
            "                      limits:",
            "                        rooms: 10000",
        })
final class Program implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private Flags flags = new Flags();

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = Configuration.of(flags.withWhatIsBehind(System.getenv()));
        RoomServer server = start(configuration);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
        Optional<MetricsServer> metrics = serveMetrics(configuration, server);
        PrintWriter out = out();
        out.println(greeting(configuration, server));
        metrics.ifPresent(endpoint -> out.println("Metrics are at http://" + reachable(configuration.metricsHost())
                + ":" + endpoint.port() + "/metrics"));
        out.flush();
        new CountDownLatch(1).await(); // The way out is a signal, whose hook closes the server.
        return 0;
    }

    /** Whether any flag that sets something stands before the subcommand. */
    boolean hasFlags() {
        return flags.areGiven();
    }

    private static RoomServer start(Configuration configuration) {
        try {
            return builder(configuration).build().start();
        } catch (IllegalArgumentException refused) { // a value that the table lets pass and the server does not
            throw new WrongConfiguration(String.valueOf(refused.getMessage()));
        } catch (UncheckedIOException e) {
            throw CannotListen.forClients(configuration.host(), configuration.port(), e);
        }
    }

    private static Optional<MetricsServer> serveMetrics(Configuration configuration, RoomServer server) {
        if (configuration.metricsPort().isEmpty()) {
            return Optional.empty();
        }
        int port = configuration.metricsPort().getAsInt();
        Metrics metrics = new Metrics(server::statistics, server::httpAnswers, configuration.limits());
        try {
            return Optional.of(MetricsServer.start(configuration.metricsHost(), port, metrics::scrape));
        } catch (UncheckedIOException e) {
            server.close();
            throw CannotListen.forMetrics(configuration.metricsHost(), port, e);
        }
    }

    private static RoomServerBuilder builder(Configuration configuration) {
        RoomServerBuilder builder = RoomServer.builder()
                .host(configuration.host())
                .port(configuration.port())
                .path(configuration.path())
                .lanes(configuration.lanes())
                .limits(configuration.limits())
                .heartbeat(configuration.heartbeat())
                .newsInterval(configuration.newsInterval())
                .grace(configuration.grace())
                .templates(configuration.templates())
                .shutdownSpread(configuration.shutdownSpread())
                .allowedOrigins(configuration.allowedOrigins());
        configuration.transport().ifPresent(builder::transport);
        configuration.tls().ifPresent(files -> builder.tls(files.certificate(), files.key()));
        serve(builder, WebFile.CLIENT);
        if (configuration.demo()) {
            WebFile.DEMO.forEach(file -> serve(builder, file));
        }
        return builder;
    }

    private static void serve(RoomServerBuilder builder, WebFile file) {
        builder.serve(file.path(), file.type(), file.bytes());
    }

    /** One line, printed when clients can really connect. */
    private static String greeting(Configuration configuration, RoomServer server) {
        String authority = reachable(configuration.host()) + ":" + server.port();
        String secure = configuration.tls().isPresent() ? "s" : "";
        String socket = "ws" + secure + "://" + authority + configuration.path();
        String transport = transport(server);
        return configuration.demo()
                ? "Roomcast is at http" + secure + "://" + authority + "/ (clients: " + socket + ", " + transport
                        + ", Ctrl-C stops it)"
                : "Roomcast is at " + socket + " (no page, " + transport + ", Ctrl-C stops it)";
    }

    /** Which it is, and why it is not a faster one. */
    private static String transport(RoomServer server) {
        StringBuilder text = new StringBuilder(server.transport().wireName());
        String word = " because ";
        for (Transport faster : Transport.values()) {
            Optional<String> reason = server.whyNot(faster);
            if (reason.isPresent()) {
                text.append(word)
                        .append(faster.wireName())
                        .append(" does not work here: ")
                        .append(reason.get());
                word = ", and ";
            }
        }
        return text.toString();
    }

    /** A host that can stand in an address: "all addresses" is none, and IPv6 needs brackets. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "[::1]";
            default -> host.contains(":") ? "[" + host + "]" : host;
        };
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the command's specification before it calls");
        }
        return spec.commandLine().getOut();
    }
}
