package io.roomcast.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A fenced block of a Markdown file.
 *
 * @param line where its text begins, from 1
 * @param info what stands behind the opening back-ticks: the language, then our own words
 */
record Fence(int line, String info, String text) {
    private static final String MARK = "```";

    /** The repository, from which the documents are read; tests run in the module's own directory. */
    static Path repository() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    static List<Fence> of(String document) throws IOException {
        List<Fence> fences = new ArrayList<>();
        List<String> lines = Files.readAllLines(repository().resolve(document));
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at).startsWith(MARK)) {
                int end = closing(lines, at + 1);
                String info = lines.get(at).substring(MARK.length()).strip();
                fences.add(new Fence(at + 2, info, String.join("\n", lines.subList(at + 1, end)) + "\n"));
                at = end;
            }
        }
        return fences;
    }

    private static int closing(List<String> lines, int from) {
        int end = from;
        while (!lines.get(end).equals(MARK)) {
            end++;
        }
        return end;
    }

    /** The language, for colours. */
    String language() {
        return words()[0];
    }

    /** The n-th of our own words behind the language, or nothing. */
    String word(int n) {
        return words().length > n ? words()[n] : "";
    }

    private String[] words() {
        return info.split(" ", -1);
    }
}
