package io.roomcast.types;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The types of a room, in the languages of the clients, made of the JSON Schema of its {@link RoomType}.
 *
 * <pre>{@code
 * Files.writeString(Path.of("web/src/board.ts"), ClientTypes.of(BOARD.jsonSchema()).typescript());
 * }</pre>
 *
 * <p>{@code ./roomcast types} is the same as a command. The text is the same for the same schema, and ends with a new line.
 * Immutable.
 */
public final class ClientTypes {
    /** Characters of a schema, beyond which it is not read. */
    public static final int MOST_CHARACTERS = 4 << 20;

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,59}");

    private final ClientSchema schema;
    private final @Nullable String name;

    private ClientTypes(ClientSchema schema, @Nullable String name) {
        this.schema = schema;
        this.name = name;
    }

    /**
     * The types that this schema describes.
     *
     * @param jsonSchema as {@link RoomType#jsonSchema()} writes it; descriptions and limits may have been added
     * @throws IllegalArgumentException if there is something in it that would be lost in the types; the message says what,
     *     where, and what to do
     */
    public static ClientTypes of(String jsonSchema) {
        if (jsonSchema.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "The schema has more than " + MOST_CHARACTERS + " characters; describe the room with fewer types");
        }
        return new ClientTypes(SchemaReader.read(jsonSchema), null);
    }

    /**
     * The same under another name: Chat makes ChatEvents, ChatState and ChatMember. Without one it is made of the pattern of
     * the rooms, so that "chat-*" makes these too.
     *
     * @throws IllegalArgumentException if it is not up to 60 letters and digits (ASCII), a letter first
     */
    public ClientTypes named(String other) {
        if (!NAME.matcher(other).matches()) {
            throw new IllegalArgumentException("The name " + Shown.quoted(other)
                    + " must be letters and digits from ASCII, a letter first, at most 60; choose another");
        }
        return new ClientTypes(schema, other);
    }

    /** A module of TypeScript, for {@code client.join<ChatEvents, ChatState, ChatMember>(…)}. It imports nothing. */
    public String typescript() {
        return new TypeScriptText(schema, names()).text();
    }

    /** A module of Python 3.10: dataclasses with {@code from_json} and {@code to_json}. It needs the standard library only. */
    public String python() {
        return new PythonText(schema, names()).text();
    }

    private RoomNames names() {
        RoomNames names = RoomNames.of(Optional.ofNullable(name).orElseGet(() -> fromPattern(schema.rooms())));
        for (String each : List.of(names.events(), names.state(), names.member())) {
            if (schema.definitions().containsKey(each)) {
                throw new IllegalArgumentException("There is a " + each
                        + " in the schema, which is what the room's own type would be named; give the room another name"
                        + " (--name)");
            }
        }
        return names;
    }

    /** Its words, each with a large first letter. */
    private static String fromPattern(String rooms) {
        StringBuilder joined = new StringBuilder();
        for (String word : rooms.split("[^A-Za-z0-9]+", -1)) {
            if (!word.isEmpty()) {
                joined.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
            }
        }
        String all = joined.length() > 60 ? joined.substring(0, 60) : joined.toString();
        return NAME.matcher(all).matches() ? all : "Room" + (all.length() > 50 ? "" : all);
    }
}
