package io.roomcast.server;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The flags that set something, for each command that goes by the configuration.
 *
 * <p>Flags are kept as text here, and read by {@link Setting} like the values of the file and of the environment, so
 * that a wrong one is explained in the same words wherever it stands.
 */
final class Flags {
    /** The settings with a flag of their own name. */
    private static final List<Setting<?>> OWN_FLAGS =
            List.of(Settings.PORT, Settings.HOST, Settings.LANES, Settings.TRANSPORT);

    @Option(names = "--port", paramLabel = "PORT", description = "TCP port; 0 is any free one.")
    private @Nullable String port;

    @Option(names = "--host", paramLabel = "HOST", description = "Address to listen on.")
    private @Nullable String host;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings from a YAML file.")
    private @Nullable String config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting; may be repeated. './roomcast --help' lists them.")
    private List<String> set = new ArrayList<>();

    @Option(names = "--lanes", paramLabel = "N", description = "Event loops that connections are spread over.")
    private @Nullable String lanes;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description = "auto, io_uring, epoll or nio: how bytes move. The start line says which.")
    private @Nullable String transport;

    @Option(names = "--no-demo", description = "No page at /; /roomcast.js and /health stay.")
    private boolean noDemo;

    /** The flag that gives this setting, for the documents; {@code --set} gives them all. */
    static String of(Setting<?> setting) {
        if (OWN_FLAGS.contains(setting)) {
            return "--" + setting.key();
        }
        return setting.equals(Settings.DEMO) ? "--no-demo" : "--set " + setting.key() + "=…";
    }

    boolean areGiven() {
        return config != null || !given().isEmpty();
    }

    /** All that was given, the weakest first: the file, the environment, the flags. */
    List<Given> withWhatIsBehind(Map<String, String> environment) {
        List<Given> given = new ArrayList<>();
        String fromEnvironment = environment.get(Environment.CONFIG);
        if (config != null) {
            given.addAll(YamlFile.read(path(config, "--config")));
        } else if (fromEnvironment != null) {
            given.addAll(YamlFile.read(path(fromEnvironment, Environment.CONFIG)));
        }
        given.addAll(Environment.read(environment));
        given.addAll(given());
        return given;
    }

    private List<Given> given() {
        List<Given> given = new ArrayList<>();
        for (String pair : set) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new WrongConfiguration("--set takes key=value, such as limits.rooms=10, not \"" + pair + "\"");
            }
            String key = pair.substring(0, equals).strip();
            if (Templates.isMeantBy(key)) {
                throw new WrongConfiguration(Templates.onlyInTheFile(key, "--set"));
            }
            given.add(new Given(key, pair.substring(equals + 1), "--set"));
        }
        addFlag(given, Settings.PORT, port, "--port");
        addFlag(given, Settings.HOST, host, "--host");
        addFlag(given, Settings.LANES, lanes, "--lanes");
        addFlag(given, Settings.TRANSPORT, transport, "--transport");
        addFlag(given, Settings.DEMO, noDemo ? "false" : null, "--no-demo");
        return given;
    }

    private static void addFlag(List<Given> given, Setting<?> setting, @Nullable String value, String flag) {
        if (value != null) {
            given.add(new Given(setting.key(), value, flag));
        }
    }

    private static Path path(String name, String source) {
        try {
            return Path.of(name);
        } catch (InvalidPathException wrong) {
            throw new WrongConfiguration(source + " is no file name: " + wrong.getMessage());
        }
    }
}
