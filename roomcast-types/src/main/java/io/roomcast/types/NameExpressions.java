package io.roomcast.types;

import io.roomcast.engine.NamePattern;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Patterns of names as regular expressions that every dialect of JSON Schema reads alike, and back. */
final class NameExpressions {
    private static final String SYNTAX = "^$\\.*+?()[]{}|";
    private static final String STAR = "[\\s\\S]*";
    private static final String NOT = "(?!";
    private static final String END_OF_NOT = "$)";

    private NameExpressions() {}

    /** What matches this and none of those before it, because the first that matches a name counts. */
    static String of(NamePattern pattern, List<NamePattern> before) {
        StringBuilder expression = new StringBuilder("^");
        for (NamePattern other : before) {
            if (other.isName() ? pattern.matches(other.toString()) : overlap(pattern, other)) {
                append(expression.append(NOT), other).append(END_OF_NOT);
            }
        }
        return append(expression, pattern).append('$').toString();
    }

    /** Whether a name could match both, as far as their beginnings tell. */
    static boolean overlap(NamePattern one, NamePattern other) {
        String first = beginning(one);
        String second = beginning(other);
        return first.startsWith(second) || second.startsWith(first);
    }

    /**
     * What such an expression was made of.
     *
     * @param others the expressions of those before it, without their ends
     */
    record Read(NamePattern pattern, Set<String> others) {
        /** Whether those are the ones, in whatever order they stand. */
        boolean isBehind(List<NamePattern> before) {
            return before.stream()
                    .map(other -> append(new StringBuilder(), other).toString())
                    .collect(Collectors.toSet())
                    .equals(others);
        }
    }

    /** Null if it was made of no pattern. */
    static @Nullable Read read(String expression) {
        Set<String> others = new HashSet<>();
        int from = 1;
        while (expression.startsWith(NOT, from)) {
            int end = expression.indexOf(END_OF_NOT, from);
            while (end > 0 && isEscaped(expression, end)) {
                end = expression.indexOf(END_OF_NOT, end + 1);
            }
            if (end < 0) {
                return null;
            }
            others.add(expression.substring(from + NOT.length(), end));
            from = end + END_OF_NOT.length();
        }
        NamePattern pattern = NamePattern.of(text(expression, from));
        // Whatever is not written as we write it comes out otherwise when it is written again.
        String again = append(new StringBuilder(), pattern).append('$').toString();
        boolean isOurs = expression.startsWith("^") && !pattern.isName();
        return isOurs && expression.substring(from).equals(again) ? new Read(pattern, others) : null;
    }

    private static String text(String expression, int from) {
        StringBuilder text = new StringBuilder();
        int to = expression.length() - 1;
        for (int i = from; i < to; i++) {
            if (expression.startsWith(STAR, i)) {
                text.append('*');
                i += STAR.length() - 1;
            } else {
                i += expression.charAt(i) == '\\' ? 1 : 0;
                text.append(expression.charAt(i));
            }
        }
        return text.toString();
    }

    /** Whether an odd number of backslashes stands before it. */
    private static boolean isEscaped(String expression, int index) {
        int from = index;
        while (from > 0 && expression.charAt(from - 1) == '\\') {
            from--;
        }
        return (index - from) % 2 == 1;
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
                expression.append(STAR);
            } else {
                expression.append(SYNTAX.indexOf(c) >= 0 ? "\\" : "").append(c);
            }
        }
        return expression;
    }
}
