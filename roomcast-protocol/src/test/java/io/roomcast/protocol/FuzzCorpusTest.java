package io.roomcast.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every input that fuzzing has found worth keeping, once more. */
final class FuzzCorpusTest {

    @Test
    void json_corpus() {
        replay("json", JsonFuzz::fuzzerTestOneInput);
    }

    @Test
    void message_corpus() {
        replay("message", MessageFuzz::fuzzerTestOneInput);
    }

    private static void replay(String target, Consumer<byte[]> fuzz) {
        List<byte[]> corpus = Fuzz.corpus(target);
        assertThat(corpus).hasSizeGreaterThan(20);
        for (byte[] input : corpus) {
            try {
                fuzz.accept(input);
            } catch (Throwable found) {
                throw new AssertionError("input " + HexFormat.of().formatHex(input), found);
            }
        }
    }
}
