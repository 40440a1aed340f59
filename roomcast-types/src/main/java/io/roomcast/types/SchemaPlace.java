package io.roomcast.types;

import org.jspecify.annotations.Nullable;

/**
 * Where something stands in a schema, as a reference would say it: {@code #/$defs/Note/properties/text}.
 *
 * @param outer null at the top
 */
record SchemaPlace(@Nullable SchemaPlace outer, String step) {
    static final SchemaPlace TOP = new SchemaPlace(null, "#");
    private static final int MOST_CHARACTERS = 200;

    SchemaPlace at(String next) {
        return new SchemaPlace(this, next);
    }

    /** Where it is too long, its end. */
    @Override
    public String toString() {
        String path = "";
        for (SchemaPlace place = this; place != null; place = place.outer) {
            path = Shown.word(place.step) + (path.isEmpty() ? "" : "/") + path;
            if (path.length() > MOST_CHARACTERS) {
                return "…/" + path;
            }
        }
        return path;
    }
}
