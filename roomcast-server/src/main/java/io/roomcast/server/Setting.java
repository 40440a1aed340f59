package io.roomcast.server;

import io.roomcast.protocol.Limit;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

    /** The number that stands for {@code off}. */
    static final Long OFF = Limit.OFF;

    private static final String OFF_TEXT = "off";

    /** Text that means itself without quotes; there is more of it, but quotes never hurt. */
    private static final Pattern PLAIN_IN_YAML = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9/._-]*");

    static Setting<Long> number(String key, long defaultValue, long least, long most, String meaning) {
        return new Setting<>(
                key,
                defaultValue,
                Long.toString(defaultValue),
                "a whole number from " + least + " to " + most,
                meaning,
                text -> wholeNumber(text).filter(value -> value >= least && value <= most));
    }

    /** A number, or {@code off}: {@link #OFF}. */
    static Setting<Long> numberOrOff(String key, long defaultValue, long least, long most, String meaning) {
        Setting<Long> number = number(key, defaultValue, least, most, meaning);
        return new Setting<>(
                key,
                defaultValue,
                defaultValue == OFF ? OFF_TEXT : number.defaultText,
                number.range + ", or " + OFF_TEXT,
                meaning,
                text -> text.equals(OFF_TEXT) ? Optional.of(OFF) : number.reader.apply(text));
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

    /** The name of a file, empty for none. */
    static Setting<String> file(String key, String defaultText, String meaning) {
        return new Setting<>(key, "", defaultText, "the name of a file", meaning, text -> {
            try {
                return Optional.of(Path.of(text).toString());
            } catch (InvalidPathException noName) {
                return Optional.empty();
            }
        });
    }

    /** {@code limits.…} of this limit. */
    static Setting<Long> limit(Limit limit) {
        String key = "limits." + limit.key();
        return limit.mayBeOff()
                ? numberOrOff(key, limit.defaultValue(), limit.least(), limit.most(), limit.meaning())
                : number(key, limit.defaultValue(), limit.least(), limit.most(), limit.meaning());
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

    /** A value as it stands in a YAML file. */
    static String yaml(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Setting::yaml).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof String text) {
            return PLAIN_IN_YAML.matcher(text).matches()
                    ? text
                    : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        return value.equals(OFF) ? OFF_TEXT : value.toString();
    }

    private static Optional<Long> wholeNumber(String text) {
        try {
            return Optional.of(Long.valueOf(text));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
