package io.roomcast.types;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Text of others as it stands in what we say to a developer: in quotes, cut, and with nothing in it that a terminal would
 * obey or that would turn the line's direction.
 */
final class Shown {
    static final int MOST_CODE_POINTS = 40;
    private static final int MOST_OF_A_SENTENCE = 200;
    private static final int MOST_NAMES = 10;

    private Shown() {}

    static String quoted(String text) {
        return "\"" + cut(text, MOST_CODE_POINTS) + "\"";
    }

    /** The same without the quotes. */
    static String word(String text) {
        return cut(text, MOST_CODE_POINTS);
    }

    /** What a constructor says, or something else that is a sentence. */
    static String sentence(String text) {
        return cut(text, MOST_OF_A_SENTENCE);
    }

    /** These in a row, or as many as help, each in quotes. */
    static String quotedNames(Collection<String> names) {
        return names(names.stream().map(Shown::quoted).toList());
    }

    /** These in a row, or as many as help. */
    static String names(Collection<String> names) {
        String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return names.size() <= MOST_NAMES ? first : first + " and " + (names.size() - MOST_NAMES) + " more";
    }

    private static String cut(String text, int most) {
        StringBuilder shown = new StringBuilder();
        boolean isCut = text.codePointCount(0, text.length()) > most;
        int end = isCut ? text.offsetByCodePoints(0, most) : text.length();
        text.substring(0, end).codePoints().forEach(point -> append(shown, point));
        return isCut ? shown.append('…').toString() : shown.toString();
    }

    private static void append(StringBuilder shown, int point) {
        if (point == '"' || point == '\\') {
            shown.append('\\').appendCodePoint(point);
        } else if (isPlain(point)) {
            shown.appendCodePoint(point);
        } else {
            shown.append(String.format(Locale.ROOT, "\\u{%x}", point));
        }
    }

    /** Not: controls such as CR, LF and ESC, marks of direction, line separators, halves of a pair, what is no character. */
    static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
