package io.roomcast.types;

import io.roomcast.types.ClientSchema.Constants;
import io.roomcast.types.ClientSchema.Definition;
import io.roomcast.types.ClientSchema.Fields;
import io.roomcast.types.ClientSchema.Union;
import io.roomcast.types.SchemaType.Described;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A schema as a module of Python 3.10 that needs the standard library only. */
final class PythonText {
    private static final Pattern WORD = Pattern.compile("\\b[A-Za-z_]\\w*\\b");

    private static final Map<String, List<String>> IMPORTS = new LinkedHashMap<>();

    static {
        IMPORTS.put("collections.abc", List.of("Callable", "Iterable", "Mapping"));
        IMPORTS.put("dataclasses", List.of("dataclass"));
        IMPORTS.put("typing", List.of("Any", "Literal", "TypeAlias", "TypeVar", "overload"));
    }

    /** Between what stands at the top. */
    private static final String GAP = "\n\n\n";

    private final ClientSchema schema;
    private final RoomNames room;
    private final PythonNames names;
    private final PythonTypes types;

    /** Classes, aliases and functions. */
    private final List<String> parts = new ArrayList<>();

    PythonText(ClientSchema schema, RoomNames room) {
        this.schema = schema;
        this.room = room;
        names = new PythonNames(schema, room);
        types = new PythonTypes(schema, names);
    }

    String text() {
        NamedValues events = NamedValues.ofEvents(schema);
        NamedValues state = NamedValues.ofState(schema);
        events.classIn(parts, room.events(), types);
        state.classIn(parts, room.state(), types);
        member();
        definitions();
        String tables = events.tables(types) + state.tables(types);
        String helpers = String.join(GAP, PythonHelpers.neededBy(called(String.join(GAP, parts) + GAP + tables)));
        // What the tables call has to be there when the module is loaded.
        String all = Stream.concat(parts.stream(), Stream.of(helpers, tables))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(GAP));
        return (head(all) + all).stripTrailing() + "\n";
    }

    private static Set<String> called(String code) {
        return WORD.matcher(code)
                .results()
                .map(MatchResult::group)
                .filter(PythonHelpers.names()::contains)
                .collect(Collectors.toSet());
    }

    private String head(String body) {
        StringBuilder head = new StringBuilder("\"\"\"What may be said in the rooms ")
                .append(SourceText.inDocstring(SourceText.inPython(schema.rooms()) + "."))
                .append("\n\nMade by `./roomcast types`: change the room type, not this file.\n\"\"\"\n\n")
                .append("from __future__ import annotations\n\n");
        Set<String> words = WORD.matcher(body).results().map(MatchResult::group).collect(Collectors.toSet());
        Stream.of("math", "re")
                .filter(module -> body.contains(module + "."))
                .forEach(module -> head.append("import ").append(module).append('\n'));
        IMPORTS.forEach((module, all) -> {
            String used = all.stream()
                    .filter(name -> words.contains(name.equals("TypeVar") ? "_T" : name))
                    .collect(Collectors.joining(", "));
            if (!used.isEmpty()) {
                head.append("from ")
                        .append(module)
                        .append(" import ")
                        .append(used)
                        .append('\n');
            }
        });
        head.append(words.contains("_T") ? "\n_T = TypeVar(\"_T\")\n" : "");
        return head.append(parts.isEmpty() ? "" : "\n\n").toString();
    }

    // ---- The room

    private void member() {
        Described member = schema.member();
        if (member == null) {
            return;
        }
        String type = types.type(member.type());
        List<String> notes = new ArrayList<>(List.of("What members tell about themselves"
                + (schema.needsMember() ? "; a join without it is refused." : ".")));
        notes.addAll(member.notes());
        parts.add("class " + room.member() + ":\n" + PythonTypes.docstring("    ", notes)
                + "\n    @staticmethod\n    def from_json(data: object) -> " + type + ":\n"
                + "        \"\"\"Reads it; a ValueError says what is wrong, and where.\"\"\"\n"
                + "        return " + types.reader(member.type()) + "(data, \"member\")");
    }

    // ---- What has a name

    /** A union comes behind its records, because its name stands for them as soon as the module is loaded. */
    private void definitions() {
        for (Class<? extends Definition> kind : List.of(Constants.class, Fields.class, Union.class)) {
            schema.definitions().forEach((name, definition) -> {
                if (kind.isInstance(definition)) {
                    definition(name, definition);
                }
            });
        }
    }

    private void definition(String name, Definition definition) {
        if (definition instanceof Fields fields) {
            parts.add(types.dataclass(name, fields));
        } else if (definition instanceof Constants constants) {
            constants(name, constants);
        } else {
            union(name, (Union) definition);
        }
    }

    private void constants(String name, Constants constants) {
        String type = names.type(name);
        List<String> texts =
                constants.texts().stream().map(SourceText::inPython).toList();
        parts.add(PythonTypes.notes("", constants.notes())
                + PythonTypes.wrapped(type + ": TypeAlias = Literal[", texts, "]", ""));
        parts.add("def " + names.reader(name) + "(data: object, place: str = \"data\") -> " + type + ":\n"
                + PythonTypes.wrapped("    value: " + type + " = _one_of(", texts, ")(data, place)", "    ")
                + "\n    return value");
    }

    private void union(String name, Union union) {
        String type = names.type(name);
        Set<String> records = new LinkedHashSet<>();
        List<String> kinds = new ArrayList<>();
        union.byTag().forEach((tag, record) -> {
            records.add(names.type(record));
            kinds.add(SourceText.inPython(tag) + ": " + names.type(record) + ".from_json");
        });
        String line = type + ": TypeAlias = " + String.join(" | ", records);
        parts.add(PythonTypes.notes("", union.notes())
                + (line.length() <= PythonTypes.LINE
                        ? line
                        : type + ": TypeAlias = (\n    " + String.join("\n    | ", records) + "\n)"));
        parts.add("def " + names.reader(name) + "(data: object, place: str = \"data\") -> " + type + ":\n"
                + PythonTypes.wrapped(
                        "    kinds: Mapping[str, Callable[[object, str], " + type + "]] = {", kinds, "}", "    ")
                + "\n    return _tagged(data, place, kinds)");
    }
}
