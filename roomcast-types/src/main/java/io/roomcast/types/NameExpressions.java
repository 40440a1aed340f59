package io.roomcast.types;

import io.roomcast.engine.NamePattern;
import java.util.List;

/** Patterns of names as regular expressions that every dialect of JSON Schema reads alike. */
final class NameExpressions {
    private static final String SYNTAX = "^$\\.*+?()[]{}|";

    private NameExpressions() {}

    /** What matches this and none of those before it, because the first that matches a name counts. */
    static String of(NamePattern pattern, List<NamePattern> before) {
        StringBuilder expression = new StringBuilder("^");
        for (NamePattern other : before) {
            if (other.isName() ? pattern.matches(other.toString()) : overlap(pattern, other)) {
                append(expression.append("(?!"), other).append("$)");
            }
        }
        return append(expression, pattern).append('$').toString();
    }

    /** Whether a name could match both, as far as their beginnings tell. */
    private static boolean overlap(NamePattern one, NamePattern other) {
        String first = beginning(one);
        String second = beginning(other);
        return first.startsWith(second) || second.startsWith(first);
    }

    private static String beginning(NamePattern pattern) {
        String text = pattern.toString();
        return text.substring(0, text.indexOf('*'));
    }

    private static StringBuilder append(StringBuilder expression, NamePattern pattern) {
        String text = pattern.toString();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*') {
                expression.append("[\\s\\S]*");
            } else {
                expression.append(SYNTAX.indexOf(c) >= 0 ? "\\" : "").append(c);
            }
        }
        return expression;
    }
}
