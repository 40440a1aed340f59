package io.roomcast.types;

import java.util.Locale;

/** Text of others as it stands in source code: as a string or a comment, and never as anything else. */
final class SourceText {
    private SourceText() {}

    // ---- Strings

    /** A string of TypeScript in double quotes. */
    static String inTypeScript(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            int point = text.codePointAt(i);
            if (point == '"' || point == '\\') {
                quoted.append('\\').append((char) point);
            } else if (isPlain(point)) {
                quoted.appendCodePoint(point);
            } else {
                escapeUnits(quoted, point);
            }
            i += Character.charCount(point) - 1;
        }
        return quoted.append('"').toString();
    }

    /** A part of a template literal, between its holes. */
    static String inTemplate(String text) {
        String quoted = inTypeScript(text);
        return quoted.substring(1, quoted.length() - 1)
                .replace("\\\"", "\"")
                .replace("`", "\\`")
                .replace("${", "\\${");
    }

    /** A string of Python in double quotes. */
    static String inPython(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                quoted.append('\\').append((char) point);
            } else if (isPlain(point)) {
                quoted.appendCodePoint(point);
            } else {
                quoted.append(String.format(Locale.ROOT, point > 0xffff ? "\\U%08x" : "\\u%04x", point));
            }
        });
        return quoted.append('"').toString();
    }

    private static void escapeUnits(StringBuilder quoted, int point) {
        for (char unit : Character.toChars(point)) {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
        }
    }

    // ---- Comments

    /** The lines of a text, by whatever any language takes for the end of one. */
    static String[] lines(String text) {
        return text.strip().split("\\r\\n|[\\n\\r\\u000b\\f\\u0085\\u2028\\u2029]", -1);
    }

    /** A line of a comment of TypeScript that ends with a star and a slash; what it says is no directive to the compiler. */
    static String inBlockComment(String line) {
        return inComment(line).replace("*/", "*\\/").replace("@ts-", "@ts\\-");
    }

    /** A line of a comment that ends with the line. */
    static String inComment(String line) {
        StringBuilder plain = new StringBuilder();
        line.codePoints().forEach(point -> {
            if (isPlain(point)) {
                plain.appendCodePoint(point);
            } else if (point == '\t') {
                plain.append(' ');
            } else {
                plain.append(String.format(Locale.ROOT, "\\u{%x}", point));
            }
        });
        return plain.toString().stripTrailing();
    }

    /** A line of a string of Python in three double quotes. */
    static String inDocstring(String line) {
        String plain = inComment(line);
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            boolean couldEnd = c == '"' && (i + 1 == plain.length() || plain.charAt(i + 1) == '"');
            escaped.append(c == '\\' || couldEnd ? "\\" : "").append(c);
        }
        return escaped.toString();
    }

    /** Not: controls, marks of direction, line separators, halves of a pair, what is no character. */
    private static boolean isPlain(int point) {
        return Shown.isPlain(point);
    }
}
