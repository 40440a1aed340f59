package io.roomcast.protocol;

import static io.roomcast.protocol.ErrorCode.BAD_REQUEST;
import static io.roomcast.protocol.ErrorCode.TOO_LARGE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.ObjectFields.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the parts of an {@code update}: maps and a list of keys, of which each may be named once. Not thread-safe. */
final class UpdateReader {
    private final int keyBytes;
    private final int valueBytes;

    /** Goes over parts of a frame that has been found sound before, so it meets no fault. */
    private final JsonScanner parts = new JsonScanner(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** What this update changes, so far. */
    private final Set<String> changed = new HashSet<>();

    private interface Entry {
        void take(String key, Json value) throws Refused;
    }

    UpdateReader(Limits limits) {
        keyBytes = limits.asInt(Limit.STATE_KEY_BYTES);
        valueBytes = limits.asInt(Limit.STATE_VALUE_BYTES);
    }

    ClientMessage.Update read(RequestId id, String room, FrameFields fields, boolean own) throws Refused {
        try {
            Map<String, Json> set = values(fields.set);
            List<String> delete = keys(fields.delete);
            Map<String, Json> add = numbers(fields.add);
            if (changed.isEmpty()) {
                throw new Refused(BAD_REQUEST, "Add 'set', 'delete' or 'add': there is nothing to change.");
            }
            return new ClientMessage.Update(id, room, set, delete, add, versions(fields.ifVersions), own);
        } catch (JsonFault impossible) {
            throw new AssertionError("The frame was found sound before", impossible);
        } finally {
            changed.clear();
            parts.release();
        }
    }

    private Map<String, Json> values(Field field) throws Refused, JsonFault {
        Map<String, Json> values = new LinkedHashMap<>();
        forEach(field, (key, value) -> {
            if (value.length() > valueBytes) {
                throw new Refused(
                        TOO_LARGE,
                        "A value of 'set' has " + value.length() + " bytes, but at most " + valueBytes
                                + " are taken (limit " + Limit.STATE_VALUE_BYTES.key() + "); send less.");
            }
            values.put(change(key), value);
        });
        return values;
    }

    private Map<String, Json> numbers(Field field) throws Refused, JsonFault {
        Map<String, Json> numbers = new LinkedHashMap<>();
        forEach(field, (key, value) -> {
            if (!value.isNumber()) {
                throw new Refused(BAD_REQUEST, "'add' must be an object of numbers: what to add to each key.");
            }
            numbers.put(change(key), value);
        });
        return numbers;
    }

    private Map<String, Long> versions(Field field) throws Refused, JsonFault {
        Map<String, Long> versions = new LinkedHashMap<>();
        forEach(field, (key, value) -> {
            long version = value.integer();
            if (version < 0 || version > RequestId.MOST) {
                throw new Refused(
                        BAD_REQUEST,
                        "'if' must be an object of integers: the version that each key must have, 0 if it must be absent.");
            }
            if (versions.put(checked(key), version) != null) {
                throw twice();
            }
        });
        return versions;
    }

    private List<String> keys(Field field) throws Refused, JsonFault {
        List<String> keys = new ArrayList<>();
        if (!field.isPresent()) {
            return keys;
        }
        field.beginParts(parts);
        if (!parts.openArray()) {
            throw noList();
        }
        while (parts.nextItem(keys.isEmpty())) {
            parts.value();
            String key = field.stringAt(parts.tokenFrom(), parts.tokenTo());
            if (key == null) {
                throw noList();
            }
            keys.add(change(key));
        }
        return keys;
    }

    private void forEach(Field field, Entry entry) throws Refused, JsonFault {
        if (!field.isPresent()) {
            return;
        }
        field.beginParts(parts);
        if (!parts.openObject()) {
            throw new Refused(BAD_REQUEST, "'" + field.key() + "' must be an object.");
        }
        while (parts.nextKey()) {
            String key = field.stringAt(parts.tokenFrom(), parts.tokenTo());
            parts.value();
            if (key == null) {
                throw new Refused(BAD_REQUEST, "A key of '" + field.key() + "' cannot be written as UTF-8.");
            }
            entry.take(key, field.jsonAt(parts.tokenFrom(), parts.tokenTo()));
        }
    }

    private String change(String key) throws Refused {
        if (!changed.add(checked(key))) {
            throw twice();
        }
        return key;
    }

    private String checked(String key) throws Refused {
        int bytes = key.length() > keyBytes ? key.length() : key.getBytes(UTF_8).length;
        if (bytes > keyBytes) {
            throw new Refused(
                    TOO_LARGE,
                    "A key has more than " + keyBytes + " bytes (limit " + Limit.STATE_KEY_BYTES.key()
                            + "); choose shorter keys.");
        }
        if (bytes == 0) {
            throw new Refused(BAD_REQUEST, "A key must not be empty.");
        }
        return key;
    }

    private static Refused twice() {
        return new Refused(BAD_REQUEST, "Name each key once in an update.");
    }

    private static Refused noList() {
        return new Refused(BAD_REQUEST, "'delete' must be a list of keys.");
    }
}
