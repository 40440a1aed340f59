package io.roomcast.server;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody who mistyped a name may have meant. */
final class Nearest {
    private Nearest() {}

    /** The known name nearest to this one, or empty if none is near: two edits, or one for every three characters. */
    static Optional<String> to(String name, Collection<String> known) {
        int reach = Math.max(2, name.length() / 3);
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .filter(candidate -> distance(name, candidate) <= reach);
    }

    /** Edits from one name to the other, whatever the case; a forgotten {@code limits.} costs nothing. */
    private static int distance(String name, String candidate) {
        int whole = edits(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
        int dot = candidate.lastIndexOf('.');
        return dot < 0 ? whole : Math.min(whole, distance(name, candidate.substring(dot + 1)));
    }

    /** Levenshtein's distance, one row at a time. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
