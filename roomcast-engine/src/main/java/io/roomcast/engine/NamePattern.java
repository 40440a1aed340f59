package io.roomcast.engine;

import java.util.ArrayList;
import java.util.List;

/** A pattern for the whole of a room's id, or of another name, where {@code *} stands for any number of characters. */
public final class NamePattern {
    private final String text;

    /** What stands between the stars; one part if there is none. */
    private final List<String> parts;

    private NamePattern(String text, List<String> parts) {
        this.text = text;
        this.parts = parts;
    }

    public static NamePattern of(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int star = text.indexOf('*'); star >= 0; star = text.indexOf('*', from)) {
            parts.add(text.substring(from, star));
            from = star + 1;
        }
        parts.add(text.substring(from));
        return new NamePattern(text, parts);
    }

    /** Whether the name matches. In time linear in both for all patterns with one star. */
    public boolean matches(String name) {
        String first = parts.get(0);
        if (isName()) {
            return name.equals(first);
        }
        String last = parts.get(parts.size() - 1);
        if (!name.startsWith(first) || !name.endsWith(last) || name.length() < first.length() + last.length()) {
            return false;
        }
        int from = first.length();
        int end = name.length() - last.length();
        for (String part : parts.subList(1, parts.size() - 1)) {
            int found = name.indexOf(part, from);
            if (found < 0 || found + part.length() > end) {
                return false;
            }
            from = found + part.length();
        }
        return true;
    }

    /** Whether there is no star in it, so that one name alone matches. */
    public boolean isName() {
        return parts.size() == 1;
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
