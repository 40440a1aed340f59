package io.roomcast.types;

import io.roomcast.engine.NamePattern;
import io.roomcast.types.ClientSchema.ByPattern;
import io.roomcast.types.ClientSchema.Constants;
import io.roomcast.types.ClientSchema.Definition;
import io.roomcast.types.ClientSchema.Field;
import io.roomcast.types.ClientSchema.Fields;
import io.roomcast.types.ClientSchema.Names;
import io.roomcast.types.ClientSchema.Union;
import io.roomcast.types.SchemaType.Constant;
import io.roomcast.types.SchemaType.Described;
import io.roomcast.types.SchemaType.Items;
import io.roomcast.types.SchemaType.OrNull;
import io.roomcast.types.SchemaType.Reference;
import io.roomcast.types.SchemaType.Simple;
import io.roomcast.types.SchemaType.Values;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A schema as a module of TypeScript, with the types that {@code @roomcast/client} takes for a room. */
final class TypeScriptText {
    /** Characters of a line, beyond which a union gets a line for each of its parts. */
    private static final int LINE = 120;

    private static final String NOTHING = "Record<string, never>";
    private static final Pattern PROPERTY = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");

    /** The key under which the client takes the data of messages without an event. */
    private static final String NO_EVENT = "message";

    /** What a type may not be named: words of the language, and those types that stand in what is written here. */
    private static final Set<String> RESERVED =
            Set.of(("abstract any arguments as asserts async await bigint boolean break case"
                            + " catch class const constructor continue debugger declare default delete do else enum eval export"
                            + " extends false finally for from function get global globalThis if implements import in infer"
                            + " instanceof interface intrinsic is keyof let module namespace never new null number object of out"
                            + " package private protected public readonly Record require return satisfies set static string super"
                            + " switch symbol this throw true try type typeof undefined unique unknown using var void while with"
                            + " yield accessor override")
                    .split(" "));

    private final ClientSchema schema;
    private final RoomNames room;
    private final Map<String, String> names;
    private final StringBuilder text = new StringBuilder();

    TypeScriptText(ClientSchema schema, RoomNames room) {
        this.schema = schema;
        this.room = room;
        Set<String> reserved = new HashSet<>(RESERVED);
        reserved.addAll(room.all());
        names = new Identifiers(reserved).of(schema.definitions().keySet());
    }

    String text() {
        text.append("// What may be said in the rooms ")
                .append(SourceText.inComment(SourceText.inTypeScript(schema.rooms())))
                .append(". Made by `./roomcast types`: change the room type, not this file.\n");
        events();
        state();
        member();
        schema.definitions().forEach(this::definition);
        return text.toString();
    }

    // ---- The room

    private void events() {
        String without = schema.message() == null ? "." : "; those without one are under \"message\".";
        notes("", List.of("Data of messages by event" + without));
        names(room.events(), "event", withMessage(schema.events()));
    }

    /** To the client it is one more event. */
    private Names withMessage(Names events) {
        if (events.byName().containsKey(NO_EVENT)) {
            throw new IllegalArgumentException(
                    "`#/properties/events/properties/message`: the TypeScript client keeps this"
                            + " name for messages without an event; name the event otherwise, or declare them with .message(…)");
        }
        Described message = schema.message();
        if (message == null) {
            return events;
        }
        Map<String, Described> byName = new LinkedHashMap<>(events.byName());
        byName.put(NO_EVENT, message);
        List<ByPattern> patterns = new ArrayList<>();
        for (ByPattern each : events.patterns()) {
            List<SchemaType> others = new ArrayList<>(each.others());
            if (each.pattern().matches(NO_EVENT)) {
                others.add(message.type());
            }
            patterns.add(new ByPattern(each.pattern(), each.value(), others));
        }
        return new Names(byName, patterns);
    }

    private void state() {
        notes("", List.of("Values of the state by key."));
        names(room.state(), "key", schema.state());
    }

    private void names(String name, String parameter, Names all) {
        if (all.isEmpty()) {
            text.append("export type ")
                    .append(name)
                    .append(" = ")
                    .append(NOTHING)
                    .append(";\n");
            return;
        }
        text.append("export interface ").append(name).append(" {\n");
        all.byName().forEach((key, value) -> property(property(key), value));
        for (ByPattern each : all.patterns()) {
            Stream<SchemaType> types = Stream.concat(Stream.of(each.value().type()), each.others().stream());
            notes("  ", each.value().notes());
            text.append("  [")
                    .append(parameter)
                    .append(": ")
                    .append(template(each.pattern()))
                    .append("]: ");
            text.append(anyOf(types)).append(";\n");
        }
        text.append("}\n");
    }

