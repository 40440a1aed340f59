package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Broker.RoomLog;
import io.roomcast.engine.spi.MessageKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of {@link BrokerContract} about keys: what is published once though it is sent twice. */
abstract class KeyContract extends HistoryContract {
    private static final MessageKey KEY = new MessageKey("ann", "k1");

    @Test
    void repeat_getsTheFirstOffsetAndIsNotKept() {
        RoomLog log = opened();
        fill(log, 2);
        answered(log, KEY).assertAccepted(3);
        fill(log, 2);
        answered(log, KEY).assertRepeated(3);
        answered(log, KEY).assertRepeated(3);
        assertThat(allOffsets(log)).isEqualTo(offsets(1, 5));
        answered(log, new MessageKey("ann", "k2")).assertAccepted(6);
    }

    @Test
    void messagesWithoutAKey_areNeverRepeats() {
        RoomLog log = opened();
        fill(log, 1);
        Published same = publish(log);
        awaitAnswers();
        same.assertAccepted(2);
    }

    @Test
    void keyOfAnotherOwner_isAnotherKey() {
        RoomLog log = opened();
        List<MessageKey> keys = List.of(
                new MessageKey("ann", "k1"),
                new MessageKey("bob", "k1"),
                new MessageKey("ann", "K1"),
                new MessageKey("annk", "1"),
                new MessageKey("a", "nnk1"),
                new MessageKey("a:b", "c"),
                new MessageKey("a", "b:c"),
                new MessageKey("a\0b", "c"),
                new MessageKey("a", "b\0c"),
                new MessageKey("ä", "😀"),
                new MessageKey("a", "😀"));
        for (int i = 0; i < keys.size(); i++) {
            answered(log, keys.get(i)).assertAccepted(i + 1);
        }
        for (int i = 0; i < keys.size(); i++) {
            answered(log, keys.get(i)).assertRepeated(i + 1);
        }
    }

    @Test
    void keyInAnotherRoom_isAnotherKey() {
        RoomLog one = opened("one");
        RoomLog other = opened("other");
        fill(other, 1);
        answered(one, KEY).assertAccepted(1);
        answered(other, KEY).assertAccepted(2);
        answered(one, KEY).assertRepeated(1);
    }

    @Test
    void keyOfAMessageNotKept_isKnownAsWell() {
        RoomLog log = opened();
        fill(log, 1);
        MessageKey other = new MessageKey("ann", "k2");
        Published notKept = publish(log, notKept(KEY));
        Published toOne = publish(log, toOne(other));
        awaitAnswers();
        notKept.assertAccepted(0);
        toOne.assertAccepted(0);
        Published notKeptAgain = publish(log, notKept(KEY));
        Published toOneAgain = publish(log, toOne(other));
        awaitAnswers();
        notKeptAgain.assertRepeated(0);
        toOneAgain.assertRepeated(0);
        answered(log, KEY).assertRepeated(0);
        assertThat(allOffsets(log)).isEqualTo(offsets(1, 1));
    }

    @Test
    void keyInARoomWithoutHistory_isKnownAsWell() {
        RoomLog log = opened(ROOM, keeping(0, 1 << 20, 10));
        answered(log, KEY).assertAccepted(1);
        answered(log, KEY).assertRepeated(1);
    }

    @Test
    void keyWhoseMessageIsTrimmed_isKnownAsWell() {
        RoomLog log = opened(ROOM, keeping(2, 1 << 20, 10));
        answered(log, KEY).assertAccepted(1);
        fill(log, 5);
        assertThat(allOffsets(log)).isEqualTo(offsets(5, 6));
        answered(log, KEY).assertRepeated(1);
    }

    @Test
    void keyPublishedWhileItsFirstAnswerIsOutstanding_isAcceptedOnce() {
        RoomLog log = opened();
        List<Published> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(publish(log, keyed(KEY)));
        }
        awaitAnswers();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.failures).isEmpty());
        assertThat(answers.stream().flatMap(answer -> answer.offsets.stream())).containsExactly(1L);
        assertThat(answers.stream().flatMap(answer -> answer.repeats.stream()))
                .hasSize(9)
                .containsOnly(1L);
        assertThat(allOffsets(log)).isEqualTo(offsets(1, 1));
    }

    @Test
    void keyOfAFailedPublish_isNotUsedUp() {
        RoomLog log = opened();
        failNextPublish();
        Published first = publish(log, keyed(KEY));
        awaitAnswers();
        Published second = publish(log, keyed(KEY));
        awaitAnswers();
        if (first.failures.isEmpty()) {
            first.assertAccepted(1);
            second.assertRepeated(1);
        } else {
            assertThat(first.offsets).isEmpty();
            assertThat(first.repeats).isEmpty();
            assertThat(second.failures).isEmpty();
            // A broker may have accepted what it could not tell of any more.
            assertThat(second.offsets.isEmpty() ? second.repeats : second.offsets)
                    .containsExactly(1L);
        }
        assertThat(allOffsets(log)).isEqualTo(offsets(1, 1));
        answered(log, KEY).assertRepeated(1);
    }

    // ---- The window

    @Test
    void keysBeyondTheCount_areForgottenOldestFirst() {
        RoomLog log = opened(ROOM, keeping(100, 1 << 20, 5));
        for (int i = 1; i <= 6; i++) {
            answered(log, new MessageKey("ann", "k" + i)).assertAccepted(i);
        }
        for (int i = 2; i <= 6; i++) {
            answered(log, new MessageKey("ann", "k" + i)).assertRepeated(i);
        }
        answered(log, new MessageKey("ann", "k1")).assertAccepted(7);
        answered(log, new MessageKey("ann", "k3")).assertRepeated(3);
        answered(log, new MessageKey("ann", "k2")).assertAccepted(8);
        answered(log, new MessageKey("ann", "k1")).assertRepeated(7);
    }

    @Test
    void keyBeyondItsAge_isForgottenThoughItWasRepeated() {
        RoomLog log = opened();
        answered(log, KEY).assertAccepted(1);
        letPass(keyAge().multipliedBy(3).dividedBy(4));
        answered(log, KEY).assertRepeated(1);
        letPass(keyAge().dividedBy(2));
        answered(log, KEY).assertAccepted(2);
        letPass(keyAge().multipliedBy(3).dividedBy(4));
        answered(log, KEY).assertRepeated(2);
    }

    private Published answered(RoomLog log, MessageKey key) {
        Published answer = publish(log, keyed(key));
        awaitAnswers();
        return answer;
    }
}
