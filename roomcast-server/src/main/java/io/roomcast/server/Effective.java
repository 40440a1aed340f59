package io.roomcast.server;

import io.roomcast.engine.RoomTemplate;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that was given, put together and found right: what {@code ./roomcast config} shows and the server starts with.
 *
 * @param settings the values of {@link Settings}
 * @param templates for each room template the values of {@link Templates}
 * @param configuration what results from both
 */
record Effective(Values settings, List<Values> templates, Configuration configuration) {

    /**
     * Where a setting is given more than once, the last one counts. A value that is overridden must be right all the same.
     *
     * @throws WrongConfiguration if a key is unknown or a value is out of its range; the message names all of them
     */
    static Effective of(List<Given> given) {
        Values settings = new Values(Settings.table(), "'./roomcast --help' lists them");
        List<Given> ofTemplates = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Given one : given) {
            if (Templates.isMeantBy(one.key())) {
                ofTemplates.add(one);
            } else {
                settings.take(one, "").ifPresent(problems::add);
            }
        }
        List<Values> templates = Templates.read(ofTemplates, problems);
        half(settings, Settings.TLS_CERTIFICATE, Settings.TLS_KEY).ifPresent(problems::add);
        half(settings, Settings.TLS_KEY, Settings.TLS_CERTIFICATE).ifPresent(problems::add);
        refuseIfAny(problems);
        Limits limits = limits(settings);
        List<RoomTemplate> resolved = Templates.resolve(templates, limits, problems);
        refuseIfAny(problems);
        return new Effective(settings, templates, Configuration.from(settings, limits, resolved));
    }

    /** What to say if of two that go together only the first is given. */
    private static Optional<String> half(Values settings, Setting<String> given, Setting<String> other) {
        return settings.get(given).isEmpty() || !settings.get(other).isEmpty()
                ? Optional.empty()
                : Optional.of(given.key() + " is given without " + other.key() + "; TLS takes both");
    }

    private static Limits limits(Values settings) {
        Limits limits = Limits.defaults();
        for (Limit limit : Limit.values()) {
            limits = limits.with(limit, settings.get(Settings.of(limit)));
        }
        return limits;
    }

    private static void refuseIfAny(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new WrongConfiguration(problems);
        }
    }
}
