package io.roomcast.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Retention;
import io.roomcast.engine.spi.StateChange;
import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.ServerMessage.StatePart;
import io.roomcast.protocol.VersionedValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A room's state in memory: its keys, with their versions and owners, and which keys have been deleted lately. Used on the
 * room's home lane only.
 */
final class MemoryState {
    /** What a key takes beside its text and value. */
    static final long BYTES_PER_KEY = 144;

    private static final BigDecimal MOST = BigDecimal.valueOf(1L << 53);

    /** Places before and behind the point that a number may have to be added to: more is no number a client could hold. */
    private static final int MOST_PLACES = 32;

    private record Entry(Json value, long version, @Nullable String owner) {}

    private final Retention retention;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Deleted keys with the version that deleted them, the oldest first. Bounded by the number of keys there may be. */
    private final Map<String, Long> deleted = new LinkedHashMap<>();

    /** Deletions up to this version may be forgotten. */
    private long forgotten;

    private long version;

    /** Of keys and values. */
    private long bytes;

    MemoryState(Retention retention) {
        this.retention = retention;
    }

    long version() {
        return version;
    }

    /** What it takes in memory. */
    long bytes() {
        return bytes + (entries.size() + deleted.size()) * BYTES_PER_KEY;
    }

    // ---- To read

    StatePart since(long since) {
        if (since == StatePart.WHOLE || since < forgotten || since > version) {
            return new StatePart(StatePart.WHOLE, values(StatePart.WHOLE), List.of());
        }
        List<String> gone = new ArrayList<>();
        deleted.forEach((key, at) -> {
            if (at > since) {
                gone.add(key);
            }
        });
        return new StatePart(since, values(since), gone);
    }

    private Map<String, VersionedValue> values(long since) {
        Map<String, VersionedValue> values = new LinkedHashMap<>();
        entries.forEach((key, entry) -> {
            if (entry.version > since) {
                values.put(key, new VersionedValue(entry.version, entry.value));
            }
        });
        return values;
    }

    // ---- To change

    void update(StateUpdate update, Broker.UpdateAnswer answer) {
        Map<String, VersionedValue> current = conflicts(update.ifVersions());
        if (!current.isEmpty()) {
            String what = "The state has changed meanwhile; look at 'current', then send your update again.";
            answer.refused(ErrorCode.CONFLICT, what, version, current);
            return;
        }
        String owned = notAllowed(update);
        if (owned != null) {
            answer.refused(ErrorCode.NOT_ALLOWED, owned, version, Map.of());
            return;
        }
        Map<String, Json> sums = new LinkedHashMap<>();
        String notAdded = add(update.add(), sums);
        if (notAdded != null) {
            answer.refused(ErrorCode.BAD_REQUEST, notAdded, version, Map.of());
            return;
        }
        Map<String, Json> written = new LinkedHashMap<>(update.set());
        written.putAll(sums);
        String tooLarge = tooLarge(written, update.delete());
        if (tooLarge != null) {
            answer.refused(ErrorCode.TOO_LARGE, tooLarge, version, Map.of());
            return;
        }
        String owner = update.own() ? update.from() : null;
        answer.accepted(apply(written, update.delete(), owner, sums));
    }

    /** Deletes what this member owns. */
    void release(String memberId, Broker.UpdateAnswer answer) {
        List<String> keys = new ArrayList<>();
        entries.forEach((key, entry) -> {
            if (memberId.equals(entry.owner)) {
                keys.add(key);
            }
        });
        if (keys.isEmpty()) {
            answer.unchanged();
        } else {
            answer.accepted(apply(Map.of(), keys, null, Map.of()));
        }
    }

    private Map<String, VersionedValue> conflicts(Map<String, Long> expected) {
        Map<String, VersionedValue> current = new LinkedHashMap<>();
        expected.forEach((key, atVersion) -> {
            Entry entry = entries.get(key);
            VersionedValue there =
                    entry == null ? new VersionedValue(0, null) : new VersionedValue(entry.version, entry.value);
            if (there.version() != atVersion) {
                current.put(key, there);
            }
        });
        return current;
    }

