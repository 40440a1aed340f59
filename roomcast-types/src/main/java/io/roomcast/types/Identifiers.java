package io.roomcast.types;

import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Names of a schema as names of a language: what is one already stays as it is, the rest becomes one of its own. */
final class Identifiers {
    /** Not copied, because each class needs names of its own beside the many of its module. */
    private final Set<String> reserved;

    private final Set<String> taken = new HashSet<>();

    /** How often something has been numbered, so that many alike are not tried one after the other. */
    private final Map<String, Integer> lastNumbers = new HashMap<>();

    /** @param reserved names that mean something else there */
    Identifiers(Set<String> reserved) {
        this.reserved = reserved;
    }

    private boolean take(String name) {
        return !reserved.contains(name) && taken.add(name);
    }

    /** Each of these with its own, in their order. */
    Map<String, String> of(Collection<String> names) {
        Map<String, String> identifiers = new LinkedHashMap<>();
        for (String name : names) {
            if (name.equals(plain(name)) && take(name)) {
                identifiers.put(name, name);
            }
        }
        Map<String, String> all = new LinkedHashMap<>();
        for (String name : names) {
            String own = identifiers.get(name);
            all.put(name, own == null ? free(plain(name)) : own);
        }
        return all;
    }

    /** One for this. */
    String one(String name) {
        return free(plain(name));
    }

    private String free(String wanted) {
        if (take(wanted)) {
            return wanted;
        }
        // Not two underscores in a row, which at the beginning mean something in Python.
        String other = wanted.endsWith("_") ? wanted : wanted + "_";
        if (take(other)) {
            return other;
        }
        int number = lastNumbers.getOrDefault(wanted, 1);
        do {
            number++;
        } while (!take(other + number));
        lastNumbers.put(wanted, number);
        return other + number;
    }

    /** What begins with a letter or one underscore, and goes on with letters, digits and underscores. */
    static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        // Python takes what is the same in this form for the same name.
        Normalizer.normalize(name, Normalizer.Form.NFKC).codePoints().forEach(point -> {
            if (isWord(point)) {
                plain.appendCodePoint(point);
            } else if (plain.isEmpty() || plain.charAt(plain.length() - 1) != '_') {
                plain.append('_');
            }
        });
        if (plain.isEmpty() || Character.isDigit(plain.charAt(0))) {
            plain.insert(0, '_');
        }
        // Two of them mean something in Python: a name that is the class's own, or the language's.
        int underscores = 0;
        while (underscores < plain.length() && plain.charAt(underscores) == '_') {
            underscores++;
        }
        return underscores > 1 ? plain.substring(underscores - 1) : plain.toString();
    }

    private static boolean isWord(int point) {
        return point == '_'
                || (point >= '0' && point <= '9')
                || (Character.isLetter(point) && Character.isUnicodeIdentifierStart(point));
    }
}
