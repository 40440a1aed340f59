package io.roomcast.types;

import io.roomcast.types.ClientSchema.ByPattern;
import io.roomcast.types.SchemaType.Described;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Events with their data, or keys with their values, in Python: a class whose {@code from_json} finds by the name how to read
 * the value, and the tables that it looks into.
 *
 * @param name of the parameter that is the name
 * @param value of the parameter that is the value
 * @param nameType of the first
 * @param place where the value stands, as an expression
 * @param table what the tables are named
 * @param literals by the expression of their name
 */
record NamedValues(
        String about,
        String name,
        String value,
        String nameType,
        String place,
        String table,
        Map<String, Described> literals,
        List<ByPattern> patterns) {
    private static final String READER = "Callable[[object, str], Any]";

    static NamedValues ofEvents(ClientSchema schema) {
        Map<String, Described> literals = literals(schema.events());
        if (schema.message() != null) {
            literals.put("None", schema.message());
        }
        String about = "Data of messages by their event" + (schema.message() == null ? "." : "; None stands for none.");
        return new NamedValues(
                about,
                "event",
                "data",
                "str | None",
                "\"data\"",
                "_EVENT",
                literals,
                schema.events().patterns());
    }

    static NamedValues ofState(ClientSchema schema) {
        String about = "Values of the state by key.";
        return new NamedValues(
                about,
                "key",
                "value",
                "str",
                "_at(\"state\", key)",
                "_STATE",
                literals(schema.state()),
                schema.state().patterns());
    }

    private static Map<String, Described> literals(ClientSchema.Names names) {
        Map<String, Described> literals = new LinkedHashMap<>();
        names.byName().forEach((each, value) -> literals.put(SourceText.inPython(each), value));
        return literals;
    }

    private boolean isEmpty() {
        return literals.isEmpty() && patterns.isEmpty();
    }

    /** No class where there is nothing to read. */
    void classIn(List<String> parts, String className, PythonTypes types) {
        if (isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("class " + className + ":\n    \"\"\"" + about + "\"\"\"\n\n");
        literals.forEach((literal, each) -> text.append(PythonTypes.notes("    ", each.notes()))
                .append(signature(
                        true, literal.equals("None") ? "None" : "Literal[" + literal + "]", types.type(each.type())))
                .append(" ...\n"));
        String any = anyOfThem(types);
        if (!literals.isEmpty()) {
            text.append(signature(true, nameType, any)).append(" ...\n");
        }
        text.append(signature(false, nameType, literals.isEmpty() ? any : "Any"))
                .append("\n        \"\"\"Reads it; a ValueError says what is wrong, and where.\"\"\"\n        read: ")
                .append(READER.replace("Any", literals.isEmpty() ? any : "Any"))
                .append(" = _named(\"%s\", %s, %sS, %s_PATTERNS)\n".formatted(name, name, table, table))
                .append("        return read(%s, %s)".formatted(value, place));
        parts.add(text.toString());
    }

    private String signature(boolean isOverload, String type, String result) {
        String parameters = name + ": " + type + ", " + value + ": object";
        String line = "    def from_json(" + parameters + ") -> " + result + ":";
        return (isOverload ? "    @overload\n" : "") + "    @staticmethod\n"
                + (line.length() + " ...".length() <= PythonTypes.LINE
                        ? line
                        : "    def from_json(\n        " + parameters + "\n    ) -> " + result + ":");
    }

    private String anyOfThem(PythonTypes types) {
        return types.anyOf(
                Stream.concat(literals.values().stream(), patterns.stream().map(ByPattern::value))
                        .map(Described::type));
    }

    /** What has to stand behind all that it names. */
    String tables(PythonTypes types) {
        if (isEmpty()) {
            return "";
        }
        List<String> byName = literals.entrySet().stream()
                .map(each -> each.getKey() + ": " + types.reader(each.getValue().type()))
                .toList();
        List<String> byPattern = patterns.stream()
                .map(each -> "(" + SourceText.inPython(each.pattern().toString()) + ", "
                        + types.reader(each.value().type()) + ")")
                .toList();
        return PythonTypes.wrapped(table + "S: Mapping[str | None, " + READER + "] = {", byName, "}", "") + "\n"
                + PythonTypes.wrapped(
                        table + "_PATTERNS: tuple[tuple[str, " + READER + "], ...] = (", byPattern, ")", "")
                + "\n";
    }
}
