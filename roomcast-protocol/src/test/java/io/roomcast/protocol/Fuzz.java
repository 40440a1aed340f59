package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** What fuzz targets share. */
final class Fuzz {
    private Fuzz() {}

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** The inputs that were found worth keeping: one a line in hex, with comments behind #. */
    static List<byte[]> corpus(String target) {
        String name = "/fuzz/" + target + ".hex";
        try (InputStream in = Objects.requireNonNull(Fuzz.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), US_ASCII)
                    .lines()
                    .map(line -> line.replaceFirst(" *#.*", ""))
                    .filter(line -> !line.isEmpty())
                    .map(HexFormat.of()::parseHex)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
