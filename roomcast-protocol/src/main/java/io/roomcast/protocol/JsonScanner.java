package io.roomcast.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Validates JSON (RFC 8259) where it lies and tells where its parts begin and end. It copies and builds nothing.
 *
 * <p>Each byte is looked at once, a loop and a stack of counters take the place of recursion, so the time is linear and
 * the memory fixed, whatever the text. Stricter than the RFC in one thing: an escape that is half of a surrogate pair
 * is refused, since no client could be relied on to read it the same way.
 *
 * <p>Limits (depth, digits of a number, keys of an object) and lone surrogates leave the grammar intact, so the first
 * of them is noted as {@link #fault()} and reading goes on; anything else that is wrong is thrown.
 */
final class JsonScanner {
    /** Reading stops here whatever the depth limit, so that the stack is bounded: 16 KiB. */
    private static final int MOST_LEVELS = 4_096;

    private static final int ARRAY = -1;
    private static final byte[] NOTHING = {};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;

    private final int mostDepth;
    private final int mostDigits;
    private final int mostKeys;

    /** For each level that is open the number of keys so far, or {@link #ARRAY}. Grows to {@link #MOST_LEVELS}. */
    private int[] levels = new int[32];

    private int depth;
    private byte[] bytes = NOTHING;
    private int start;
    private int end;
    private int position;
    private int tokenFrom;
    private int tokenTo;
    private @Nullable JsonFault fault;

    JsonScanner(int mostDepth, int mostDigits, int mostKeys) {
        this.mostDepth = Math.min(mostDepth, MOST_LEVELS);
        this.mostDigits = mostDigits;
        this.mostKeys = mostKeys;
    }

    /** Takes up a text, which is valid UTF-8. */
    void begin(byte[] utf8, int offset, int length) {
        bytes = utf8;
        start = offset;
        position = offset;
        end = offset + length;
        depth = 0;
        fault = null;
    }

    /** Lets go of the text. */
    void release() {
        bytes = NOTHING;
        position = 0;
        end = 0;
    }

    /** The first thing that is not taken although it is JSON, or null. */
    @Nullable
    JsonFault fault() {
        return fault;
    }

    /** Where the key or value that was passed last begins. */
    int tokenFrom() {
        return tokenFrom;
    }

    /** Where the key or value that was passed last ends. */
    int tokenTo() {
        return tokenTo;
    }

    /** Goes into the object that stands here; false if something else does. */
    boolean openObject() throws JsonFault {
        skipSpace();
        if (position == end || bytes[position] != '{') {
            return false;
        }
        open(0);
        return true;
    }

    /** Passes the next key of the object and its colon; at the object's end leaves the object and is false. */
    boolean nextKey() throws JsonFault {
        byte next = afterSpace();
        if (next == '}') {
            position++;
            depth--;
            return false;
        }
        if (levels[depth - 1] > 0) {
            if (next != ',') {
                throw malformed("expected ',' or '}'");
            }
            position++;
        }
        key();
        return true;
    }

    /** Goes into the array that stands here; false if something else does. */
    boolean openArray() throws JsonFault {
        skipSpace();
        if (position == end || bytes[position] != '[') {
            return false;
        }
        open(ARRAY);
        return true;
    }

    /** Stands before the next item of the array; at the array's end leaves the array and is false. */
    boolean nextItem(boolean isFirst) throws JsonFault {
        byte next = afterSpace();
        if (next == ']') {
            close();
            return false;
        }
        if (!isFirst) {
            if (next != ',') {
                throw malformed("expected ',' or ']'");
            }
            position++;
        }
        return true;
    }

    /** Passes one value with all that is in it. */
    void value() throws JsonFault {
        afterSpace();
        int from = position;
        int outside = depth;
        do {
            if (passOrOpen()) {
                closeAndSeparate(outside);
            }
        } while (depth > outside);
        tokenFrom = from;
        tokenTo = position;
    }

    /** Holds that nothing but white space is left. */
    void end() throws JsonFault {
        skipSpace();
        if (position != end) {
            throw malformed("the text goes on behind its end");
        }
    }

    /** Passes a value without parts and is true, or goes into one whose first part stands next and is false. */
    private boolean passOrOpen() throws JsonFault {
        switch (afterSpace()) {
            case '{' -> {
                open(0);
                if (afterSpace() != '}') {
                    key();
                    return false;
                }
                close();
            }
            case '[' -> {
                open(ARRAY);
                if (afterSpace() != ']') {
                    return false;
                }
                close();
            }
            case '"' -> string();
            case 't' -> literal(TRUE);
            case 'f' -> literal(FALSE);
            case 'n' -> literal(NULL);
            default -> number();
        }
        return true;
    }

    /** Behind a value: closes what ends here, down to a level, or passes a comma and the key behind it. */
    private void closeAndSeparate(int outside) throws JsonFault {
        while (depth > outside) {
            boolean inArray = levels[depth - 1] == ARRAY;
            byte next = afterSpace();
            if (next == ',') {
                position++;
                if (!inArray) {
                    key();
                }
                return;
            }
            if (next != (inArray ? ']' : '}')) {
                throw malformed(inArray ? "expected ',' or ']'" : "expected ',' or '}'");
            }
            close();
        }
    }

    private void open(int level) throws JsonFault {
        if (depth == levels.length) {
            if (depth == MOST_LEVELS) {
                throw JsonFault.beyondLimit(position - start, tooDeep());
            }
            levels = Arrays.copyOf(levels, 2 * depth);
        }
        levels[depth++] = level;
        if (depth == mostDepth + 1) {
            noteLimit(position, tooDeep());
        }
        position++;
    }

    private void close() {
        depth--;
        position++;
    }

    private void key() throws JsonFault {
        if (afterSpace() != '"') {
            throw malformed("expected a key in double quotes");
        }
        if (levels[depth - 1]++ == mostKeys) {
            noteLimit(position, "more than " + mostKeys + " keys in one object");
        }
        int from = position;
        string();
        int to = position;
        if (afterSpace() != ':') {
            throw malformed("expected ':'");
        }
        position++;
        tokenFrom = from;
        tokenTo = to;
    }

    private void string() throws JsonFault {
        int at = position + 1;
        while (true) {
            at = endOfPlain(at);
            if (at >= end) {
                throw cutOff();
            }
            byte b = bytes[at];
            if (b == '"') {
                position = at + 1;
                return;
            }
            position = at;
            if (b != '\\') {
                throw malformed("a control character in a string; write it as an escape");
            }
            escape();
            at = position;
        }
    }

    /** The first byte from here on that is a quote, a backslash or a control character; eight bytes at a time. */
    private int endOfPlain(int from) {
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long word = (long) EIGHT_BYTES.get(bytes, at);
            long special = zeroBytes(word ^ (ONES * '"')) | zeroBytes(word ^ (ONES * '\\')) | controlBytes(word);
            if (special != 0) {
                return at + (Long.numberOfTrailingZeros(special) >>> 3);
            }
        }
        while (at < end && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] & 0xFF) >= 0x20) {
            at++;
        }
        return at;
    }

    /** The high bit of each byte that is zero. Bits above the lowest one may be wrong, the lowest never is. */
    private static long zeroBytes(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }

    /** The high bit of each byte below 0x20, as exact as {@link #zeroBytes}. */
    private static long controlBytes(long word) {
        return (word - ONES * 0x20) & ~word & HIGH_BITS;
    }

    private void escape() throws JsonFault {
        if (position + 1 == end) {
            throw cutOff();
        }
        switch (bytes[position + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> position += 2;
            case 'u' -> unicodeEscape();
            default -> throw malformed("no such escape in JSON");
        }
    }

    private void unicodeEscape() throws JsonFault {
        char unit = hex(position + 2);
        boolean paired = Character.isHighSurrogate(unit)
                && position + 12 <= end
                && bytes[position + 6] == '\\'
                && bytes[position + 7] == 'u'
                && Character.isLowSurrogate(hex(position + 8));
        if (Character.isSurrogate(unit) && !paired && fault == null) {
            fault = malformed("half of a surrogate pair");
        }
        position += paired ? 12 : 6;
    }

    private char hex(int from) throws JsonFault {
        if (from + 4 > end) {
            throw cutOff();
        }
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = JsonText.hexDigit(bytes[i]);
            if (digit < 0) {
                throw malformed("\\u must be followed by four hexadecimal digits");
            }
            unit = (unit << 4) | digit;
        }
        return (char) unit;
    }

    private void literal(byte[] name) throws JsonFault {
        int to = Math.min(end, position + name.length);
        if (!Arrays.equals(bytes, position, to, name, 0, name.length)) {
            throw malformed("expected a value");
        }
        position = to;
    }

    private void number() throws JsonFault {
        int from = position;
        if (bytes[from] == '-') {
            position++;
        } else if (!isDigit(bytes[from])) {
            throw malformed("expected a value");
        }
        int digits = 1;
        if (position < end && bytes[position] == '0') {
            position++;
        } else {
            digits = digits();
        }
        if (position < end && bytes[position] == '.') {
            position++;
            digits += digits();
        }
        if (position < end && (bytes[position] == 'e' || bytes[position] == 'E')) {
            position++;
            if (position < end && (bytes[position] == '+' || bytes[position] == '-')) {
                position++;
            }
            digits += digits();
        }
        if (digits > mostDigits) {
            noteLimit(from, "a number of more than " + mostDigits + " digits");
        }
    }

    /** Passes one digit or more. */
    private int digits() throws JsonFault {
        int from = position;
        while (position < end && isDigit(bytes[position])) {
            position++;
        }
        if (position == from) {
            throw position == end ? cutOff() : malformed("expected a digit");
        }
        return position - from;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private byte afterSpace() throws JsonFault {
        skipSpace();
        if (position == end) {
            throw cutOff();
        }
        return bytes[position];
    }

    private void skipSpace() {
        while (position < end && isSpace(bytes[position])) {
            position++;
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private String tooDeep() {
        return "more than " + mostDepth + " arrays and objects inside each other";
    }

    private void noteLimit(int at, String what) {
        if (fault == null) {
            fault = JsonFault.beyondLimit(at - start, what);
        }
    }

    private JsonFault malformed(String what) {
        return JsonFault.malformed(position - start, what);
    }

    private JsonFault cutOff() {
        return JsonFault.malformed(end - start, "the text ends too early");
    }
}