    private static String template(NamePattern pattern) {
        String[] parts = pattern.toString().split("\\*", -1);
        return Stream.of(parts).allMatch(String::isEmpty)
                ? "string"
                : Stream.of(parts).map(SourceText::inTemplate).collect(Collectors.joining("${string}", "`", "`"));
    }

    private void member() {
        String what = schema.member() == null
                ? "Members tell nothing about themselves."
                : "What members tell about themselves"
                        + (schema.needsMember() ? "; a join without it is refused." : ".");
        List<String> notes = new ArrayList<>(List.of(what));
        if (schema.member() != null) {
            notes.addAll(schema.member().notes());
        }
        notes("", notes);
        text.append("export type ").append(room.member()).append(" = ");
        text.append(schema.member() == null ? "never" : type(schema.member().type()))
                .append(";\n");
    }

    // ---- What has a name

    private void definition(String key, Definition definition) {
        String name = names.getOrDefault(key, key);
        notes("", definition.notes());
        if (definition.notes().isEmpty()) {
            text.append('\n');
        }
        if (definition instanceof Fields fields && !fields.byName().isEmpty()) {
            text.append("export interface ").append(name).append(" {\n");
            fields.byName().forEach(this::field);
            text.append("}\n");
            return;
        }
        text.append("export type ").append(name).append(" = ");
        if (definition instanceof Constants constants) {
            text.append(union(
                    constants.texts().stream().map(SourceText::inTypeScript).toList(),
                    "  ",
                    LINE - name.length() - 20));
        } else if (definition instanceof Union union) {
            Set<String> records = new LinkedHashSet<>();
            union.byTag().values().forEach(record -> records.add(names.getOrDefault(record, record)));
            text.append(union(records, "  ", LINE - name.length() - 20));
        } else {
            text.append(NOTHING);
        }
        text.append(";\n");
    }

    private void field(String key, Field field) {
        property(property(key) + (field.isRequired() ? "" : "?"), field.value());
    }

    private void property(String key, Described value) {
        notes("  ", value.notes());
        text.append("  ").append(key).append(": ").append(type(value.type())).append(";\n");
    }

    private static String property(String key) {
        return PROPERTY.matcher(key).matches() ? key : SourceText.inTypeScript(key);
    }

    // ---- Types

    private String type(SchemaType type) {
        if (type instanceof Simple simple) {
            return switch (simple) {
                case ANYTHING -> "unknown";
                case TEXT -> "string";
                case FLAG -> "boolean";
                case WHOLE, NUMBER -> "number";
            };
        }
        if (type instanceof Constant constant) {
            return SourceText.inTypeScript(constant.text());
        }
        if (type instanceof Items items) {
            String item = type(items.item());
            return (items.item() instanceof OrNull ? "(" + item + ")" : item) + "[]";
        }
        if (type instanceof Values values) {
            return "Record<string, " + type(values.value()) + ">";
        }
        if (type instanceof OrNull orNull) {
            return type(orNull.type()) + " | null";
        }
        String name = ((Reference) type).name();
        return names.getOrDefault(name, name);
    }

    private String anyOf(Stream<SchemaType> types) {
        Set<String> parts = new LinkedHashSet<>();
        boolean mayBeNull = false;
        for (SchemaType each : types.toList()) {
            mayBeNull |= each instanceof OrNull;
            parts.add(type(each instanceof OrNull orNull ? orNull.type() : each));
        }
        if (mayBeNull) {
            parts.add("null");
        }
        return union(parts, "    ", LINE - 40);
    }

    /** In one line, or where it is too long in one for each part. What is among them and can be anything swallows the rest. */
    private static String union(Collection<String> parts, String indent, int most) {
        if (parts.contains("unknown")) {
            return "unknown";
        }
        String line = String.join(" | ", parts);
        return line.length() <= most || parts.size() == 1
                ? line
                : parts.stream().map(part -> "\n" + indent + "| " + part).collect(Collectors.joining());
    }

    // ---- Comments

    /** Before what stands at the top there is an empty line. */
    private void notes(String indent, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        text.append(indent.isEmpty() ? "\n" : "").append(indent);
        if (lines.size() == 1) {
            text.append("/** ").append(SourceText.inBlockComment(lines.get(0))).append(" */\n");
            return;
        }
        text.append("/**\n");
        for (String line : lines) {
            text.append((indent + " * " + SourceText.inBlockComment(line)).stripTrailing())
                    .append('\n');
        }
        text.append(indent).append(" */\n");
    }
}
