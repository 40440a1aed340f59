package io.roomcast.testkit;

import static io.roomcast.engine.spi.HistoryRange.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Broker.RoomLog;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Retention;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Broker} holds to: here where messages stand and how long a room's log lasts, above in
 * {@code HistoryContract} and {@code KeyContract} what is kept in it. An implementation's test extends this and says how
 * to make one and how its time passes.
 */
public abstract class BrokerContract extends StateContract {
    private static final MessageKey KEY = new MessageKey("ann", "k1");

    protected BrokerContract() {}

    // ---- Positions

    @Test
    void open_isAnsweredOnce() {
        Opened answer = new Opened();
        asked().open(ROOM, retention(), answer);
        awaitAnswers();
        assertThat(answer.logs).hasSize(1);
        assertThat(answer.failures).isEmpty();
    }

    @Test
    void newLog_startsAtOffsetZero() {
        RoomLog log = opened();
        assertThat(log.offset()).isZero();
        assertThat(log.epoch()).isNotEmpty();
    }

    @Test
    void publish_isAnsweredOnce() {
        Published answer = publish(opened());
        awaitAnswers();
        assertThat(answer.offsets).hasSize(1);
        assertThat(answer.repeats).isEmpty();
        assertThat(answer.failures).isEmpty();
        assertThat(answer.times).allMatch(millis -> millis > 0);
    }