    /** What of it is not allowed to this member, null if all is. */
    private @Nullable String notAllowed(StateUpdate update) {
        if (update.from() == null) {
            return null;
        }
        List<String> keys = new ArrayList<>(update.set().keySet());
        keys.addAll(update.delete());
        keys.addAll(update.add().keySet());
        for (String key : keys) {
            Entry entry = entries.get(key);
            if (entry != null && entry.owner != null && !entry.owner.equals(update.from())) {
                return "A key belongs to another member, who alone may change it.";
            }
            if (entry != null
                    && entry.owner == null
                    && update.own()
                    && update.set().containsKey(key)) {
                return "A key is there already and belongs to nobody; 'own' is for keys that you create.";
            }
        }
        return null;
    }

    /** Adds up; what is wrong, null if nothing is. */
    private @Nullable String add(Map<String, Json> add, Map<String, Json> sums) {
        for (Map.Entry<String, Json> each : add.entrySet()) {
            Entry entry = entries.get(each.getKey());
            if (entry != null && !entry.value.isNumber()) {
                return "'add' needs a number, and what is there is none.";
            }
            BigDecimal there = entry == null ? BigDecimal.ZERO : addable(entry.value);
            BigDecimal more = addable(each.getValue());
            if (there == null || more == null) {
                return "'add' takes numbers up to 2^53 with at most " + MOST_PLACES + " places behind the point.";
            }
            BigDecimal sum = there.add(more);
            if (sum.abs().compareTo(MOST) > 0) {
                return "The sum would be beyond 2^53, where numbers are not exact any more.";
            }
            sums.put(each.getKey(), Json.of(shortest(sum)));
        }
        return null;
    }

    /**
     * The number, null if it has too many places. Looks at the exponent before anything is worked out: 1e999999999 is ten
     * characters, and to add 1 to 0e-999999999 takes a number with as many digits.
     */
    private static @Nullable BigDecimal addable(Json json) {
        BigDecimal number;
        try {
            number = new BigDecimal(json.toString());
        } catch (NumberFormatException exponentOfManyDigits) {
            return null;
        }
        if (number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        boolean fits = number.scale() <= MOST_PLACES && number.precision() - (long) number.scale() <= MOST_PLACES;
        return fits ? number : null;
    }

    private static String shortest(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /** What would be too much afterwards, null if nothing would. */
    private @Nullable String tooLarge(Map<String, Json> written, List<String> delete) {
        long keysAfter = entries.size();
        long bytesAfter = bytes;
        for (Map.Entry<String, Json> each : written.entrySet()) {
            Entry old = entries.get(each.getKey());
            keysAfter += old == null ? 1 : 0;
            bytesAfter += bytes(each.getKey(), each.getValue()) - (old == null ? 0 : bytes(each.getKey(), old.value));
        }
        for (String key : delete) {
            Entry old = entries.get(key);
            keysAfter -= old == null ? 0 : 1;
            bytesAfter -= old == null ? 0 : bytes(key, old.value);
        }
        if (keysAfter > retention.stateKeys() && keysAfter > entries.size()) {
            return "The state would have " + keysAfter + " keys, but stateKeys is " + retention.stateKeys()
                    + "; delete some first.";
        }
        if (bytesAfter > retention.stateBytes() && bytesAfter > bytes) {
            return "The state would have " + bytesAfter + " bytes, but stateBytes is " + retention.stateBytes()
                    + "; delete some first.";
        }
        return null;
    }

    private StateChange apply(
            Map<String, Json> written, List<String> delete, @Nullable String owner, Map<String, Json> sums) {
        version++;
        Map<String, VersionedValue> set = new LinkedHashMap<>();
        Set<String> absent = new HashSet<>(written.keySet());
        absent.addAll(delete);
        absent.removeAll(entries.keySet());
        written.forEach((key, value) -> {
            Entry old = entries.get(key);
            entries.put(key, new Entry(value, version, old == null ? owner : old.owner));
            bytes += bytes(key, value) - (old == null ? 0 : bytes(key, old.value));
            deleted.remove(key);
            set.put(key, new VersionedValue(version, value));
        });
        for (String key : delete) {
            Entry old = entries.remove(key);
            if (old != null) {
                bytes -= bytes(key, old.value);
                deleted.remove(key);
                deleted.put(key, version);
            }
        }
        forgetDeleted();
        return new StateChange(version, set, List.copyOf(delete), sums, absent);
    }

    private void forgetDeleted() {
        Iterator<Map.Entry<String, Long>> oldest = deleted.entrySet().iterator();
        while (deleted.size() > Math.max(1, retention.stateKeys())) {
            forgotten = oldest.next().getValue();
            oldest.remove();
        }
    }

    private static long bytes(String key, Json value) {
        return key.getBytes(UTF_8).length + (long) value.length();
    }
}
