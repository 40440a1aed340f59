package io.roomcast.types;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A boolean. */
enum FlagShape implements Shape {
    FLAG;

    @Override
    public Object read(Tree tree, Place place) throws Wrong {
        if (tree instanceof Tree.Flag flag) {
            return flag.value();
        }
        throw Wrong.kind(place, tree, must());
    }

    @Override
    public void write(@Nullable Object value, JsonGenerator out, int depth) {
        out.writeBoolean((Boolean) Objects.requireNonNull(value));
    }

    @Override
    public String must() {
        return "true or false";
    }

    @Override
    public Object schema() {
        return Map.of("type", "boolean");
    }
}
