package io.roomcast.engine;

import java.util.Locale;

/**
 * Text of others as it stands in a log: in quotes, in one line, cut, and with nothing in it that a terminal would obey or
 * that would turn the line's direction.
 */
final class LogText {
    private static final int MOST_CODE_POINTS = 64;

    private LogText() {}

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        int end = text.codePointCount(0, text.length()) <= MOST_CODE_POINTS
                ? text.length()
                : text.offsetByCodePoints(0, MOST_CODE_POINTS);
        text.substring(0, end).codePoints().forEach(point -> append(quoted, point));
        return quoted.append(end < text.length() ? "…\"" : "\"").toString();
    }

    private static void append(StringBuilder quoted, int point) {
        if (point == '"' || point == '\\') {
            quoted.append('\\').appendCodePoint(point);
        } else if (isPlain(point)) {
            quoted.appendCodePoint(point);
        } else {
            quoted.append(String.format(Locale.ROOT, "\\u{%x}", point));
        }
    }

    /** Not: controls such as CR, LF and ESC, marks of direction, line separators, halves of a pair, what is no character. */
    private static boolean isPlain(int point) {
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
