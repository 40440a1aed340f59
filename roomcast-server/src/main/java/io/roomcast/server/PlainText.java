package io.roomcast.server;

import io.roomcast.protocol.Json;
import java.util.Locale;

/**
 * What others wrote, as it may go to a terminal: in one line, with nothing in it that a terminal would obey or that would
 * turn the line's direction.
 */
final class PlainText {
    private static final int MOST_OF_A_NAME = 40;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private PlainText() {}

    /** A text of any length. A line break is shown as {@code \n}, and what is not plain as {@code \}{@code u{1b}}. */
    static String of(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> append(shown, point, true));
        return shown.toString();
    }

    /** Names somebody: cut, and where it could be taken for something else of the line, in quotes. */
    static String name(String name) {
        StringBuilder shown = new StringBuilder();
        boolean isCut = name.codePointCount(0, name.length()) > MOST_OF_A_NAME;
        int end = isCut ? name.offsetByCodePoints(0, MOST_OF_A_NAME) : name.length();
        name.substring(0, end).codePoints().forEach(point -> append(shown, point, false));
        String text = isCut ? shown.append('…').toString() : shown.toString();
        boolean isClear = !text.isEmpty()
                && Character.isLetterOrDigit(text.codePointAt(0))
                && !Character.isWhitespace(text.codePointBefore(text.length()))
                && text.chars().noneMatch(c -> c == ':' || c == '"' || c == '\\' || c == '(' || c == ',');
        return isClear ? text : '"' + text.replace("\"", "\\\"") + '"';
    }

    /** JSON that means the same, in one line. */
    static String json(Json json) {
        String text = json.toString();
        StringBuilder line = new StringBuilder(text.length());
        boolean isInString = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isInString) {
                isInString = c == '"';
                if (c > ' ') { // else it is white space, all of which JSON can do without
                    line.append(c);
                }
            } else if (c == '\\') {
                line.append(c).append(text.charAt(++i));
            } else {
                isInString = c != '"';
                int point = text.codePointAt(i);
                appendInJson(line, point);
                i += Character.charCount(point) - 1;
            }
        }
        return line.toString();
    }

    /** A string of JSON, with its quotes. */
    static String jsonString(String text) {
        StringBuilder line = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                line.append('\\');
            }
            appendInJson(line, point);
        });
        return line.append('"').toString();
    }

    private static void append(StringBuilder shown, int point, boolean joins) {
        boolean isJoiner = point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER;
        if (point == '\n') {
            shown.append("\\n");
        } else if (point == '\t') {
            shown.append("\\t");
        } else if (isPlain(point) || (joins && isJoiner)) {
            shown.appendCodePoint(point);
        } else {
            shown.append(String.format(Locale.ROOT, "\\u{%x}", point));
        }
    }

    private static void appendInJson(StringBuilder line, int point) {
        if (isPlain(point)) {
            line.appendCodePoint(point);
        } else {
            for (char c : Character.toChars(point)) {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
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
