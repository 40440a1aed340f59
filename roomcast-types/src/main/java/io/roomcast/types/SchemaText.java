package io.roomcast.types;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import tools.jackson.core.io.JsonStringEncoder;

/** JSON to be read, committed and compared: two spaces a level, short lists and flat objects in one line, in this order. */
final class SchemaText {
    private static final int SHORT = 90;

    private final StringBuilder text = new StringBuilder();

    private SchemaText() {}

    /** @param json of maps, lists, strings, numbers and booleans */
    static String of(Object json) {
        SchemaText schema = new SchemaText();
        schema.value(json, "\n");
        return schema.text.append('\n').toString();
    }

    private void value(Object json, String newLine) {
        if (json instanceof String string) {
            text.append('"')
                    .append(JsonStringEncoder.getInstance().quoteAsCharArray(string))
                    .append('"');
        } else if (json instanceof Map<?, ?> map) {
            parts('{', map.entrySet(), '}', newLine);
        } else if (json instanceof List<?> list) {
            parts('[', list, ']', newLine);
        } else if (json instanceof Map.Entry<?, ?> entry) {
            value(entry.getKey(), newLine);
            text.append(": ");
            value(entry.getValue(), newLine);
        } else {
            text.append(json);
        }
    }

    private void parts(char open, Collection<?> parts, char close, String newLine) {
        int from = text.length();
        boolean isFlat = parts.stream().allMatch(SchemaText::isFlat);
        if (isFlat) {
            parts(open, parts, close, "", " ");
        }
        if (!isFlat || text.length() - from > SHORT) {
            text.setLength(from);
            parts(open, parts, close, newLine + "  ", newLine + "  ");
            text.insert(text.length() - 1, newLine);
        }
    }

    private void parts(char open, Collection<?> parts, char close, String first, String next) {
        text.append(open).append(first);
        for (Iterator<?> each = parts.iterator(); each.hasNext(); ) {
            value(each.next(), next);
            if (each.hasNext()) {
                text.append(',').append(next);
            }
        }
        text.append(close);
    }

    /** Whether it may stand in one line with what is around it. */
    private static boolean isFlat(Object part) {
        if (part instanceof Map.Entry<?, ?> entry) {
            return !(entry.getValue() instanceof Map<?, ?>) && !(entry.getValue() instanceof List<?>);
        }
        return !(part instanceof List<?>)
                && (!(part instanceof Map<?, ?> map) || map.entrySet().stream().allMatch(SchemaText::isFlat));
    }
}
