package io.roomcast.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Header fields in their order, names compared without case. Filled by one owner and then only read.
 *
 * <p>Look-up walks the list: there are {@value HeadParser#HEADERS} at most, and nothing a peer sends can make a walk
 * slower than that.
 */
final class Headers {
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    void add(String name, String value) {
        names.add(name);
        values.add(value);
    }

    int size() {
        return names.size();
    }

    String name(int index) {
        return names.get(index);
    }

    String value(int index) {
        return values.get(index);
    }

    /** Every value of the header, in order, each as it stood in its line. */
    List<String> values(String name) {
        List<String> found = new ArrayList<>(1);
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                found.add(values.get(i));
            }
        }
        return found;
    }

    Optional<String> first(String name) {
        return values(name).stream().findFirst();
    }

    boolean contains(String name) {
        return !values(name).isEmpty();
    }

    /** The elements of a comma-separated header, over all its lines, without the empty ones. */
    List<String> elements(String name) {
        List<String> elements = new ArrayList<>();
        for (String value : values(name)) {
            int from = 0;
            while (from <= value.length()) {
                int comma = value.indexOf(',', from);
                int to = comma < 0 ? value.length() : comma;
                String element = value.substring(from, to).strip();
                if (!element.isEmpty()) {
                    elements.add(element);
                }
                from = to + 1;
            }
        }
        return elements;
    }

    /** Whether one of {@link #elements} is this word, in any case. */
    boolean lists(String name, String word) {
        return elements(name).stream().anyMatch(word::equalsIgnoreCase);
    }
}
