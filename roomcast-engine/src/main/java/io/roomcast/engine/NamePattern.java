package io.roomcast.engine;

/** A pattern for the whole of a room's id, or of another name, where {@code *} stands for any number of characters. */
public final class NamePattern {
    private final String text;

    private NamePattern(String text) {
        this.text = text;
    }

    public static NamePattern of(String text) {
        return new NamePattern(text);
    }

    /** Whether the name matches. In time linear in both, and without allocating, for all patterns with one star. */
    public boolean matches(String name) {
        return matches(text, name);
    }

    /** The same, for who has the pattern as it was written. */
    static boolean matches(String pattern, String name) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return name.equals(pattern);
        }
        int lastStar = pattern.lastIndexOf('*');
        int end = name.length() - (pattern.length() - lastStar - 1);
        if (end < star
                || !name.regionMatches(0, pattern, 0, star)
                || !name.regionMatches(end, pattern, lastStar + 1, name.length() - end)) {
            return false;
        }
        int from = star;
        while (star < lastStar) {
            int next = pattern.indexOf('*', star + 1);
            String part = pattern.substring(star + 1, next);
            int found = name.indexOf(part, from);
            if (found < 0 || found + part.length() > end) {
                return false;
            }
            from = found + part.length();
            star = next;
        }
        return true;
    }

    /** Whether there is no star in it, so that one name alone matches. */
    public boolean isName() {
        return text.indexOf('*') < 0;
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
