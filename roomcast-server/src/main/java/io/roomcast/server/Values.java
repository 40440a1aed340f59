package io.roomcast.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values that were given for the settings of a table, each read and found right, and where each was given. */
final class Values {
    private final List<Setting<?>> table;
    private final String hint;
    private final Map<Setting<?>, Object> values = new HashMap<>();
    private final Map<Setting<?>, String> sources = new HashMap<>();

    /** @param hint how somebody finds out which settings there are, who has used one that is none */
    Values(List<Setting<?>> table, String hint) {
        this.table = table;
        this.hint = hint;
    }

    /** The settings there are, given or not. */
    List<Setting<?>> table() {
        return table;
    }

    /**
     * Takes a value; what was given before for its setting counts no more.
     *
     * @param place what stands before the setting's key in the file
     * @return what is wrong with it, if anything is
     */
    Optional<String> take(Given given, String place) {
        String key = given.key().substring(place.length());
        for (Setting<?> setting : table) {
            if (setting.key().equals(key)) {
                return set(setting, given);
            }
        }
        List<String> known = table.stream().<String>map(Setting::key).toList();
        return Optional.of(given.key() + " (" + given.source() + ") is no setting"
                + Nearest.to(key, known)
                        .map(meant -> "; did you mean " + place + meant + "?")
                        .orElse("; " + hint));
    }

    private Optional<String> set(Setting<?> setting, Given given) {
        Optional<?> value = setting.read(given.value());
        value.ifPresent(readable -> {
            values.put(setting, readable);
            sources.put(setting, given.source());
        });
        return value.isPresent()
                ? Optional.empty()
                : Optional.of(given.key() + " is \"" + given.value() + "\" (" + given.source() + "), but must be "
                        + setting.range() + ": " + setting.meaning());
    }

    boolean isGiven(Setting<?> setting) {
        return values.containsKey(setting);
    }

    /** The value given, or the default. */
    @SuppressWarnings("unchecked") // set() puts what the setting itself has read
    <T> T get(Setting<T> setting) {
        return (T) values.getOrDefault(setting, setting.defaultValue());
    }

    /** Where the value was given, empty if nowhere. */
    Optional<String> source(Setting<?> setting) {
        return Optional.ofNullable(sources.get(setting));
    }
}
