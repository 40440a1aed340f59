package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON value as its bytes came: validated, never rewritten. Immutable.
 *
 * <p>It can be looked into: {@link #fields()}, {@link #items()}, {@link #text()}, {@link #number()}. What is inside is found
 * when it is asked for, anew each time, and is a copy of its part of the bytes.
 */
public final class Json {
    private static final int MOST_DEPTH = 512;

    private final byte[] utf8;

    /** @param utf8 validated, and never changed again */
    Json(byte[] utf8) {
        this.utf8 = utf8;
    }

    /**
     * The JSON value that this text is; white space around it is left out, the rest stays as it is.
     *
     * <p>The limits for what clients send (digits of a number, keys of an object) do not bind the application, only
     * depth does: 512 arrays and objects inside each other.
     *
     * @throws IllegalArgumentException if the text is not exactly one JSON value (RFC 8259), or holds half of a surrogate
     *     pair; the message says what is wrong and where
     */
    public static Json of(String text) {
        return of(text, MOST_DEPTH);
    }

    /**
     * As {@link #of(String)}, with another limit for the depth: what stands inside a frame stands deeper there than by itself.
     *
     * @param mostDepth arrays and objects inside each other, up to 4,096
     */
    public static Json of(String text, int mostDepth) {
        if (JsonText.hasLoneSurrogate(text)) {
            throw new IllegalArgumentException("Not JSON: half of a surrogate pair, for which there is no UTF-8");
        }
        byte[] utf8 = text.getBytes(UTF_8);
        JsonScanner scanner = new JsonScanner(mostDepth, Integer.MAX_VALUE, Integer.MAX_VALUE);
        scanner.begin(utf8, 0, utf8.length);
        try {
            scanner.value();
            scanner.end();
        } catch (JsonFault fault) {
            throw new IllegalArgumentException("Not JSON, " + fault.what(), fault);
        }
        JsonFault fault = scanner.fault();
        if (fault != null) {
            throw new IllegalArgumentException("Not JSON, " + fault.what(), fault);
        }
        boolean trimmed = scanner.tokenTo() - scanner.tokenFrom() == utf8.length;
        return new Json(trimmed ? utf8 : Arrays.copyOfRange(utf8, scanner.tokenFrom(), scanner.tokenTo()));
    }

    /** How many bytes it has in a frame. */
    public int length() {
        return utf8.length;
    }

    /** Whether it is a number. */
    public boolean isNumber() {
        return utf8[0] == '-' || (utf8[0] >= '0' && utf8[0] <= '9');
    }

    public boolean isObject() {
        return utf8[0] == '{';
    }

    public boolean isArray() {
        return utf8[0] == '[';
    }

    /** Whether it is a string. */
    public boolean isText() {
        return utf8[0] == '"';
    }

    public boolean isTrue() {
        return utf8[0] == 't';
    }

    public boolean isFalse() {
        return utf8[0] == 'f';
    }

    public boolean isNull() {
        return utf8[0] == 'n';
    }

    /**
     * The fields of an object, in their order. Of a key that stands there twice the last value counts.
     *
     * @throws IllegalStateException if it is no object
     */
    public Map<String, Json> fields() {
        Map<String, Json> fields = new LinkedHashMap<>();
        JsonScanner scanner = scanner();
        try {
            if (!scanner.openObject()) {
                throw isNo("object");
            }
            while (scanner.nextKey()) {
                String key = JsonText.unescaped(utf8, scanner.tokenFrom() + 1, scanner.tokenTo() - 1);
                fields.put(key, nextValue(scanner));
            }
        } catch (JsonFault fault) {
            throw new IllegalStateException("validated before", fault);
        }
        return Collections.unmodifiableMap(fields);
    }

    /**
     * The items of an array.
     *
     * @throws IllegalStateException if it is no array
     */
    public List<Json> items() {
        List<Json> items = new ArrayList<>();
        JsonScanner scanner = scanner();
        try {
            if (!scanner.openArray()) {
                throw isNo("array");
            }
            while (scanner.nextItem(items.isEmpty())) {
                items.add(nextValue(scanner));
            }
        } catch (JsonFault fault) {
            throw new IllegalStateException("validated before", fault);
        }
        return Collections.unmodifiableList(items);
    }

    /**
     * The text that a string stands for, its escapes resolved.
     *
     * @throws IllegalStateException if it is no string
     */
    public String text() {
        if (!isText()) {
            throw isNo("string");
        }
        return JsonText.unescaped(utf8, 1, utf8.length - 1);
    }

    /**
     * The number, all digits of it.
     *
     * @throws IllegalStateException if it is no number
     * @throws ArithmeticException if its exponent is beyond what a {@code BigDecimal} can have
     */
    public BigDecimal number() {
        if (!isNumber()) {
            throw isNo("number");
        }
        try {
            return new BigDecimal(toString());
        } catch (NumberFormatException tooLarge) {
            throw new ArithmeticException("A number beyond BigDecimal");
        }
    }

    private JsonScanner scanner() {
        JsonScanner scanner = new JsonScanner(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
        scanner.begin(utf8, 0, utf8.length);
        return scanner;
    }

    private Json nextValue(JsonScanner scanner) throws JsonFault {
        scanner.value();
        return new Json(Arrays.copyOfRange(utf8, scanner.tokenFrom(), scanner.tokenTo()));
    }

    private IllegalStateException isNo(String kind) {
        return new IllegalStateException("This JSON is no " + kind + "; it begins with '" + (char) utf8[0] + "'");
    }

    /** The value if it is an integer from 0 written in digits only, else -1. Capped at {@code Long.MAX_VALUE}. */
    long integer() {
        return JsonText.integer(utf8, 0, utf8.length);
    }

    void writeTo(JsonWriter out) {
        out.raw(utf8);
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(utf8, UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && Arrays.equals(utf8, json.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }
}
