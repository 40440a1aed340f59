package io.roomcast.types;

import java.util.List;

/** What a value is, by a schema, as far as the types of other languages tell one from another. */
sealed interface SchemaType {

    /** What has no parts. */
    enum Simple implements SchemaType {
        ANYTHING,
        TEXT,
        FLAG,
        WHOLE,
        NUMBER
    }

    /** This string and no other: what tells the records of a union apart. */
    record Constant(String text) implements SchemaType {}

    record Items(SchemaType item) implements SchemaType {}

    /** An object with any names. */
    record Values(SchemaType value) implements SchemaType {}

    record OrNull(SchemaType type) implements SchemaType {}

    /** What is defined by this name. */
    record Reference(String name) implements SchemaType {}

    /**
     * A type, and what people should know beside it.
     *
     * @param notes lines of text, of others as far as they are descriptions
     */
    record Described(SchemaType type, List<String> notes) {}
}
