package io.roomcast.types;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What stands in a schema for people, and the limits that no type can say, as lines of text. */
final class SchemaNotes {
    private static final BigDecimal COUNTABLE = new BigDecimal(1L << 53);

    private final SchemaNode node;
    private final List<String> lines = new ArrayList<>();

    private SchemaNotes(SchemaNode node) {
        this.node = node;
    }

    /** @param kind what its limits are of, such as "A whole number"; null if that is of no interest without limits */
    static List<String> of(SchemaNode node, @Nullable String kind) {
        SchemaNotes notes = new SchemaNotes(node);
        notes.description();
        notes.bounds(kind);
        notes.counts("minLength", "maxLength", "character");
        notes.counts("minItems", "maxItems", "item");
        notes.counts("minProperties", "maxProperties", "name");
        notes.others();
        return notes.lines;
    }

    private void description() {
        SchemaNode description = node.find("description");
        if (description != null && !description.text().isBlank()) {
            lines.addAll(List.of(SourceText.lines(description.text())));
        }
        SchemaNode deprecated = node.find("deprecated");
        if (deprecated != null && deprecated.isTrue()) {
            lines.add("Deprecated.");
        }
    }

    private void bounds(@Nullable String kind) {
        String bounds = bound("minimum", " from ") + bound("exclusiveMinimum", " above ");
        String upper = bound("maximum", bounds.isEmpty() ? " up to " : " to ") + bound("exclusiveMaximum", " below ");
        String multiple = bound("multipleOf", ", a multiple of ");
        if (kind != null
                && (!bounds.isEmpty() || !upper.isEmpty() || !multiple.isEmpty() || kind.endsWith("whole number"))) {
            lines.add(kind + bounds + upper + multiple + ".");
        }
    }

    private String bound(String keyword, String word) {
        SchemaNode bound = node.find(keyword);
        return bound == null ? "" : word + number(bound.digits());
    }

    /** The bounds of a long are known to people as a power of two. */
    private static String number(String digits) {
        if (digits.length() == "9007199254740992".length() || digits.length() == "-9007199254740992".length()) {
            BigDecimal number = new BigDecimal(digits);
            if (number.abs().compareTo(COUNTABLE) == 0) {
                return number.signum() < 0 ? "-2^53" : "2^53";
            }
        }
        return Shown.word(digits);
    }

    private void counts(String least, String most, String what) {
        SchemaNode from = node.find(least);
        SchemaNode to = node.find(most);
        if (from != null && to != null) {
            lines.add("From " + from.digits() + " to " + to.digits() + " " + what + "s.");
        } else if (from != null) {
            lines.add("At least " + counted(from.digits(), what));
        } else if (to != null) {
            lines.add("At most " + counted(to.digits(), what));
        }
    }

    private static String counted(String count, String what) {
        return count + " " + what + (count.equals("1") ? "." : "s.");
    }

    private void others() {
        SchemaNode pattern = node.find("pattern");
        if (pattern != null) {
            lines.add("Matches " + pattern.text());
        }
        SchemaNode format = node.find("format");
        if (format != null) {
            lines.add("Format: " + format.text());
        }
        SchemaNode unique = node.find("uniqueItems");
        if (unique != null && unique.isTrue()) {
            lines.add("No two items are equal.");
        }
    }

    /** Those of what is inside, where the place itself has no room for them. */
    static List<String> inside(String what, List<String> notes) {
        return notes.stream()
                .map(line -> what + ": "
                        + (line.startsWith("A ") || line.startsWith("At ") || line.startsWith("From ")
                                ? line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1)
                                : line))
                .toList();
    }
}
