package io.roomcast.types;

import io.roomcast.types.ClientSchema.Field;
import io.roomcast.types.ClientSchema.Fields;
import io.roomcast.types.SchemaType.Constant;
import io.roomcast.types.SchemaType.Items;
import io.roomcast.types.SchemaType.OrNull;
import io.roomcast.types.SchemaType.Reference;
import io.roomcast.types.SchemaType.Simple;
import io.roomcast.types.SchemaType.Values;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Types of a schema as annotations, as functions that read them, and as dataclasses. */
final class PythonTypes {
    /** Characters of a line, beyond which what stands in brackets gets a line for each of its parts. */
    static final int LINE = 100;

    private final ClientSchema schema;
    private final PythonNames names;

    PythonTypes(ClientSchema schema, PythonNames names) {
        this.schema = schema;
        this.names = names;
    }

    /** As an annotation. */
    String type(SchemaType type) {
        if (type instanceof Simple simple) {
            return switch (simple) {
                case ANYTHING -> "Any";
                case TEXT -> "str";
                case FLAG -> "bool";
                case WHOLE -> "int";
                case NUMBER -> "float";
            };
        }
        if (type instanceof Constant constant) {
            return "Literal[" + SourceText.inPython(constant.text()) + "]";
        }
        if (type instanceof Items items) {
            return "tuple[" + type(items.item()) + ", ...]";
        }
        if (type instanceof Values values) {
            return "Mapping[str, " + type(values.value()) + "]";
        }
        if (type instanceof OrNull orNull) {
            return type(orNull.type()) + " | None";
        }
        return names.type(((Reference) type).name());
    }

    /** What is one of these. */
    String anyOf(Stream<SchemaType> types) {
        Set<String> parts = new LinkedHashSet<>();
        boolean mayBeNone = false;
        for (SchemaType each : types.toList()) {
            mayBeNone |= each instanceof OrNull;
            parts.add(type(each instanceof OrNull orNull ? orNull.type() : each));
        }
        if (mayBeNone) {
            parts.add("None");
        }
        return parts.contains("Any") ? "Any" : String.join(" | ", parts);
    }

    /** An expression of a function that takes JSON and a place, and gives the value. */
    String reader(SchemaType type) {
        if (type instanceof Simple simple) {
            return switch (simple) {
                case ANYTHING -> "_anything";
                case TEXT -> "_text";
                case FLAG -> "_flag";
                case WHOLE -> "_whole";
                case NUMBER -> "_number";
            };
        }
        if (type instanceof Constant constant) {
            return "_one_of(" + SourceText.inPython(constant.text()) + ")";
        }
        if (type instanceof Items items) {
            return "_items(" + reader(items.item()) + ")";
        }
        if (type instanceof Values values) {
            return "_values(" + reader(values.value()) + ")";
        }
        if (type instanceof OrNull orNull) {
            return "_or_none(" + reader(orNull.type()) + ")";
        }
        String name = ((Reference) type).name();
        return schema.definitions().get(name) instanceof Fields ? names.type(name) + ".from_json" : names.reader(name);
    }

    // ---- Dataclasses

    String dataclass(String key, Fields fields) {
        String name = names.type(key);
        Map<String, String> own = names.fields(fields.byName().keySet());
        StringBuilder text = new StringBuilder("@dataclass(frozen=True, slots=True)\nclass " + name + ":\n");
        text.append(docstring("    ", fields.notes())).append(fields.notes().isEmpty() ? "" : "\n");
        int before = text.length();
        // Python wants those first that have to be given.
        fields.byName().forEach((json, field) -> {
            if (field.isRequired() && !(field.value().type() instanceof Constant)) {
                field(text, own.getOrDefault(json, json), field);
            }
        });
        fields.byName().forEach((json, field) -> {
            if (!field.isRequired()) {
                field(text, own.getOrDefault(json, json), field);
            }
        });
        text.append(text.length() == before ? "" : "\n");
        fromJson(text, name, fields, own);
        toJson(text, fields, own);
        return text.toString();
    }

