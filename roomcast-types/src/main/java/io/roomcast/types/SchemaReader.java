package io.roomcast.types;

import io.roomcast.engine.NamePattern;
import io.roomcast.protocol.Json;
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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads JSON Schema as {@link RoomType#jsonSchema()} writes it, with limits and descriptions, and refuses all else. */
final class SchemaReader {
    /** Arrays and maps in each other, beyond which other compilers give up. */
    static final int MOST_NESTED = 32;

    /** Each is compared with those before it. */
    static final int MOST_PATTERNS = 1_000;

    private static final Set<String> TOP =
            Set.of("$schema", "$id", "type", "properties", "required", "additionalProperties", "$defs");
    private static final Set<String> PARTS = Set.of("events", "message", "state", "member");
    private static final Set<String> NAMES = Set.of("type", "properties", "patternProperties", "additionalProperties");
    private static final Set<String> TEXT = Set.of("type", "minLength", "maxLength", "pattern", "format");
    private static final Set<String> NUMBER =
            Set.of("type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");
    private static final Set<String> ARRAY = Set.of("type", "items", "minItems", "maxItems", "uniqueItems");
    private static final Set<String> MAP = Set.of("type", "additionalProperties", "minProperties", "maxProperties");
    private static final Set<String> RECORD = Set.of("type", "properties", "required", "additionalProperties");

    /** What refers to a definition is read before that definition. */
    private final Map<String, SchemaNode> defined;

    private SchemaReader(Map<String, SchemaNode> defined) {
        this.defined = defined;
    }

    /** @throws IllegalArgumentException saying what of it is no schema of a room type, where, and what to do */
    static ClientSchema read(String text) {
        SchemaNode top;
        try {
            top = new SchemaNode(Tree.of(Json.of(text), Place.field("schema")), SchemaPlace.TOP);
        } catch (Wrong twice) {
            throw new IllegalArgumentException(twice.what(), twice);
        }
        SchemaNode dialect = top.find("$schema");
        if (dialect != null && !dialect.text().equals(RoomType.DIALECT)) {
            throw dialect.unknown("is another dialect than " + RoomType.DIALECT);
        }
        top.allow(TOP);
        top.checkClosed();
        for (SchemaNode part : top.all("properties").values()) {
            if (!PARTS.contains(part.place().step())) {
                throw part.unknown("is nothing that a room has: there are events, message, state and member");
            }
        }
        return new SchemaReader(top.all("$defs")).schema(top);
    }

    private ClientSchema schema(SchemaNode top) {
        Map<String, Definition> definitions = new LinkedHashMap<>();
        defined.forEach((name, node) -> definitions.put(name, definition(node)));
        Map<String, SchemaNode> parts = top.all("properties");
        SchemaNode message = parts.get("message");
        SchemaNode member = parts.get("member");
        SchemaNode title = top.find("title");
        SchemaNode required = top.find("required");
        return new ClientSchema(
                title == null ? "*" : title.text(),
                names(parts.get("events")),
                message == null ? null : value(message, 0),
                names(parts.get("state")),
                member == null ? null : value(member, 0),
                required != null && required.texts().contains("member"),
                definitions);
    }

    // ---- Events and keys

    private Names names(@Nullable SchemaNode node) {
        if (node == null) {
            return Names.NONE;
        }
        node.allow(NAMES);
        node.checkClosed();
        Map<String, Described> byName = new LinkedHashMap<>();
        node.all("properties").forEach((name, each) -> byName.put(name, value(each, 0)));
        List<ByPattern> patterns = new ArrayList<>();
        Map<String, SchemaNode> all = node.all("patternProperties");
        if (all.size() > MOST_PATTERNS) {
            throw node.refused("has more than " + MOST_PATTERNS + " patterns; use fewer");
        }
        all.forEach((expression, each) -> patterns.add(byPattern(expression, each, byName, patterns)));
        return new Names(byName, patterns);
    }

    private ByPattern byPattern(
            String expression, SchemaNode node, Map<String, Described> byName, List<ByPattern> before) {
        NameExpressions.Read read = NameExpressions.read(expression);
        if (read == null) {
            throw node.unknown("is under a name that no room type writes");
        }
        NamePattern pattern = read.pattern();
        List<NamePattern> earlier = new ArrayList<>();
        List<SchemaType> others = new ArrayList<>();
        byName.forEach((name, value) -> {
            if (pattern.matches(name)) {
                earlier.add(NamePattern.of(name));
                others.add(value.type());
            }
        });
        for (ByPattern each : before) {
            if (NameExpressions.overlap(pattern, each.pattern())) {
                earlier.add(each.pattern());
                others.add(each.value().type());
            }
        }
        if (!read.isBehind(earlier)) {
            throw node.unknown("is under a name that leaves out other names than those declared before it");
        }
        return new ByPattern(pattern, value(node, 0), List.copyOf(new LinkedHashSet<>(others)));
    }

    // ---- What has a name

    private Definition definition(SchemaNode node) {
        if (node.has("oneOf")) {
            return union(node);
        }
        if (node.has("enum")) {
            return constants(node);
        }
        if (node.has("properties")) {
            return fields(node);
        }
        throw node.refused("is neither an object with `properties`, nor a string `enum`, nor `oneOf` such objects;"
                + " write it where it is used");
    }

    private static Constants constants(SchemaNode node) {
        node.allow(Set.of("type", "enum"));
        if (node.has("type")) {
            checkType(node, "string");
        }
        List<String> texts = node.get("enum").texts();
        if (texts.isEmpty()) {
            throw node.refused("has nothing in its `enum`; name something");
        }
        return new Constants(texts, SchemaNotes.of(node, null));
    }

    private Fields fields(SchemaNode node) {
        node.allow(RECORD);
        checkType(node, "object");
        node.checkClosed();
        SchemaNode required = node.find("required");
        Set<String> names = required == null ? Set.of() : new LinkedHashSet<>(required.texts());
        Map<String, Field> fields = new LinkedHashMap<>();
        node.all("properties").forEach((name, each) -> {
            boolean isRequired = names.contains(name);
            fields.put(name, new Field(constantOrValue(each, isRequired), isRequired));
        });
        for (String name : names) {
            if (!fields.containsKey(name)) {
                throw node.refused("requires \"" + Shown.word(name) + "\", which is none of its `properties`; add it");
            }
        }
        return new Fields(fields, SchemaNotes.of(node, null));
    }

    private Described constantOrValue(SchemaNode node, boolean isRequired) {
        if (!(node.tree() instanceof Tree.Fields) || !node.has("const")) {
            return value(node, 0);
        }
        node.allow(Set.of("type", "const"));
        if (!isRequired) {
            throw node.refused("has `const`, so it must be `required`");
        }
        return new Described(new Constant(node.get("const").text()), SchemaNotes.of(node, null));
    }

    private Union union(SchemaNode node) {
        node.allow(Set.of("oneOf"));
        Map<String, String> byTag = new LinkedHashMap<>();
        for (SchemaNode each : node.get("oneOf").items()) {
            Reference reference = reference(each);
            SchemaNode record = defined.get(reference.name());
            SchemaNode tag = record == null ? null : record.all("properties").get(RecordShape.TAG);
            if (tag == null || !tag.has("const")) {
                throw each.unknown("is not told from the others by a `const` in its `type`");
            }
            if (byTag.putIfAbsent(tag.get("const").text(), reference.name()) != null) {
                throw each.refused("has the same `type` as another of them; let it differ");
            }
        }
        if (byTag.isEmpty()) {
            throw node.refused("has nothing in its `oneOf`; name something");
        }
        return new Union(byTag, SchemaNotes.of(node, null));
    }

    // ---- Values

    private Described value(SchemaNode node, int depth) {
        if (depth > MOST_NESTED) {
            throw node.refused("is deeper than " + MOST_NESTED
                    + " arrays and maps in each other; make an object with `properties` of a part");
        }
        if (node.isTrue()) {
            return new Described(Simple.ANYTHING, List.of());
        }
        if (node.isFalse()) {
            throw node.unknown("is false, so nothing fits");
        }
        if (node.has("$ref")) {
            node.allow(Set.of("$ref"));
            return new Described(reference(node), SchemaNotes.of(node, null));
        }
        if (node.has("anyOf")) {
            return orNull(node, depth);
        }
        for (String keyword : List.of("oneOf", "const", "enum", "properties")) {
            if (node.has(keyword)) {
                throw node.refused("has `" + keyword + "`, so it needs a name; put it into `$defs` and refer to it");
            }
        }
        if (node.has("type")) {
            return typed(node, depth);
        }
        node.allow(Set.of());
        return new Described(Simple.ANYTHING, SchemaNotes.of(node, null));
    }

    private Described typed(SchemaNode node, int depth) {
        String type = node.get("type").text();
        return switch (type) {
            case "string" -> simple(node, Simple.TEXT, TEXT, null);
            case "boolean" -> simple(node, Simple.FLAG, Set.of("type"), null);
            case "integer" -> simple(node, Simple.WHOLE, NUMBER, "A whole number");
            case "number" -> simple(node, Simple.NUMBER, NUMBER, "A number");
            case "array" -> items(node, depth);
            case "object" -> values(node, depth);
            default ->
                throw node.get("type")
                        .unknown("is " + Shown.quoted(type)
                                + ", but must be string, boolean, integer, number, array or object");
        };
    }

    private static Described simple(SchemaNode node, Simple type, Set<String> keywords, @Nullable String kind) {
        node.allow(keywords);
        return new Described(type, SchemaNotes.of(node, kind));
    }

    private Described items(SchemaNode node, int depth) {
        node.allow(ARRAY);
        Described item = value(node.get("items"), depth + 1);
        return new Described(new Items(item.type()), with(node, "Items", item));
    }

    private Described values(SchemaNode node, int depth) {
        node.allow(MAP);
        Described value = value(node.get("additionalProperties"), depth + 1);
        return new Described(new Values(value.type()), with(node, "Values", value));
    }

    private static List<String> with(SchemaNode node, String what, Described inside) {
        List<String> notes = new ArrayList<>(SchemaNotes.of(node, null));
        notes.addAll(SchemaNotes.inside(what, inside.notes()));
        return notes;
    }

    private Described orNull(SchemaNode node, int depth) {
        node.allow(Set.of("anyOf"));
        List<SchemaNode> choices = node.get("anyOf").items();
        if (choices.size() != 2 || !isNull(choices.get(1))) {
            throw node.unknown("has `anyOf`, which must be of something and {\"type\": \"null\"}");
        }
        Described inner = value(choices.get(0), depth + 1);
        List<String> notes = new ArrayList<>(SchemaNotes.of(node, null));
        notes.addAll(inner.notes());
        boolean isNullable = inner.type() == Simple.ANYTHING || inner.type() instanceof OrNull;
        return new Described(isNullable ? inner.type() : new OrNull(inner.type()), notes);
    }

    private static boolean isNull(SchemaNode node) {
        return node.fields().equals(Map.of("type", new Tree.Text("null")));
    }

    private Reference reference(SchemaNode node) {
        SchemaNode reference = node.get("$ref");
        String text = reference.text();
        String start = "#/$defs/";
        String name = text.startsWith(start)
                ? text.substring(start.length()).replace("~1", "/").replace("~0", "~")
                : null;
        if (name == null || !defined.containsKey(name)) {
            throw reference.refused("is " + Shown.quoted(text) + ", but must be #/$defs/ and a name that stands there");
        }
        return new Reference(name);
    }

    private static void checkType(SchemaNode node, String must) {
        SchemaNode type = node.get("type");
        if (!type.text().equals(must)) {
            throw type.unknown("is " + Shown.quoted(type.text()) + ", but must be " + must);
        }
    }
}
