package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of one object stand: found in one pass over its bytes, in whatever order the client sent them. Nothing
 * is copied until it is asked for. Reused from object to object; {@link FrameFields} and {@link ResumeFields} say which
 * fields there are.
 */
class ObjectFields {
    private static final int MOST_KEYS = 256;
    private static final int MOST_DIGITS = 32;
    private static final int LONGEST_QUOTE = 40;
    private static final byte[] NOTHING = {};

    /** The fields that are looked for; any other is passed over. */
    private final List<Field> known = new ArrayList<>();

    private final KeySet otherKeys = new KeySet(MOST_KEYS);
    private final JsonScanner scanner;
    private byte[] bytes = NOTHING;
    private @Nullable JsonFault repeatedKey;

    ObjectFields(int mostDepth) {
        scanner = new JsonScanner(mostDepth, MOST_DIGITS, MOST_KEYS);
    }

    /** One more field to look for. */
    final Field field(String key) {
        Field field = new Field(key);
        known.add(field);
        return field;
    }

    /**
     * Finds the fields of an object. After a fault the fields are there as far as they were read.
     *
     * @return the first fault, or null if the object is sound
     */
    @Nullable
    JsonFault read(byte[] utf8, int offset, int length) {
        bytes = utf8;
        scanner.begin(utf8, offset, length);
        try {
            if (!scanner.openObject()) {
                return JsonFault.malformed(0, "expected '{'");
            }
            while (scanner.nextKey()) {
                keyAndValue(offset);
            }
            scanner.end();
        } catch (JsonFault thrown) {
            return thrown;
        }
        return repeatedKey != null ? repeatedKey : scanner.fault();
    }

    /** Lets go of the object. */
    void release() {
        bytes = NOTHING;
        repeatedKey = null;
        scanner.release();
        otherKeys.clear();
        for (int i = 0; i < known.size(); i++) {
            Field field = known.get(i);
            field.valueFrom = 0;
            field.valueTo = 0;
        }
    }

    /** Passes the value behind a key, and keeps its place if the key is one of ours. The first of two counts. */
    private void keyAndValue(int offset) throws JsonFault {
        int keyFrom = scanner.tokenFrom();
        int keyTo = scanner.tokenTo();
        scanner.value();
        Field field = knownByBytes(keyFrom + 1, keyTo - 1);
        if (field == null) {
            String key = JsonText.unescaped(bytes, keyFrom + 1, keyTo - 1);
            field = knownByKey(key);
            if (field == null) {
                if (!otherKeys.add(key)) {
                    noteRepeated(keyFrom - offset, key);
                }
                return;
            }
        }
        if (field.isPresent()) {
            noteRepeated(keyFrom - offset, field.key);
            return;
        }
        field.valueFrom = scanner.tokenFrom();
        field.valueTo = scanner.tokenTo();
    }

    private @Nullable Field knownByBytes(int from, int to) {
        for (int i = 0; i < known.size(); i++) {
            byte[] name = known.get(i).utf8;
            if (name.length == to - from && Arrays.equals(name, 0, name.length, bytes, from, to)) {
                return known.get(i);
            }
        }
        return null;
    }

    private @Nullable Field knownByKey(String key) {
        for (Field field : known) {
            if (field.key.equals(key)) {
                return field;
            }
        }
        return null;
    }

    private void noteRepeated(int at, String key) {
        if (repeatedKey == null) {
            boolean quotable = key.length() <= LONGEST_QUOTE && !JsonText.hasLoneSurrogate(key);
            String named = quotable ? "the key '" + key + "'" : "a key";
            repeatedKey = JsonFault.malformed(at, named + " stands here a second time");
        }
    }

    /** One field that the object can have, and where its value stands in the one that was read last. */
    final class Field {
        private final String key;
        private final byte[] utf8;
        private int valueFrom;

        /** 0 where the object has no such field. */
        private int valueTo;

        private Field(String key) {
            this.key = key;
            this.utf8 = key.getBytes(US_ASCII);
        }

        String key() {
            return key;
        }

        boolean isPresent() {
            return valueTo != 0;
        }

        /** How many bytes the value has as sent. */
        int size() {
            return valueTo - valueFrom;
        }

        /** Finds the fields of the object that is the value; the fault if it is none. */
        @Nullable
        JsonFault readInto(ObjectFields fields) {
            return fields.read(bytes, valueFrom, valueTo - valueFrom);
        }

        /** The value's entries or items, to be read one after another; the frame must be kept meanwhile. */
        void beginParts(JsonScanner parts) {
            parts.begin(bytes, valueFrom, size());
        }

        /** The string that stands there, with its quotes, if it is one that can be written as UTF-8, else null. */
        @Nullable
        String stringAt(int from, int to) {
            if (bytes[from] != '"') {
                return null;
            }
            String text = JsonText.unescaped(bytes, from + 1, to - 1);
            return JsonText.hasLoneSurrogate(text) ? null : text;
        }

        /** A copy of the value that stands there. */
        Json jsonAt(int from, int to) {
            return new Json(Arrays.copyOfRange(bytes, from, to));
        }

        /** A copy of the value as it came. */
        Json json() {
            return new Json(Arrays.copyOfRange(bytes, valueFrom, valueTo));
        }

        /** The value if it is a string that can be written as UTF-8, else null. */
        @Nullable
        String string() {
            return isPresent() ? stringAt(valueFrom, valueTo) : null;
        }

        /** Whether the value is this string, of ASCII alone and written without escapes. */
        boolean is(String text) {
            if (size() != text.length() + 2 || bytes[valueFrom] != '"') {
                return false;
            }
            for (int i = 0; i < text.length(); i++) {
                if (bytes[valueFrom + 1 + i] != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        /** Shows the value where it stands, if it is a string of that kind. */
        boolean show(AsciiText text) {
            return startsWith('"') && text.show(bytes, valueFrom + 1, valueTo - 1);
        }

        void writeTo(JsonWriter out) {
            out.raw(bytes, valueFrom, size());
        }

        /** The value if it is an integer above 0 written in digits only, else 0. Capped at {@code Long.MAX_VALUE}. */
        long positiveInteger() {
            return Math.max(0, integer());
        }

        /** The value if it is an integer from 0 written in digits only, else -1. Capped at {@code Long.MAX_VALUE}. */
        long integer() {
            return JsonText.integer(bytes, valueFrom, valueTo);
        }

        boolean isTrue() {
            return startsWith('t');
        }

        boolean isFalse() {
            return startsWith('f');
        }

        /** The first byte of a valid JSON value tells its kind. */
        private boolean startsWith(char first) {
            return isPresent() && bytes[valueFrom] == first;
        }
    }
}
