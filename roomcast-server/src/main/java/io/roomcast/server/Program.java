package io.roomcast.server;

import io.roomcast.netty.RoomServer;
import io.roomcast.netty.RoomServerBuilder;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code ./roomcast}: gathers the configuration, starts the server and stays until it is told to stop.
 *
 * <p>Flags are kept as text here, and read by {@link Setting} like the values of the file and of the environment, so
 * that a wrong one is explained in the same words wherever it stands.
 */
@Command(
        name = "./roomcast",
        subcommands = ConformanceCommand.class,
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        sortSynopsis = false,
        separator = " ",
        header = "WebSocket rooms: what a client sends to a room reaches everyone in it, and nobody else.%n",
        synopsisHeading = "@|bold Usage:|@ ",
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
            "  ./roomcast conformance ws://127.0.0.1:8080/ws hold a running server to the protocol",
            "",
            "  A roomcast.yaml:    port: 9000",
            "                      allowedOrigins: [https://example.org]",
            "                      limits:",
            "                        rooms: 10000",
        })
final class Program implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--port", paramLabel = "PORT", description = "TCP port; 0 is any free one.")
    private @Nullable String port;

    @Option(names = "--host", paramLabel = "HOST", description = "Address to listen on.")
    private @Nullable String host;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings from a YAML file.")
    private @Nullable String config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting; may be repeated. All of them are listed below.")
    private List<String> set = new ArrayList<>();

    @Option(names = "--lanes", paramLabel = "N", description = "Event loops that connections are spread over.")
    private @Nullable String lanes;

    @Option(names = "--no-demo", description = "No page at /; /roomcast.js and /health stay.")
    private boolean noDemo;

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = Configuration.of(given(System.getenv()));
        RoomServer server = start(configuration);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
        PrintWriter out = out();
        out.println(greeting(configuration, server.port()));
        out.flush();
        new CountDownLatch(1).await(); // The way out is a signal, whose hook closes the server.
        return 0;
    }

    /** All that was given, the weakest first. */
    private List<Given> given(Map<String, String> environment) {
        List<Given> given = new ArrayList<>();
        String fromEnvironment = environment.get(Environment.CONFIG);
        if (config != null) {
            given.addAll(YamlFile.read(path(config, "--config")));
        } else if (fromEnvironment != null) {
            given.addAll(YamlFile.read(path(fromEnvironment, Environment.CONFIG)));
        }
        given.addAll(Environment.read(environment));
        given.addAll(flags());
        return given;
    }

    private List<Given> flags() {
        List<Given> given = new ArrayList<>();
        for (String pair : set) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new WrongConfiguration("--set takes key=value, such as limits.rooms=10, not \"" + pair + "\"");
            }
            given.add(new Given(pair.substring(0, equals).strip(), pair.substring(equals + 1), "--set"));
        }
        addFlag(given, Settings.PORT, port, "--port");
        addFlag(given, Settings.HOST, host, "--host");
        addFlag(given, Settings.LANES, lanes, "--lanes");
        addFlag(given, Settings.DEMO, noDemo ? "false" : null, "--no-demo");
        return given;
    }

    private static void addFlag(List<Given> given, Setting<?> setting, @Nullable String value, String flag) {
        if (value != null) {
            given.add(new Given(setting.key(), value, flag));
        }
    }

    private static RoomServer start(Configuration configuration) {
        try {
            return builder(configuration).build().start();
        } catch (IllegalArgumentException refused) { // a value that the table lets pass and the server does not
            throw new WrongConfiguration(String.valueOf(refused.getMessage()));
        } catch (UncheckedIOException e) {
            throw new CannotListen(configuration.host(), configuration.port(), e);
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
                .shutdownSpread(configuration.shutdownSpread())
                .allowedOrigins(configuration.allowedOrigins());
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
    private static String greeting(Configuration configuration, int port) {
        String authority = reachable(configuration.host()) + ":" + port;
        String socket = "ws://" + authority + configuration.path();
        return configuration.demo()
                ? "Roomcast is at http://" + authority + "/ (clients: " + socket + ", Ctrl-C stops it)"
                : "Roomcast is at " + socket + " (no page, Ctrl-C stops it)";
    }

    /** A host that can stand in an address: "all addresses" is none, and IPv6 needs brackets. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "[::1]";
            default -> host.contains(":") ? "[" + host + "]" : host;
        };
    }

    private static Path path(String name, String source) {
        try {
            return Path.of(name);
        } catch (InvalidPathException wrong) {
            throw new WrongConfiguration(source + " is no file name: " + wrong.getMessage());
        }
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the command's specification before it calls");
        }
        return spec.commandLine().getOut();
    }
}
