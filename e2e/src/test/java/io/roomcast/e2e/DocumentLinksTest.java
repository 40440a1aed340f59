package io.roomcast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link from one of our documents to another, or to a heading, leads somewhere. */
final class DocumentLinksTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");

    static Stream<Path> documents() throws IOException {
        Path repository = Fence.repository();
        try (Stream<Path> top = Files.list(repository);
                Stream<Path> docs = Files.walk(repository.resolve("docs"))) {
            return Stream.concat(top, docs).filter(path -> path.toString().endsWith(".md")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void link_leadsSomewhere(Path document) throws IOException {
        String text = Files.readString(document);
        List<String> links =
                LINK.matcher(text).results().map(MatchResult::group).toList();
        for (String link : links) {
            String target = link.substring(2, link.length() - 1);
            if (!target.startsWith("https://")) {
                assertLeadsSomewhere(document, target);
            }
        }
    }

    private static void assertLeadsSomewhere(Path document, String target) throws IOException {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path path = file.isEmpty() ? document : document.resolveSibling(file).normalize();
        assertThat(path).as("%s links to %s", document, target).exists();
        if (hash >= 0) {
            assertThat(anchors(path)).as("%s links to %s", document, target).contains(target.substring(hash + 1));
        }
    }

    /** As the usual renderers make them: lower case, no punctuation, hyphens for blanks. */
    private static List<String> anchors(Path document) throws IOException {
        return FENCED.matcher(Files.readString(document))
                .replaceAll("")
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} -]", "").replace(' ', '-'))
                .toList();
    }
}
