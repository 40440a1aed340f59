package io.roomcast.server;

import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the program runs with. Immutable; every value has been checked against {@link Settings}. */
record Configuration(
        String host,
        int port,
        String path,
        int lanes,
        boolean demo,
        List<String> allowedOrigins,
        Duration heartbeat,
        Duration newsInterval,
        Duration shutdownSpread,
        Limits limits) {

    /**
     * The configuration that results from these values; where a setting is given more than once, the last one counts. A
     * value that is overridden must be right all the same.
     *
     * @throws WrongConfiguration if a key is unknown or a value is out of its range; the message names all of them
     */
    static Configuration of(List<Given> given) {
        Values values = new Values();
        List<String> problems = new ArrayList<>();
        for (Given one : given) {
            Settings.named(one.key())
                    .ifPresentOrElse(
                            setting -> values.set(setting, one).ifPresent(problems::add),
                            () -> problems.add(unknown(one)));
        }
        if (!problems.isEmpty()) {
            throw new WrongConfiguration(problems);
        }
        return values.toConfiguration();
    }

    private static String unknown(Given given) {
        List<String> known = Settings.table().stream().<String>map(Setting::key).toList();
        return given.key() + " (" + given.source() + ") is no setting"
                + Nearest.to(given.key(), known)
                        .map(meant -> "; did you mean " + meant + "?")
                        .orElse("; './roomcast --help' lists them");
    }

    /** The values given so far. */
    private static final class Values {
        private final Map<Setting<?>, Object> values = new HashMap<>();

        /** Sets the value, or says what is wrong with it. */
        private Optional<String> set(Setting<?> setting, Given given) {
            Optional<?> value = setting.read(given.value());
            value.ifPresent(readable -> values.put(setting, readable));
            return value.isPresent()
                    ? Optional.empty()
                    : Optional.of(setting.key() + " is \"" + given.value() + "\" (" + given.source() + "), but must be "
                            + setting.range() + ": " + setting.meaning());
        }

        @SuppressWarnings("unchecked") // set() puts what the setting itself has read
        private <T> T get(Setting<T> setting) {
            return (T) values.getOrDefault(setting, setting.defaultValue());
        }

        private Configuration toConfiguration() {
            Limits limits = Limits.defaults();
            for (Limit limit : Limit.values()) {
                limits = limits.with(limit, get(Settings.of(limit)));
            }
            return new Configuration(
                    get(Settings.HOST),
                    Math.toIntExact(get(Settings.PORT)),
                    get(Settings.PATH),
                    Math.toIntExact(get(Settings.LANES)),
                    get(Settings.DEMO),
                    get(Settings.ALLOWED_ORIGINS),
                    Duration.ofMillis(get(Settings.HEARTBEAT_MS)),
                    Duration.ofMillis(get(Settings.NEWS_INTERVAL_MS)),
                    Duration.ofMillis(get(Settings.SHUTDOWN_SPREAD_MS)),
                    limits);
        }
    }
}
