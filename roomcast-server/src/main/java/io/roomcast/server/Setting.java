package io.roomcast.server;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One setting of the program. Whatever way a value comes (file, environment, flag), it comes as text and is read here.
 *
 * @param key its one name, in the file and for {@code --set}
 * @param defaultValue what holds where nothing is given
 * @param defaultText the default in words, for {@code --help}
 * @param range what a value must be, as the end of the sentence "… must be …"
 * @param meaning what it is for
 * @param reader the value of a text, or empty if it is out of range
 */
record Setting<T>(
        String key,
        T defaultValue,
        String defaultText,
        String range,
        String meaning,
        Function<String, Optional<T>> reader) {

    static Setting<Long> number(String key, long defaultValue, long least, long most, String meaning) {
        return new Setting<>(
                key,
                defaultValue,
                Long.toString(defaultValue),
                "a whole number from " + least + " to " + most,
                meaning,
                text -> wholeNumber(text).filter(value -> value >= least && value <= most));
    }

    static Setting<Boolean> flag(String key, boolean defaultValue, String meaning) {
        return new Setting<>(
                key, defaultValue, Boolean.toString(defaultValue), "true or false", meaning, text -> switch (text) {
                    case "true" -> Optional.of(true);
                    case "false" -> Optional.of(false);
                    default -> Optional.empty();
                });
    }

    static Setting<String> text(String key, String defaultValue, String pattern, String range, String meaning) {
        return new Setting<>(
                key,
                defaultValue,
                defaultValue,
                range,
                meaning,
                text -> Optional.of(text).filter(value -> value.matches(pattern)));
    }

    Setting<T> withDefault(T value, String text) {
        return new Setting<>(key, value, text, range, meaning, reader);
    }

    /** {@code limits.frameBytes} is {@code ROOMCAST_LIMITS_FRAMEBYTES}: upper case, a dot is an underscore. */
    String environmentName() {
        return Environment.PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** The value of this text, or empty if the setting cannot have it. */
    Optional<T> read(String text) {
        return reader.apply(text.strip());
    }

    private static Optional<Long> wholeNumber(String text) {
        try {
            return Optional.of(Long.valueOf(text));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
