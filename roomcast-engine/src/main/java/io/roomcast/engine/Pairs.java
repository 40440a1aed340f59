package io.roomcast.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Optional;

/** Texts of the form {@code name=value;name=value}: queries and cookies. */
final class Pairs {
    private Pairs() {}

    /** The value of the first pair with this name. */
    static Optional<String> find(String text, String separator, String name) {
        for (String pair : text.split(separator, -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                return Optional.of(pair.substring(equals + 1).strip());
            }
        }
        return Optional.empty();
    }

    /** The text with {@code %xx} and {@code +} decoded; one that is not properly encoded stays as it came. */
    static String formDecoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
