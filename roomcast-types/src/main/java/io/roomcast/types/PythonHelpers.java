package io.roomcast.types;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The functions that a module of Python needs to read and write JSON: those that it calls, and what these need. */
final class PythonHelpers {
    private static final Pattern NAME = Pattern.compile("def (\\w+)\\(");

    /** By name, in the order in which they are to stand. */
    private static final Map<String, String> ALL = load();

    private PythonHelpers() {}

    static Set<String> names() {
        return ALL.keySet();
    }

    private static Map<String, String> load() {
        Map<String, String> all = new LinkedHashMap<>();
        for (String each : resource().strip().split("\n\n\n(?=def )", -1)) {
            all.put(NAME.matcher(each).results().findFirst().orElseThrow().group(1), each);
        }
        return all;
    }

    private static String resource() {
        try (InputStream in = PythonHelpers.class.getResourceAsStream("helpers.py")) {
            if (in == null) {
                throw new IllegalStateException("This build lacks the file helpers.py");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those that this code calls, and those that they call. */
    static List<String> neededBy(Set<String> called) {
        Set<String> needed = new LinkedHashSet<>(called);
        boolean isMore = true;
        while (isMore) {
            isMore = false;
            for (Map.Entry<String, String> each : ALL.entrySet()) {
                boolean isNeeded = needed.stream()
                        .anyMatch(name -> !name.equals(each.getKey())
                                && ALL.getOrDefault(name, "").matches("(?s).*\\b" + each.getKey() + "\\b.*"));
                isMore |= isNeeded && needed.add(each.getKey());
            }
        }
        return ALL.entrySet().stream()
                .filter(each -> needed.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }
}
