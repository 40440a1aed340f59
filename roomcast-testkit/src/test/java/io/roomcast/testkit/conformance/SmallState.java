package io.roomcast.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The state of a room of the {@link SmallServer}. It keeps for ever which keys have been deleted, and when. */
final class SmallState {
    record Entry(String json, long version, String owner) {}

    /** A refusal, with what stands behind {@code current} in its frame, or "". */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        final String code;
        final String current;

        Refused(String code, String current) {
            super(code);
            this.code = code;
            this.current = current;
        }
    }

    private static final int PAGE = 40_000;
    private static final BigDecimal MOST = BigDecimal.valueOf(1L << 53);

    private final SmallServer.Fault fault;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Long> deleted = new LinkedHashMap<>();
    long version;

    SmallState(SmallServer.Fault fault) {
        this.fault = fault;
    }

    /**
     * What an update comes to, all of it checked before anything changes.
     *
     * @param change the parts of a {@code state} frame behind its version
     * @param sums the {@code values} of the reply, with what stands before them, or ""
     */
    record Change(String change, String sums) {}

    /** Checks what can be seen in the frame alone. */
    static void check(JsonValue.Obj frame) {
        Set<String> keys = new HashSet<>();
        for (String part : List.of("set", "add")) {
            for (JsonValue.Field field : fields(frame, part)) {
                checkKey(field.name(), keys);
                require(part.equals("set") || field.value() instanceof JsonValue.Num, "bad_request");
                require(bytes(field.value().raw()) <= SmallServer.limit("stateValueBytes"), "too_large");
            }
        }
        JsonValue delete = frame.field("delete").orElse(new JsonValue.Arr("[]", List.of()));
        require(delete instanceof JsonValue.Arr, "bad_request");
        for (JsonValue key : ((JsonValue.Arr) delete).items()) {
            require(key instanceof JsonValue.Str, "bad_request");
            checkKey(((JsonValue.Str) key).value(), keys);
        }
        require(!keys.isEmpty(), "bad_request");
        Set<String> compared = new HashSet<>();
        for (JsonValue.Field field : fields(frame, "if")) {
            checkKey(field.name(), compared);
            boolean good = field.value() instanceof JsonValue.Num number
                    && number.isInteger()
                    && number.value().signum() >= 0
                    && number.value().compareTo(MOST) < 0;
            require(good, "bad_request");
        }
        String own = frame.field("own").map(JsonValue::raw).orElse("false");
        require(own.equals("true") || own.equals("false"), "bad_request");
    }

    private static void checkKey(String key, Set<String> keys) {
        require(!key.isEmpty() && keys.add(key), "bad_request");
        require(bytes(key) <= SmallServer.limit("stateKeyBytes"), "too_large");
    }

    Change update(JsonValue.Obj frame, String from) {
        Map<String, Entry> before = new LinkedHashMap<>(entries);
        try {
            return tryUpdate(frame, from);
        } catch (Refused refused) {
            if (fault != SmallServer.Fault.HALF_UPDATES) {
                entries.clear();
                entries.putAll(before);
            }
            throw refused;
        }
    }

    private Change tryUpdate(JsonValue.Obj frame, String from) {
        boolean own = frame.field("own").map(JsonValue::raw).orElse("").equals("true");
        if (fault == SmallServer.Fault.HALF_UPDATES) {
            fields(frame, "set").forEach(field -> entries.put(field.name(), new Entry("0", version, "")));
        }
        compare(frame);
        fields(frame, "set").forEach(field -> {
            checkOwner(field.name(), from);
            Entry there = entries.get(field.name());
            require(there == null || !own || !there.owner.isEmpty(), "not_allowed");
        });
        fields(frame, "add").forEach(field -> checkOwner(field.name(), from));
        List<String> delete = frame.items("delete").stream()
                .map(key -> ((JsonValue.Str) key).value())
                .toList();
        delete.forEach(key -> checkOwner(key, from));
        Map<String, String> written = new LinkedHashMap<>();
        fields(frame, "set")
                .forEach(field -> written.put(field.name(), field.value().raw()));
        Map<String, String> sums = new LinkedHashMap<>();
        fields(frame, "add").forEach(field -> sums.put(field.name(), sum(field)));
        written.putAll(sums);
        int size = size();
        int keys = entries.size();
        long next = version + 1;
        written.forEach((key, json) -> {
            Entry there = entries.get(key);
            String owner = there != null ? there.owner : own ? from : "";
            long at = fault == SmallServer.Fault.VERSIONS_OF_KEYS && there != null ? there.version + 1 : next;
            entries.put(key, new Entry(json, at, owner));
        });
        delete.forEach(entries::remove);
        require(entries.size() <= Math.max(keys, SmallServer.limit("stateKeys")), "too_large");
        require(size() <= Math.max(size, SmallServer.limit("stateBytes")), "too_large");
        version = next;
        written.keySet().forEach(deleted::remove);
        delete.forEach(key -> deleted.put(key, next));
        String set = object(written);
        String gone = delete.stream().map(JsonValue::quote).collect(Collectors.joining(",", "[", "]"));
        return new Change(
                (written.isEmpty() ? "" : ",\"set\":" + set) + (delete.isEmpty() ? "" : ",\"delete\":" + gone),
                sums.isEmpty() ? "" : ",\"values\":" + object(sums));
    }

    private void compare(JsonValue.Obj frame) {
        List<String> current = new ArrayList<>();
        for (JsonValue.Field field : fields(frame, "if")) {
            Entry there = entries.get(field.name());
            long at = there == null ? 0 : there.version;
            if (((JsonValue.Num) field.value()).value().longValueExact() != at) {
                current.add(JsonValue.quote(field.name()) + ":{\"version\":" + at
                        + (there == null ? "" : ",\"value\":" + there.json) + "}");
            }
        }
        if (!current.isEmpty() && fault != SmallServer.Fault.IGNORES_IF) {
            throw new Refused("conflict", ",\"current\":{" + String.join(",", current) + "}");
        }
    }

    private void checkOwner(String key, String from) {
        Entry there = entries.get(key);
        boolean mayWrite = there == null || there.owner.isEmpty() || there.owner.equals(from);
        require(mayWrite || fault == SmallServer.Fault.KEYS_FOR_ALL, "not_allowed");
    }

    private String sum(JsonValue.Field add) {
        Entry there = entries.get(add.name());
        JsonValue value = there == null ? JsonValue.number(0) : JsonValue.parse(there.json);
        require(value instanceof JsonValue.Num, "bad_request");
        BigDecimal a = ((JsonValue.Num) value).value();
        BigDecimal b = ((JsonValue.Num) add.value()).value();
        require(isShort(a) && isShort(b), "bad_request");
        BigDecimal sum = a.add(b);
        require(sum.abs().compareTo(MOST) <= 0, "bad_request");
        if (fault == SmallServer.Fault.ADDS_BINARY) {
            sum = new BigDecimal(a.doubleValue() + b.doubleValue());
        }
        return sum.signum() == 0 ? "0" : sum.stripTrailingZeros().toPlainString();
    }

    private static boolean isShort(BigDecimal number) {
        return number.signum() == 0 || (number.scale() <= 32 && number.precision() - (long) number.scale() <= 32);
    }

    /** Deletes what this member owns: the parts of a {@code state} frame behind its version, or "". */
    String release(String member) {
        List<String> keys = entries.entrySet().stream()
                .filter(entry -> entry.getValue().owner.equals(member))
                .map(Map.Entry::getKey)
                .toList();
        if (keys.isEmpty()) {
            return "";
        }
        version++;
        keys.forEach(entries::remove);
        keys.forEach(key -> deleted.put(key, version));
        return ",\"delete\":" + keys.stream().map(JsonValue::quote).collect(Collectors.joining(",", "[", "]"));
    }

    /** The state, or what has changed since a version, in pages; a negative version for all of it. */
    List<String> pages(long since) {
        Set<String> gone = new LinkedHashSet<>();
        deleted.forEach((key, at) -> {
            if (at > since && fault != SmallServer.Fault.FORGETS_DELETED_KEYS) {
                gone.add(JsonValue.quote(key));
            }
        });
        String change = since < 0
                ? ""
                : (gone.isEmpty() ? "" : ",\"delete\":[" + String.join(",", gone) + "]") + ",\"since\":" + since;
        List<String> pages = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, String> versions = new LinkedHashMap<>();
        int size = 0;
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (entry.getValue().version > since) {
                values.put(entry.getKey(), entry.getValue().json);
                versions.put(entry.getKey(), Long.toString(entry.getValue().version));
                size += entry.getValue().json.length();
            }
            if (size > PAGE) {
                pages.add("{\"set\":" + object(values) + change + ",\"versions\":" + object(versions) + "}");
                values.clear();
                versions.clear();
                size = 0;
            }
        }
        if (pages.isEmpty() || (!values.isEmpty() && fault != SmallServer.Fault.FORGETS_THE_LAST_PAGE)) {
            pages.add("{\"set\":" + object(values) + change + ",\"versions\":" + object(versions) + "}");
        }
        return pages;
    }

    private static String object(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> JsonValue.quote(entry.getKey()) + ":" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private int size() {
        return entries.entrySet().stream()
                .mapToInt(entry -> bytes(entry.getKey()) + bytes(entry.getValue().json))
                .sum();
    }

    private static List<JsonValue.Field> fields(JsonValue.Obj frame, String name) {
        JsonValue part = frame.field(name).orElse(new JsonValue.Obj("{}", List.of()));
        require(part instanceof JsonValue.Obj, "bad_request");
        return ((JsonValue.Obj) part).fields();
    }

    private static int bytes(String text) {
        return text.getBytes(UTF_8).length;
    }

    private static void require(boolean holds, String code) {
        if (!holds) {
            throw new Refused(code, "");
        }
    }
}
