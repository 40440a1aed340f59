package io.roomcast.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Settings from environment variables: {@code ROOMCAST_} and the key in upper case, a dot as an underscore. A variable
 * that begins so and is no setting is an error, since it is most likely a mistyped one.
 */
final class Environment {
    static final String PREFIX = "ROOMCAST_";

    /** The configuration file, where no {@code --config} is given. */
    static final String CONFIG = PREFIX + "CONFIG";

    /** Read by {@code ./roomcast} before there is a JVM. */
    private static final Set<String> OF_THE_SCRIPT = Set.of(PREFIX + "JAVA_OPTS", PREFIX + "JAR");

    /** Where the commands that are clients find the server; of no interest to the server itself. */
    static final String URL = PREFIX + "URL";

    private static final String TEMPLATES = PREFIX + "TEMPLATES";

    private Environment() {}

    static List<Given> read(Map<String, String> variables) {
        Map<String, String> keys =
                Settings.table().stream().collect(Collectors.toMap(Setting::environmentName, Setting::key));
        List<Given> given = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        new TreeMap<>(variables).forEach((name, value) -> {
            if (!name.startsWith(PREFIX) || isNoSetting(name, value)) {
                return;
            }
            String key = keys.get(name);
            if (name.startsWith(TEMPLATES)) {
                problems.add(Templates.onlyInTheFile(name, "environment"));
            } else if (key == null) {
                Optional<String> nearest = Nearest.to(name, keys.keySet());
                problems.add(name + " (environment) is no setting"
                        + nearest.map(meant -> "; did you mean " + meant + "?")
                                .orElse("; './roomcast --help' lists them"));
            } else {
                given.add(new Given(key, value, name));
            }
        });
        if (!problems.isEmpty()) {
            throw new WrongConfiguration(problems);
        }
        return given;
    }

    private static boolean isNoSetting(String name, String value) {
        return name.equals(CONFIG) || name.equals(URL) || OF_THE_SCRIPT.contains(name) || isServiceLink(name, value);
    }

    /**
     * Kubernetes tells every pod about a service named "roomcast" in variables such as
     * {@code ROOMCAST_SERVICE_HOST=10.0.0.1} and {@code ROOMCAST_PORT=tcp://10.0.0.1:8080}. Nobody set these for us.
     */
    private static boolean isServiceLink(String name, String value) {
        return name.startsWith(PREFIX + "SERVICE_")
                || name.matches(PREFIX + "PORT_\\d+_.*")
                || (name.equals(PREFIX + "PORT") && value.matches("(tcp|udp|sctp)://.*"));
    }
}
