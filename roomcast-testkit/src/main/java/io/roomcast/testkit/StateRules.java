package io.roomcast.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must come of an update, as PROTOCOL.md has it: what the map is then, or why it is refused. */
final class StateRules {
    private static final BigDecimal MOST = new BigDecimal("9007199254740992");
    private static final int MOST_PLACES = 32;

    private final Map<String, StateModel.Entry> before;
    private final SentUpdate update;
    private final @Nullable String from;
    private final Limits limits;

    /**
     * What must come of it.
     *
     * @param refusal null if it is accepted
     * @param why tells apart what has the same code
     * @param values what is to be written, sums too
     * @param sums what has been added up
     */
    record Outcome(
            @Nullable ErrorCode refusal,
            @Nullable Exercised why,
            Map<String, String> values,
            Map<String, String> sums) {}

    /** @param from the member, null for the server */
    StateRules(Map<String, StateModel.Entry> before, SentUpdate update, @Nullable String from, Limits limits) {
        this.before = before;
        this.update = update;
        this.from = from;
        this.limits = limits;
    }

    Outcome outcome() {
        if (update.ifVersions.entrySet().stream().anyMatch(each -> versionOf(each.getKey()) != each.getValue())) {
            return refused(ErrorCode.CONFLICT, Exercised.UPDATES_IN_CONFLICT);
        }
        if (from != null && update.keys().anyMatch(this::isAnothers)) {
            return refused(ErrorCode.NOT_ALLOWED, Exercised.UPDATES_OF_ANOTHERS_KEYS);
        }
        if (from != null && update.own && update.set.keySet().stream().anyMatch(this::isNobodys)) {
            return refused(ErrorCode.NOT_ALLOWED, Exercised.UPDATES_OWN_WHAT_IS_THERE);
        }
        Map<String, String> sums = new LinkedHashMap<>();
        for (Map.Entry<String, String> each : update.add.entrySet()) {
            String sum = sum(each.getKey(), each.getValue());
            if (sum == null) {
                return refused(ErrorCode.BAD_REQUEST, Exercised.SUMS_REFUSED);
            }
            sums.put(each.getKey(), sum);
        }
        Map<String, String> values = new LinkedHashMap<>(update.set);
        values.putAll(sums);
        Exercised tooMuch = tooMuch(values);
        return tooMuch == null ? new Outcome(null, null, values, sums) : refused(ErrorCode.TOO_LARGE, tooMuch);
    }

    private static Outcome refused(ErrorCode code, Exercised why) {
        return new Outcome(code, why, Map.of(), Map.of());
    }

    private long versionOf(String key) {
        StateModel.Entry there = before.get(key);
        return there == null ? 0 : there.version();
    }

    private boolean isAnothers(String key) {
        StateModel.Entry there = before.get(key);
        return there != null && there.owner() != null && !there.owner().equals(from);
    }

    private boolean isNobodys(String key) {
        StateModel.Entry there = before.get(key);
        return there != null && there.owner() == null;
    }

    /** Null if there is none. */
    private @Nullable String sum(String key, String number) {
        StateModel.Entry there = before.get(key);
        String value = there == null ? "0" : there.value();
        if (!"-0123456789".contains(value.substring(0, 1))) {
            return null;
        }
        BigDecimal first = new BigDecimal(value);
        BigDecimal second = new BigDecimal(number);
        if (!hasFewPlaces(first) || !hasFewPlaces(second)) {
            return null;
        }
        BigDecimal sum = first.add(second);
        if (sum.abs().compareTo(MOST) > 0) {
            return null;
        }
        String plain = sum.toPlainString();
        if (plain.indexOf('.') >= 0) {
            plain = plain.replaceFirst("\\.?0+$", "");
        }
        return plain.equals("-0") ? "0" : plain;
    }

    private static boolean hasFewPlaces(BigDecimal number) {
        long behind = number.scale();
        long inFront = number.precision() - behind;
        return number.signum() == 0 || (behind <= MOST_PLACES && inFront <= MOST_PLACES);
    }

    private @Nullable Exercised tooMuch(Map<String, String> values) {
        Map<String, String> after = new HashMap<>();
        before.forEach((key, entry) -> after.put(key, entry.value()));
        long bytesBefore = bytes(after);
        after.putAll(values);
        after.keySet().removeAll(update.delete);
        if (after.size() > limits.get(Limit.STATE_KEYS) && after.size() > before.size()) {
            return Exercised.STATES_WITH_TOO_MANY_KEYS;
        }
        long bytes = bytes(after);
        return bytes > limits.get(Limit.STATE_BYTES) && bytes > bytesBefore
                ? Exercised.STATES_WITH_TOO_MANY_BYTES
                : null;
    }

    private static long bytes(Map<String, String> map) {
        long bytes = 0;
        for (Map.Entry<String, String> each : map.entrySet()) {
            bytes += each.getKey().getBytes(UTF_8).length + each.getValue().getBytes(UTF_8).length;
        }
        return bytes;
    }
}
