package io.roomcast.types;

import io.roomcast.engine.NamePattern;
import io.roomcast.engine.Room;
import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What may be said in some rooms, as records: the messages by their events, the keys of the state, what members tell about
 * themselves. What is not declared is refused.
 *
 * <pre>{@code
 * RoomType board = RoomType.of("board-*")
 *         .event("chat", Chat.class)
 *         .state("title", String.class)
 *         .state("note:*", Note.class)
 *         .member(Profile.class);
 * RoomServer server = RoomServer.builder().roomTypes(board).build().start();
 * board.in(server.room("board-1")).publish("chat", new Chat("hi"));
 * }</pre>
 *
 * <p>Types are records of strings, booleans, numbers (byte, short, int, long, float, double and their boxes), enums, other
 * records, sealed interfaces of records, {@code List}, {@code Set}, {@code Map<String, …>}, and {@link Json} for any JSON;
 * at the top also one of these that is no collection. A component may be missing if it is an {@code Optional} or {@code
 * @Nullable}. Fields that a record does not have are refused, and so is what its constructor throws an
 * IllegalArgumentException for; its message goes to the client. A long is at most 2^53 in either direction, because many
 * clients lose digits beyond.
 *
 * <p>Names may be patterns, where {@code *} stands for any number of characters; of those that match, the first counts.
 *
 * <p>Immutable: each method returns another type. From any thread.
 */
public final class RoomType implements RoomCheck {
    static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private final NamePattern rooms;
    private final Shapes shapes;
    private final Declarations events;
    private final @Nullable Content message;
    private final Declarations state;
    private final @Nullable Content member;
    private final boolean needsMember;

    private RoomType(
            NamePattern rooms,
            Shapes shapes,
            Declarations events,
            @Nullable Content message,
            Declarations state,
            @Nullable Content member,
            boolean needsMember) {
        this.rooms = rooms;
        this.shapes = shapes;
        this.events = events;
        this.message = message;
        this.state = state;
        this.member = member;
        this.needsMember = needsMember;
    }

    /** A type in which nothing may be said yet, of the rooms whose ids match the pattern. */
    public static RoomType of(String rooms) {
        return new RoomType(
                NamePattern.of(rooms), new Shapes(), Declarations.none(), null, Declarations.none(), null, false);
    }

    // ---- To declare; each throws an IllegalArgumentException for a type that cannot be described

    /** Messages with this event, or one that matches, have such data. */
    public RoomType event(String event, Class<?> data) {
        Shapes more = new Shapes(shapes);
        Declarations with = events.with(event, content(more, data, "The data of " + Shown.quoted(event)));
        return new RoomType(rooms, more, with, message, state, member, needsMember);
    }

    /** There may be messages without an event, and they have such data. */
    public RoomType message(Class<?> data) {
        Shapes more = new Shapes(shapes);
        Content content = content(more, data, "The data of messages");
        return new RoomType(rooms, more, events, content, state, member, needsMember);
    }

    /** This key of the state, or those that match, have such a value. Adding is for long, float, double and Json. */
    public RoomType state(String key, Class<?> value) {
        Shapes more = new Shapes(shapes);
        Declarations with = state.with(key, content(more, value, "The value of " + Shown.quoted(key)));
        return new RoomType(rooms, more, events, message, with, member, needsMember);
    }

    /** Members may tell this about themselves. */
    public RoomType member(Class<?> type) {
        Shapes more = new Shapes(shapes);
        return new RoomType(rooms, more, events, message, state, content(more, type, "A member"), false);
    }

    /** Members tell this about themselves, whoever joins with nothing is refused; a join listener may add what is missing. */
    public RoomType requiredMember(Class<?> type) {
        Shapes more = new Shapes(shapes);
        return new RoomType(rooms, more, events, message, state, content(more, type, "A member"), true);
    }

    private static Content content(Shapes shapes, Class<?> type, String where) {
        return new Content(type, shapes.of(type, where));
    }

    // ---- To check

    @Override
    public boolean holdsIn(String room) {
        return rooms.matches(room);
    }

    @Override
    public Optional<String> checkMessage(@Nullable String event, Json data) {
        Content content = event == null ? message : events.find(event);
        return content == null ? Optional.of(noMessage(event)) : content.check(data, Place.field("data"));
    }

    private String noMessage(@Nullable String event) {
        if (events.isEmpty()) {
            return event == null || message == null
                    ? "There are no such messages in this room; what is shared here is its state."
                    : "`event` is " + Shown.quoted(event) + ", but messages have none in this room";
        }
        String must = events.names() + (message == null ? "" : ", or left out");
        return event == null
                ? "`event` is missing; it must be one of " + must
                : "`event` is " + Shown.quoted(event) + ", but must be one of " + must;
    }

