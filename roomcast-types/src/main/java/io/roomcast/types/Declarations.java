package io.roomcast.types;

import io.roomcast.engine.NamePattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What there may be by name, in the order in which it was declared; of those that match a name the first counts. */
final class Declarations {
    private final List<Declared> all;

    /** Those without a star, which nothing before them matches. */
    private final Map<String, Declared> byName = new HashMap<>();

    private final List<Declared> patterns = new ArrayList<>();

    /** What a name, or all names that match a pattern, stands for. */
    record Declared(NamePattern pattern, Content content) {}

    private Declarations(List<Declared> all) {
        this.all = List.copyOf(all);
        for (Declared each : all) {
            if (each.pattern.isName()) {
                byName.put(each.pattern.toString(), each);
            } else {
                patterns.add(each);
            }
        }
    }

    static Declarations none() {
        return new Declarations(List.of());
    }

    /** @throws IllegalArgumentException if it would never count */
    Declarations with(String pattern, Content content) {
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("A name has at least one character");
        }
        for (Declared each : all) {
            boolean isSame = each.pattern.toString().equals(pattern);
            if (isSame || (pattern.indexOf('*') < 0 && each.pattern.matches(pattern))) {
                throw new IllegalArgumentException(Shown.quoted(pattern) + " would never count, because "
                        + Shown.quoted(each.pattern.toString()) + " stands before it; "
                        + (isSame ? "declare it once" : "declare it first"));
            }
        }
        List<Declared> more = new ArrayList<>(all);
        more.add(new Declared(NamePattern.of(pattern), content));
        return new Declarations(more);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    @Nullable
    Content find(String name) {
        Declared declared = byName.get(name);
        if (declared != null) {
            return declared.content;
        }
        for (Declared each : patterns) {
            if (each.pattern.matches(name)) {
                return each.content;
            }
        }
        return null;
    }

    /** The names and patterns, for a developer. */
    String names() {
        return Shown.quotedNames(
                all.stream().map(each -> each.pattern.toString()).toList());
    }

    /** An object with these names, each of them optional. */
    Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> properties = new LinkedHashMap<>();
        Map<String, Object> byPattern = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Declared each = all.get(i);
            each.content.shape().define(definitions);
            Object schema = each.content.shape().schema();
            if (each.pattern.isName()) {
                properties.put(each.pattern.toString(), schema);
            } else {
                byPattern.put(NameExpressions.of(each.pattern, before(i)), schema);
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        if (!properties.isEmpty()) {
            schema.put("properties", properties);
        }
        if (!byPattern.isEmpty()) {
            schema.put("patternProperties", byPattern);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private List<NamePattern> before(int index) {
        return all.subList(0, index).stream().map(Declared::pattern).toList();
    }
}
