package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Retention;
import io.roomcast.engine.spi.StateChange;
import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.ServerMessage;
import io.roomcast.protocol.VersionedValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Several changes as one, with what a state makes of updates. */
final class MergedChangeTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final MemoryState state = new MemoryState(new Retention(0, 0, LONG, 0, LONG, 4, 100_000));

    private StateChange set(String key) {
        return change(new StateUpdate(null, Map.of(key, Json.of("1")), List.of(), Map.of(), Map.of(), false));
    }

    private StateChange delete(String key) {
        return change(new StateUpdate(null, Map.of(), List.of(key), Map.of(), Map.of(), false));
    }

    private StateChange change(StateUpdate update) {
        StateChange[] accepted = new StateChange[1];
        state.update(update, new Broker.UpdateAnswer() {
            @Override
            public void accepted(StateChange change) {
                accepted[0] = change;
            }

            @Override
            public void unchanged() {
                throw new AssertionError();
            }

            @Override
            public void refused(ErrorCode code, String message, long version, Map<String, VersionedValue> current) {
                throw new AssertionError(message);
            }

            @Override
            public void failed(String why) {
                throw new AssertionError(why);
            }
        });
        return accepted[0];
    }

    private static ServerMessage.State frame(MergedChange merged) {
        return merged.frame("lobby");
    }

    @Test
    void keysThatComeAndGo_areNotGathered() {
        set("there");
        MergedChange merged = new MergedChange(set("first"), null);
        merged.add(delete("first"));
        for (int i = 0; i < 1_000; i++) {
            merged.add(set("key" + i));
            merged.add(delete("key" + i));
            merged.add(delete("never" + i));
        }
        assertThat(frame(merged).set()).isEmpty();
        assertThat(frame(merged).delete()).as("one, so that it names any").containsExactly("never999");
        merged.add(delete("there"));
        assertThat(frame(merged).delete()).containsExactly("there");
    }

    @Test
    void keyThatWasThere_isNamedHoweverOftenItComesBack() {
        set("there");
        MergedChange merged = new MergedChange(set("there"), null);
        merged.add(delete("there"));
        merged.add(set("there"));
        assertThat(frame(merged).delete()).isEmpty();
        merged.add(delete("there"));
        merged.add(delete("there"));
        assertThat(frame(merged).delete()).containsExactly("there");
    }

    @Test
    void mergedChanges_mergeTheSameWay() {
        set("there");
        MergedChange merged = new MergedChange(set("new"), null);
        MergedChange next = new MergedChange(delete("new"), null);
        next.add(delete("there"));
        MergedChange ghost = new MergedChange(delete("never"), null);
        assertThat(frame(ghost).delete())
                .as("one change is told as it was asked for")
                .containsExactly("never");
        merged.add(next);
        merged.add(ghost);
        assertThat(frame(merged).set()).isEmpty();
        assertThat(frame(merged).delete()).containsExactly("there");
    }
}
