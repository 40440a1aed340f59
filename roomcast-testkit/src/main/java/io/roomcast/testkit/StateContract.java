package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Broker.RoomLog;
import io.roomcast.engine.spi.Retention;
import io.roomcast.engine.spi.StateChange;
import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.ServerMessage.StatePart;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The part of {@link BrokerContract} about a room's state. */
abstract class StateContract extends KeyContract {
    private static final int MOST_KEYS = 10;
    private static final int MOST_BYTES = 100;

    private Retention withState() {
        return new Retention(100, 1 << 20, age(), 100, keyAge(), MOST_KEYS, MOST_BYTES);
    }

    private RoomLog room() {
        return opened(ROOM, withState());
    }

    @Test
    void stateOfANewRoom_isEmpty() {
        RoomLog log = room();
        assertThat(log.version()).isZero();
        StateRead whole = state(log, StatePart.WHOLE);
        assertThat(whole.version).isZero();
        assertThat(whole.values()).isEmpty();
        assertThat(state(log, 0).part().since())
                .as("nothing has changed since nothing")
                .isZero();
    }

    @Test
    void acceptedUpdates_getConsecutiveVersions() {
        RoomLog log = room();
        List<Updated> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(update(log, set("k" + i % 5, "" + i)));
        }
        awaitAnswers();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.changes).hasSize(1));
        assertThat(answers.stream().map(answer -> answer.change().version())).isEqualTo(offsets(1, 50));
        assertThat(state(log, StatePart.WHOLE).values())
                .containsEntry("k4", new VersionedValue(50, Json.of("49")))
                .containsEntry("k0", new VersionedValue(46, Json.of("45")));
    }

    @Test
    void messagesAndChanges_countEachForThemselves() {
        RoomLog log = room();
        fill(log, 3);
        assertThat(updated(log, set("a", "1")).change().version()).isEqualTo(1);
        Published next = publish(log);
        awaitAnswers();
        next.assertAccepted(4);
    }

    @Test
    void valuesAndNumbers_passAsTheyCame() {
        RoomLog log = room();
        updated(log, set("a", "1.50"));
        assertThat(json(state(log, StatePart.WHOLE).values())).containsEntry("a", Json.of("1.50"));
        updated(log, set("a", "{\"b\" : [1 , 2]}"));
        assertThat(json(state(log, StatePart.WHOLE).values())).containsEntry("a", Json.of("{\"b\" : [1 , 2]}"));
    }

    @Test
    void changes_nameTheKeysThatWereNotThere() {
        RoomLog log = room();
        assertThat(updated(log, set("a", "1")).change().absent()).containsExactly("a");
        assertThat(updated(log, set("a", "2")).change().absent()).isEmpty();
        assertThat(updated(log, delete("b")).change().absent()).containsExactly("b");
        assertThat(updated(log, delete("a")).change().absent()).isEmpty();
        assertThat(updated(log, set("a", "3")).change().absent()).containsExactly("a");
    }

    @Test
    void changesSince_leadFromOneStateToTheNext() {
        RoomLog log = room();
        Random random = new Random(1);
        Map<Long, Map<String, Json>> states = new HashMap<>();
        states.put(0L, Map.of());
        for (long version = 1; version <= 60; version++) {
            String key = "k" + random.nextInt(6);
            updated(log, random.nextInt(3) == 0 ? delete(key) : set(key, "" + version));
            states.put(version, json(state(log, StatePart.WHOLE).values()));
            long since = Math.max(0, version - random.nextInt(20));
            StateRead change = state(log, since);
            Map<String, Json> merged = new HashMap<>(states.getOrDefault(since, Map.of()));
            if (change.part().since() == StatePart.WHOLE) {
                merged.clear();
            }
            change.part().delete().forEach(merged::remove);
            merged.putAll(json(change.values()));
            assertThat(merged).as("from %d to %d", since, version).isEqualTo(states.get(version));
        }
    }

    @Test
    void stateSinceTheFuture_isTheWholeState() {
        RoomLog log = room();
        updated(log, set("a", "1"));
        StateRead read = state(log, 9);
        assertThat(read.part().since()).isEqualTo(StatePart.WHOLE);
        assertThat(read.values()).containsOnlyKeys("a");
    }

    @Test
    void condition_holdsAgainstEachKey() {
        RoomLog log = room();
        updated(log, set("a", "1"));
        updated(log, set("b", "2"));
        Updated late = updated(log, onlyIf(set("c", "3"), Map.of("a", 1L, "b", 1L, "c", 0L, "d", 5L)));
        late.assertRefused(ErrorCode.CONFLICT);
        assertThat(late.current)
                .isEqualTo(Map.of("b", new VersionedValue(2, Json.of("2")), "d", new VersionedValue(0, null)));
        assertThat(state(log, StatePart.WHOLE).version).isEqualTo(2);
        assertThat(updated(log, onlyIf(set("c", "3"), Map.of("a", 1L, "b", 2L, "c", 0L)))
                        .change()
                        .version())
                .isEqualTo(3);
    }

    @Test
    void sums_areExact() {
        RoomLog log = room();
        assertThat(updated(log, add("n", "0.1")).change().sums()).containsEntry("n", Json.of("0.1"));
        assertThat(updated(log, add("n", "0.2")).change().sums()).containsEntry("n", Json.of("0.3"));
        assertThat(updated(log, add("n", "-0.30")).change().sums()).containsEntry("n", Json.of("0"));
        assertThat(updated(log, add("n", "1e3")).change().sums()).containsEntry("n", Json.of("1000"));
        updated(log, add("n", "9007199254740992")).assertRefused(ErrorCode.BAD_REQUEST);
        updated(log, add("n", "1e99999")).assertRefused(ErrorCode.BAD_REQUEST);
        updated(log, add("n", "1e-99999")).assertRefused(ErrorCode.BAD_REQUEST);
        updated(log, set("n", "true"));
        updated(log, add("n", "1")).assertRefused(ErrorCode.BAD_REQUEST);
    }

    @Test
    void manySums_areAllCounted() {
        RoomLog log = room();
        for (int i = 0; i < 200; i++) {
            update(log, add("n", "1"));
        }
        awaitAnswers();
        assertThat(json(state(log, StatePart.WHOLE).values())).containsEntry("n", Json.of("200"));
    }

    @Test
    void partsOfAnUpdate_applyTogetherOrNotAtAll() {
        RoomLog log = room();
        updated(log, set("text", "\"a\""));
        Updated half = updated(
                log,
                new StateUpdate(
                        "m1",
                        Map.of("x", Json.of("1")),
                        List.of("text"),
                        Map.of("y", Json.of("9007199254740993")),
                        Map.of(),
                        false));
        half.assertRefused(ErrorCode.BAD_REQUEST);
        assertThat(state(log, StatePart.WHOLE).values()).containsOnlyKeys("text");
    }

    @Test
    void tooManyKeysOrBytes_areRefused() {
        RoomLog log = room();
        for (int i = 0; i < MOST_KEYS; i++) {
            updated(log, set("k" + i, "" + i)).change();
        }
        updated(log, set("more", "1")).assertRefused(ErrorCode.TOO_LARGE);
        updated(log, set("k0", "\"" + "x".repeat(68) + "\"")).change(); // 9 keys of 3 bytes, and 2 + 70
        updated(log, set("k0", "\"" + "x".repeat(70) + "\"")).assertRefused(ErrorCode.TOO_LARGE);
        updated(log, delete("k0")).change();
        updated(log, set("more", "1")).change();
    }

    @Test
    void ownKeys_areTheirOwnersAlone() {
        RoomLog log = room();
        updated(log, own("m1", "mine", "1")).change();
        updated(log, own("m2", "mine", "2")).assertRefused(ErrorCode.NOT_ALLOWED);
        updated(log, by("m2", delete("mine"))).assertRefused(ErrorCode.NOT_ALLOWED);
        updated(log, by("m2", add("mine", "1"))).assertRefused(ErrorCode.NOT_ALLOWED);
        updated(log, by(null, set("mine", "3"))).change();
        updated(log, by("m2", set("mine", "4"))).assertRefused(ErrorCode.NOT_ALLOWED);
        updated(log, by("m1", set("mine", "5"))).change();
        updated(log, set("free", "1")).change();
        updated(log, own("m1", "free", "2")).assertRefused(ErrorCode.NOT_ALLOWED);
    }

    @Test
    void ownKeys_goWithTheirOwnerInOneChange() {
        RoomLog log = room();
        updated(log, own("m1", "a", "1"));
        updated(log, own("m1", "b", "1"));
        updated(log, own("m2", "c", "1"));
        Updated gone = new Updated();
        log.release("m1", gone);
        awaitAnswers();
        assertThat(gone.change().delete()).containsExactlyInAnyOrder("a", "b");
        assertThat(gone.change().version()).isEqualTo(4);
        assertThat(state(log, StatePart.WHOLE).values()).containsOnlyKeys("c");
        Updated again = new Updated();
        log.release("m1", again);
        awaitAnswers();
        assertThat(again.unchanged).isEqualTo(1);
    }

    @Test
    void state_outlastsTheLog() {
        RoomLog log = room();
        updated(log, own("m1", "a", "1"));
        String epoch = log.epoch();
        log.close();
        letPass(mostOfTheAge());
        RoomLog again = room();
        assertThat(again.epoch()).isEqualTo(epoch);
        assertThat(again.version()).isEqualTo(1);
        assertThat(state(again, StatePart.WHOLE).values()).containsOnlyKeys("a");
        updated(again, by("m2", set("a", "2"))).assertRefused(ErrorCode.NOT_ALLOWED);
    }

    // ---- Updates

    private static StateUpdate set(String key, String value) {
        return new StateUpdate("m1", Map.of(key, Json.of(value)), List.of(), Map.of(), Map.of(), false);
    }

    private static StateUpdate delete(String key) {
        return new StateUpdate("m1", Map.of(), List.of(key), Map.of(), Map.of(), false);
    }

    private static StateUpdate add(String key, String number) {
        return new StateUpdate("m1", Map.of(), List.of(), Map.of(key, Json.of(number)), Map.of(), false);
    }

    private static StateUpdate own(String member, String key, String value) {
        return new StateUpdate(member, Map.of(key, Json.of(value)), List.of(), Map.of(), Map.of(), true);
    }

    private static StateUpdate by(@Nullable String member, StateUpdate update) {
        return new StateUpdate(member, update.set(), update.delete(), update.add(), update.ifVersions(), update.own());
    }

    private static StateUpdate onlyIf(StateUpdate update, Map<String, Long> versions) {
        return new StateUpdate(update.from(), update.set(), update.delete(), update.add(), versions, update.own());
    }

    private static Updated update(RoomLog log, StateUpdate update) {
        Updated answer = new Updated();
        log.update(update, answer);
        return answer;
    }

    private Updated updated(RoomLog log, StateUpdate update) {
        Updated answer = update(log, update);
        awaitAnswers();
        return answer;
    }

    private StateRead state(RoomLog log, long since) {
        StateRead answer = new StateRead();
        log.readState(since, answer);
        awaitAnswers();
        return answer;
    }

    private static Map<String, Json> json(Map<String, VersionedValue> values) {
        Map<String, Json> json = new HashMap<>();
        values.forEach((key, value) -> {
            if (value.value() != null) {
                json.put(key, value.value());
            }
        });
        return json;
    }

    /** An answer, with all that came: two where one was due shows. */
    private static final class Updated implements Broker.UpdateAnswer {
        final List<StateChange> changes = new ArrayList<>();
        final List<ErrorCode> refusals = new ArrayList<>();
        Map<String, VersionedValue> current = Map.of();
        int unchanged;

        @Override
        public synchronized void accepted(StateChange change) {
            changes.add(change);
        }

        @Override
        public synchronized void unchanged() {
            unchanged++;
        }

        @Override
        public synchronized void refused(
                ErrorCode code, String message, long version, Map<String, VersionedValue> there) {
            refusals.add(code);
            current = there;
        }

        @Override
        public void failed(String why) {
            throw new AssertionError(why);
        }

        StateChange change() {
            assertThat(refusals).isEmpty();
            assertThat(changes).hasSize(1);
            return changes.get(0);
        }

        void assertRefused(ErrorCode code) {
            assertThat(changes).isEmpty();
            assertThat(refusals).containsExactly(code);
        }
    }

    private static final class StateRead implements Broker.StateAnswer {
        long version;
        private @Nullable StatePart read;

        @Override
        public synchronized void read(long atVersion, StatePart state) {
            assertThat(read).as("answered once").isNull();
            version = atVersion;
            read = state;
        }

        @Override
        public void failed(String why) {
            throw new AssertionError(why);
        }

        StatePart part() {
            if (read == null) {
                throw new AssertionError("no answer");
            }
            return read;
        }

        Map<String, VersionedValue> values() {
            return part().set();
        }
    }
}