    private void field(StringBuilder text, String name, Field field) {
        String type = type(field.value().type());
        String end = field.isRequired() ? "" : " = None";
        boolean mayBeNone =
                field.isRequired() || type.equals("Any") || field.value().type() instanceof OrNull;
        text.append(notes("    ", field.value().notes()));
        text.append("    ")
                .append(name)
                .append(": ")
                .append(type)
                .append(mayBeNone ? "" : " | None")
                .append(end)
                .append('\n');
    }

    private void fromJson(StringBuilder text, String name, Fields fields, Map<String, String> own) {
        text.append("    @classmethod\n    def from_json(cls, data: object, place: str = \"data\") -> ")
                .append(name)
                .append(":\n");
        List<String> required = new ArrayList<>();
        List<String> optional = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        StringBuilder tags = new StringBuilder();
        fields.byName().forEach((json, field) -> {
            String quoted = SourceText.inPython(json);
            String read = reader(field.value().type());
            String there = "_at(place, " + quoted + ")";
            boolean isNullable = read.equals("_anything") || field.value().type() instanceof OrNull;
            (field.isRequired() ? required : optional).add(quoted);
            if (field.value().type() instanceof Constant) {
                tags.append("        ")
                        .append(read)
                        .append("(fields[")
                        .append(quoted)
                        .append("], ")
                        .append(there)
                        .append(")\n");
            } else if (field.isRequired()) {
                arguments.add(own.get(json) + "=" + read + "(fields[" + quoted + "], " + there + ")");
            } else if (isNullable) {
                arguments.add(own.get(json) + "=" + read + "(fields.get(" + quoted + "), " + there + ")");
            } else {
                arguments.add(own.get(json) + "=_if_there(fields, " + quoted + ", place, " + read + ")");
            }
        });
        List<String> parts = new ArrayList<>(List.of("data", "place", tuple(required)));
        if (!optional.isEmpty()) {
            parts.add(tuple(optional));
        }
        String variable = arguments.isEmpty() && tags.isEmpty() ? "" : "fields = ";
        text.append(wrapped("        " + variable + "_fields(", parts, ")", "        "))
                .append('\n')
                .append(tags);
        text.append(wrapped("        return cls(", arguments, ")", "        ")).append("\n\n");
    }

    private static void toJson(StringBuilder text, Fields fields, Map<String, String> own) {
        List<String> values = new ArrayList<>();
        List<String> optional = new ArrayList<>();
        fields.byName().forEach((json, field) -> {
            String quoted = SourceText.inPython(json);
            values.add(quoted + ": "
                    + (field.value().type() instanceof Constant constant
                            ? SourceText.inPython(constant.text())
                            : "self." + own.get(json)));
            if (!field.isRequired()) {
                optional.add(quoted);
            }
        });
        text.append("    def to_json(self) -> dict[str, Any]:\n");
        text.append(wrapped("        fields: dict[str, Any] = {", values, "}", "        "))
                .append('\n');
        List<String> parts = new ArrayList<>(List.of("fields"));
        parts.addAll(optional);
        text.append(wrapped("        return _object(", parts, ")", "        "));
    }

    private static String tuple(List<String> items) {
        return "(" + String.join(", ", items) + (items.size() == 1 ? ",)" : ")");
    }

    // ---- Layout

    /** In one line, or where that is too long with a line for each part. */
    static String wrapped(String start, List<String> parts, String end, String indent) {
        String comma = start.endsWith("= (") && parts.size() == 1 ? "," : "";
        String line = start + String.join(", ", parts) + comma + end;
        return line.length() <= LINE || parts.isEmpty()
                ? line
                : start + "\n"
                        + parts.stream()
                                .map(part -> indent + "    " + part + ",\n")
                                .collect(Collectors.joining())
                        + indent + end;
    }

    /** What editors show for what comes behind it. */
    static String notes(String indent, List<String> lines) {
        return lines.stream()
                .map(line -> (indent + "#: " + SourceText.inComment(line)).stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    /** Nothing where there is nothing to say. */
    static String docstring(String indent, List<String> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        String text = lines.stream()
                .map(line -> SourceText.inDocstring(line).isEmpty() ? "" : indent + SourceText.inDocstring(line))
                .collect(Collectors.joining("\n"))
                .stripLeading();
        return indent + "\"\"\"" + text + (lines.size() == 1 ? "" : "\n" + indent) + "\"\"\"\n";
    }
}