    @Override
    public Optional<String> checkUpdate(Map<String, Json> set, List<String> delete, Map<String, Json> add) {
        for (Map.Entry<String, Json> each : set.entrySet()) {
            Optional<String> wrong = checkValue(each.getKey(), each.getValue());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        for (String key : delete) {
            if (state.find(key) == null) {
                return Optional.of(noKey("delete", key));
            }
        }
        for (Map.Entry<String, Json> each : add.entrySet()) {
            Optional<String> wrong = checkAdd(each.getKey(), each.getValue());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private Optional<String> checkValue(String key, Json value) {
        Content content = state.find(key);
        return content == null
                ? Optional.of(noKey("set", key))
                : content.check(value, Place.field("set").at(key));
    }

    private Optional<String> checkAdd(String key, Json number) {
        Content content = state.find(key);
        if (content == null) {
            return Optional.of(noKey("add", key));
        }
        return isAddable(content)
                ? content.check(number, Place.field("add").at(key))
                : Optional.of("`" + Place.field("add").at(key) + "` cannot be added to: its values are "
                        + content.type().getSimpleName() + ", and only long, float and double can be; use `set`");
    }

    private static boolean isAddable(Content content) {
        return content.shape() == AnyShape.ANY || (content.shape() instanceof NumberShape number && number.isAddable());
    }

    private String noKey(String field, String key) {
        String there = state.isEmpty() ? "it has no state" : "there are " + state.names();
        return "`" + field + "` names " + Shown.quoted(key) + ", which is no key of this room's type; " + there;
    }

    @Override
    public Optional<String> checkMember(@Nullable Json about) {
        if (about == null) {
            return needsMember && member != null
                    ? Optional.of(
                            "`member` is missing; it must be " + member.shape().must())
                    : Optional.empty();
        }
        return member == null
                ? Optional.of("`member` must be left out; members tell nothing about themselves in this room")
                : member.check(about, Place.field("member"));
    }

    // ---- To read and write, in listeners and elsewhere

    /**
     * The value that this JSON stands for.
     *
     * @param type one that was declared, or is part of one that was
     * @throws IllegalArgumentException if it stands for none; the message says where and why
     */
    public <T> T read(Class<T> type, Json json) {
        return Content.boxed(type).cast(known(type).read(json, type.getSimpleName()));
    }

    /**
     * The JSON that stands for this value.
     *
     * @param type one that was declared, or is part of one that was
     * @throws IllegalArgumentException if none does, for instance because a number is NaN
     */
    public <T> Json write(Class<T> type, T value) {
        return known(type).write(value, type.getSimpleName());
    }

    private Content known(Class<?> type) {
        Shape shape = shapes.find(type);
        if (shape == null) {
            throw new IllegalArgumentException(type.getName() + " is nowhere in the type of the rooms " + rooms);
        }
        return new Content(type, shape);
    }

    /**
     * The room, to publish, read and change in records.
     *
     * @throws IllegalArgumentException if the room is not of this type
     */
    public TypedRoom in(Room room) {
        if (!holdsIn(room.id())) {
            throw new IllegalArgumentException(
                    "The room " + Shown.quoted(room.id()) + " is not of the type of " + Shown.quoted(rooms.toString()));
        }
        return new TypedRoom(this, room);
    }

    /** @param event null for a message without one */
    Json data(@Nullable String event, Object data) {
        Content content = event == null ? message : events.find(event);
        if (content == null) {
            throw new IllegalArgumentException(noMessage(event));
        }
        return content.write(data, event == null ? "data" : event);
    }

    Json value(String key, Object value) {
        return key(key).write(value, key);
    }

    void checkAddable(String key, Json number) {
        checkAdd(key, number).ifPresent(wrong -> {
            throw new IllegalArgumentException(wrong);
        });
    }

    Content key(String key) {
        Content content = state.find(key);
        if (content == null) {
            throw new IllegalArgumentException(noKey("state", key));
        }
        return content;
    }

    // ---- To export

    /**
     * A JSON Schema (2020-12) of all that may be said: {@code events} by name, {@code message} for those without an event,
     * {@code state} by key, {@code member}, and {@code $defs} of the types by their simple names. The text is the same for
     * the same declarations and ends with a new line, so that it can be committed and compared.
     */
    public String jsonSchema() {
        Map<String, Object> definitions = new TreeMap<>();
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("events", events.schema(definitions));
        if (message != null) {
            message.shape().define(definitions);
            properties.put("message", message.shape().schema());
        }
        properties.put("state", state.schema(definitions));
        if (member != null) {
            member.shape().define(definitions);
            properties.put("member", member.shape().schema());
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", DIALECT);
        schema.put("title", rooms.toString());
        schema.put(
                "description",
                "What may be said in these rooms: the data of messages by event, the values of the state by key, what"
                        + " members tell about themselves.");
        schema.put("type", "object");
        schema.put("properties", properties);
        if (needsMember) {
            schema.put("required", List.of("member"));
        }
        schema.put("additionalProperties", false);
        if (!definitions.isEmpty()) {
            schema.put("$defs", definitions);
        }
        return SchemaText.of(schema);
    }
}