    @Test
    void keptMessages_getConsecutiveOffsets() {
        RoomLog log = opened();
        List<Published> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(publish(log));
        }
        awaitAnswers();
        assertThat(answers.stream().flatMap(answer -> answer.offsets.stream()))
                .containsExactlyElementsOf(offsets(1, 100));
    }

    @Test
    void messageNotKept_getsZeroAndUsesNoOffset() {
        RoomLog log = opened();
        Published first = publish(log);
        Published notKept = publish(log, notKept(null));
        Published toOne = publish(log, toOne(null));
        Published second = publish(log);
        awaitAnswers();
        first.assertAccepted(1);
        notKept.assertAccepted(0);
        toOne.assertAccepted(0);
        second.assertAccepted(2);
    }

    @Test
    void epoch_staysTheSameWithinALog() {
        RoomLog log = opened();
        String epoch = log.epoch();
        fill(log, 1);
        assertThat(log.epoch()).isEqualTo(epoch);
    }

    @Test
    void roomsOpenAtOneTime_countEachForItself() {
        Map<String, RoomLog> logs = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            logs.put("room" + i, opened("room" + i));
        }
        Map<String, Published> last = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            logs.forEach((room, log) -> last.put(room, publish(log)));
        }
        awaitAnswers();
        assertThat(last.values()).allSatisfy(answer -> answer.assertAccepted(3));
        assertThat(logs.values().stream().map(RoomLog::epoch).distinct()).hasSize(50);
    }

    // ---- Closing

    @Test
    void closingOneRoom_leavesTheOthersAlone() {
        RoomLog closed = opened("closed");
        RoomLog open = opened("open");
        fill(open, 1);
        closed.close();
        Published answer = publish(open);
        awaitAnswers();
        answer.assertAccepted(2);
    }

    @Test
    void answerThatWaitsWhenTheLogIsClosed_stillComes() {
        RoomLog log = opened();
        Published answer = publish(log);
        Read read = asksToRead(log, new HistoryRange(0, OPEN, 10));
        log.close();
        awaitAnswers();
        assertThat(answer.offsets.size() + answer.failures.size()).isEqualTo(1);
        assertThat(read.answers + read.failures.size()).isEqualTo(1);
    }

    @Test
    void logOpenedAgainWithinTheAge_goesOnWithAllThereWas() {
        RoomLog first = opened();
        String epoch = first.epoch();
        fill(first, 2);
        publish(first, keyed(KEY));
        awaitAnswers();
        first.close();
        letPass(keyAge().dividedBy(2));
        asked().forget();
        RoomLog second = opened();
        assertThat(second.epoch()).isEqualTo(epoch);
        assertThat(second.offset()).isEqualTo(3);
        assertThat(allOffsets(second)).isEqualTo(offsets(1, 3));
        Published repeat = publish(second, keyed(KEY));
        Published next = publish(second);
        awaitAnswers();
        repeat.assertRepeated(3);
        next.assertAccepted(4);
    }

    @Test
    void logThatIsClosed_lastsAsLongAsTheAgeThoughItsMessagesDoNot() {
        RoomLog first = opened();
        String epoch = first.epoch();
        fill(first, 2);
        letPass(mostOfTheAge());
        first.close();
        letPass(mostOfTheAge());
        asked().forget();
        RoomLog second = opened();
        assertThat(second.epoch()).isEqualTo(epoch);
        assertThat(second.offset()).isEqualTo(2);
        assertThat(allOffsets(second)).isEmpty();
    }

    @Test
    void logThatOnlyKnowsKeys_lastsAsWell() {
        RoomLog first = opened();
        String epoch = first.epoch();
        publish(first, notKept(KEY));
        awaitAnswers();
        first.close();
        RoomLog second = opened();
        assertThat(second.epoch()).isEqualTo(epoch);
        Published repeat = publish(second, notKept(KEY));
        awaitAnswers();
        repeat.assertRepeated(0);
    }

    @Test
    void logWhoseKeysLastLonger_lastsAsLongAsThey() {
        Retention retention = new Retention(100, 1 << 20, age().dividedBy(10), 10, age());
        RoomLog first = opened(ROOM, retention);
        publish(first, keyed(KEY));
        awaitAnswers();
        first.close();
        letPass(mostOfTheAge());
        asked().forget();
        RoomLog second = opened(ROOM, retention);
        assertThat(second.epoch()).isEqualTo(first.epoch());
        assertThat(allOffsets(second)).isEmpty();
        Published repeat = publish(second, keyed(KEY));
        awaitAnswers();
        repeat.assertRepeated(1);
    }

    @Test
    void logOpenedAgain_isClosedForTheWholeAgeAnew() {
        RoomLog first = opened();
        String epoch = first.epoch();
        fill(first, 1);
        first.close();
        letPass(mostOfTheAge());
        RoomLog second = opened();
        letPass(mostOfTheAge());
        asked().forget();
        second.close();
        letPass(mostOfTheAge());
        asked().forget();
        RoomLog third = opened();
        assertThat(third.epoch()).isEqualTo(epoch);
        assertThat(third.offset()).isEqualTo(1);
    }

    @Test
    void logOpenedAgainBehindTheAge_isANewOne() {
        RoomLog first = opened();
        String epoch = first.epoch();
        publish(first, keyed(KEY));
        awaitAnswers();
        first.close();
        letPass(age().multipliedBy(2));
        RoomLog second = opened();
        assertThat(second.epoch()).isNotEqualTo(epoch);
        assertThat(second.offset()).isZero();
        assertThat(allOffsets(second)).isEmpty();
        Published again = publish(second, keyed(KEY));
        awaitAnswers();
        again.assertAccepted(1);
    }

    @Test
    void logOpenedTwice_outlivesTheFirstClose() {
        RoomLog old = opened();
        fill(old, 2);
        RoomLog current = opened();
        assertThat(current.epoch()).isEqualTo(old.epoch());
        assertThat(current.offset()).isEqualTo(2);
        fill(current, 1);
        old.close();
        letPass(mostOfTheAge().multipliedBy(2));
        asked().forget();
        Published next = publish(current);
        awaitAnswers();
        next.assertAccepted(4);
        assertThat(allOffsets(current)).isEqualTo(offsets(4, 4));
        current.close();
        RoomLog again = opened();
        assertThat(again.epoch()).isEqualTo(current.epoch());
        assertThat(again.offset()).isEqualTo(4);
    }

    // ---- Forgetting

    @Test
    void forget_forgetsClosedLogsPastTheirAge() {
        Map<String, String> epochs = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            RoomLog log = opened("room" + i);
            epochs.put("room" + i, log.epoch());
            publish(log, keyed(KEY));
            awaitAnswers();
            log.close();
        }
        letPass(age().multipliedBy(2));
        assertThat(asked().forget()).as("whether there is more to forget").isFalse();
        assertThat(asked().kept().bytes()).isZero();
        epochs.forEach((room, epoch) -> assertThat(opened(room).epoch()).isNotEqualTo(epoch));
    }

    @Test
    void forget_leavesAnOpenLogItsPlace() {
        RoomLog log = opened();
        String epoch = log.epoch();
        fill(log, 2);
        letPass(age().multipliedBy(2));
        asked().forget();
        assertThat(log.epoch()).isEqualTo(epoch);
        assertThat(allOffsets(log)).isEmpty();
        Published next = publish(log);
        awaitAnswers();
        next.assertAccepted(3);
    }
}
