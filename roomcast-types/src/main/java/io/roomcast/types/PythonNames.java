package io.roomcast.types;

import io.roomcast.types.ClientSchema.Definition;
import io.roomcast.types.ClientSchema.Fields;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What everything is named in a module of Python, so that nothing hides what another needs. */
final class PythonNames {
    private static final List<String> KEYWORDS =
            List.of(("False None True and as assert async await break class continue"
                            + " def del elif else except finally for from global if import in is lambda nonlocal not or pass raise"
                            + " return try while with yield")
                    .split(" "));

    /** What the module imports and which of Python's own names it uses. */
    private static final List<String> USED =
            List.of(("annotations math re Callable Iterable Mapping dataclass Any Literal"
                            + " TypeAlias TypeVar overload OverflowError ValueError ascii bool classmethod dict enumerate float int"
                            + " isinstance len list map object staticmethod str tuple type")
                    .split(" "));

    /** Parameters and variables of the functions that it defines. */
    private static final List<String> LOCAL =
            List.of("cls data event fields key kinds place read self value".split(" "));

    private static final List<String> OWN = List.of("_T", "_EVENTS", "_EVENT_PATTERNS", "_STATES", "_STATE_PATTERNS");

    private final Set<String> taken;
    private final Map<String, String> types;
    private final Map<String, String> readers = new HashMap<>();

    PythonNames(ClientSchema schema, RoomNames room) {
        Set<String> reserved = new HashSet<>(KEYWORDS);
        List.of(USED, LOCAL, OWN, PythonHelpers.names(), room.all()).forEach(reserved::addAll);
        Map<String, Definition> definitions = schema.definitions();
        types = new Identifiers(Set.copyOf(reserved)).of(definitions.keySet());
        reserved.addAll(types.values());
        Identifiers functions = new Identifiers(Set.copyOf(reserved));
        definitions.forEach((name, definition) -> {
            if (!(definition instanceof Fields)) {
                readers.put(name, functions.one(small(type(name)) + "_from_json"));
            }
        });
        reserved.addAll(readers.values());
        // What a class has beside its fields; a dataclass would take the last one for a default.
        reserved.addAll(List.of("from_json", "to_json", "mro"));
        taken = reserved;
    }

    /** In small letters, with an underscore before what was a large one. */
    private static String small(String type) {
        return type.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    String type(String definition) {
        return types.getOrDefault(definition, definition);
    }

    /** The function that reads what is no class. */
    String reader(String definition) {
        return readers.getOrDefault(definition, definition);
    }

    /** Those of a class, by their names in JSON. */
    Map<String, String> fields(Collection<String> names) {
        return new Identifiers(taken).of(names);
    }
}
