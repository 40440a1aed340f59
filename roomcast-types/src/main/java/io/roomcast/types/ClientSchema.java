package io.roomcast.types;

import io.roomcast.engine.NamePattern;
import io.roomcast.types.SchemaType.Described;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the schema of a room type says, made ready to be written in another language.
 *
 * @param rooms the pattern of the rooms' ids
 * @param message the data of messages without an event; null if there are none
 * @param member what members tell about themselves; null if they tell nothing
 */
record ClientSchema(
        String rooms,
        Names events,
        @Nullable Described message,
        Names state,
        @Nullable Described member,
        boolean needsMember,
        Map<String, Definition> definitions) {

    /**
     * Values by name.
     *
     * @param patterns for other names; of those that match, the first counts
     */
    record Names(Map<String, Described> byName, List<ByPattern> patterns) {
        static final Names NONE = new Names(Map.of(), List.of());

        boolean isEmpty() {
            return byName.isEmpty() && patterns.isEmpty();
        }
    }

    /**
     * The value of names that match a pattern.
     *
     * @param others what a name that matches may be instead, because it is declared before
     */
    record ByPattern(NamePattern pattern, Described value, List<SchemaType> others) {}

    /** What has a name of its own. */
    sealed interface Definition {
        List<String> notes();
    }

    /** A record. */
    record Fields(Map<String, Field> byName, List<String> notes) implements Definition {}

    record Field(Described value, boolean isRequired) {}

    /** An enum. */
    record Constants(List<String> texts, List<String> notes) implements Definition {}

    /** Records, by what stands in their {@link RecordShape#TAG}. */
    record Union(Map<String, String> byTag, List<String> notes) implements Definition {}
}
