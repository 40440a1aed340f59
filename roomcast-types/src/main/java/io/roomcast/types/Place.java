package io.roomcast.types;

import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a frame, as {@code data.notes[3].x}.
 *
 * @param outer null for a field of the frame
 * @param step a name, or an Integer that is an index
 */
record Place(@Nullable Place outer, Object step) {
    private static final int MOST_CHARACTERS = 160;

    static Place field(String name) {
        return new Place(null, name);
    }

    Place at(String name) {
        return new Place(this, name);
    }

    Place at(int index) {
        return new Place(this, index);
    }

    /** Where it is too long, its end: the beginning can be found from there. */
    @Override
    public String toString() {
        String path = "";
        for (Place place = this; place != null; place = place.outer) {
            path = place.text() + path;
            if (path.length() > MOST_CHARACTERS) {
                return "…" + path;
            }
        }
        return path;
    }

    private String text() {
        if (step instanceof Integer index) {
            return "[" + index + "]";
        }
        String name = (String) step;
        if (outer == null) {
            return name;
        }
        return isIdentifier(name) ? "." + name : "[" + Shown.quoted(name) + "]";
    }

    private static boolean isIdentifier(String name) {
        if (name.isEmpty() || name.length() > Shown.MOST_CODE_POINTS || isDigit(name.charAt(0))) {
            return false;
        }
        return name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_');
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
