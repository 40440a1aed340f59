package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fuzz target: the JSON scanner against Jackson. Both take the same texts, but for what the scanner documents: limits,
 * which are counted from Jackson's tokens here, and halves of surrogate pairs.
 */
public final class JsonFuzz {
    /** Small, so that a short text gets beyond them. */
    private static final int DEPTH = 6;

    private static final int DIGITS = 8;
    private static final int KEYS = 4;

    private JsonFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        byte[] utf8 = text.getBytes(UTF_8);
        SecondOpinion jackson = SecondOpinion.of(utf8);
        grammarIsJacksons(utf8, jackson);
        limitsAreCounted(utf8, jackson);
        surroundingsAreOfNoMeaning(utf8);
        if (jackson.isJson && !jackson.hasLoneSurrogate && jackson.depth <= 512) {
            Fuzz.check(Json.of(text).toString().equals(text.strip()), "the value is the text without space around it");
        }
    }

    private static void grammarIsJacksons(byte[] utf8, SecondOpinion jackson) {
        JsonScanner scanner = new JsonScanner(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
        JsonFault thrown = scan(scanner, utf8, 0, utf8.length);
        if (thrown != null && thrown.isBeyondLimit()) {
            return; // deeper than any limit
        }
        boolean lone = thrown == null && scanner.fault() != null;
        if (lone && !jackson.isJson) {
            return; // Jackson refuses halves of pairs in some keys
        }
        Fuzz.check((thrown == null) == jackson.isJson, "Jackson says json: " + jackson.isJson + ", we: " + thrown);
        Fuzz.check(!jackson.isJson || lone == jackson.hasLoneSurrogate, "half of a pair, we say: " + lone);
    }

    private static void limitsAreCounted(byte[] utf8, SecondOpinion jackson) {
        JsonScanner scanner = new JsonScanner(DEPTH, DIGITS, KEYS);
        if (scan(scanner, utf8, 0, utf8.length) == null && jackson.isJson) {
            boolean beyond = jackson.depth > DEPTH || jackson.digits > DIGITS || jackson.keys > KEYS;
            JsonFault fault = scanner.fault();
            Fuzz.check((fault != null) == (beyond || jackson.hasLoneSurrogate), "limits: " + beyond + ", " + fault);
            Fuzz.check(fault == null || !fault.isBeyondLimit() || beyond, "not beyond a limit: " + fault);
        }
    }

    private static void surroundingsAreOfNoMeaning(byte[] utf8) {
        String alone = verdict(utf8, 0, utf8.length);
        for (byte around : new byte[] {'"', '}', '\\', '0', 0}) {
            byte[] inside = new byte[utf8.length + 24];
            Arrays.fill(inside, around);
            System.arraycopy(utf8, 0, inside, 11, utf8.length);
            String there = verdict(inside, 11, utf8.length);
            Fuzz.check(there.equals(alone), "alone: " + alone + ", inside " + around + ": " + there);
        }
    }

    private static String verdict(byte[] bytes, int offset, int length) {
        JsonScanner scanner = new JsonScanner(DEPTH, DIGITS, KEYS);
        JsonFault thrown = scan(scanner, bytes, offset, length);
        JsonFault fault = thrown == null ? scanner.fault() : thrown;
        return fault == null
                ? "value of " + (scanner.tokenFrom() - offset) + " to " + (scanner.tokenTo() - offset)
                : Objects.requireNonNull(fault.what());
    }

    private static @Nullable JsonFault scan(JsonScanner scanner, byte[] bytes, int offset, int length) {
        scanner.begin(bytes, offset, length);
        try {
            scanner.value();
            scanner.end();
            return null;
        } catch (JsonFault fault) {
            return fault;
        }
    }
}
