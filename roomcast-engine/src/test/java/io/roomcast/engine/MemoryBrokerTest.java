package io.roomcast.engine;

import static io.roomcast.engine.MemoryUse.AGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.MemoryUse.Answer;
import io.roomcast.engine.MemoryUse.ManualClock;
import io.roomcast.engine.spi.Broker.RoomLog;
import io.roomcast.engine.spi.KeptMessage;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryBrokerTest {
    private static final int BUDGET = 65_536;

    /** With one message of this size, a room counts exactly 1,000 bytes. */
    private static final int DATA = (int) (1_000 - MemoryKept.BYTES_PER_ROOM - MemoryKept.BYTES_PER_MESSAGE - 6);

    private static final MessageKey KEY = new MessageKey("ann", "k");

    private final ManualClock clock = new ManualClock(-5);
    private final MemoryBroker broker = new MemoryBroker(clock, BUDGET);

    @Test
    void roomUsedLeastRecently_givesUpFirstUntilASixteenthIsFree() {
        List<RoomLog> logs = rooms(65);
        assertThat(broker.kept().bytes()).isEqualTo(65_000);
        assertThat(broker.kept().roomsGivenUp()).isZero();
        logs.add(room(65));
        assertThat(broker.kept().bytes()).isEqualTo(61_000).isLessThanOrEqualTo(BUDGET - BUDGET / 16);
        assertThat(broker.kept().roomsGivenUp()).isEqualTo(5);
        for (int i = 0; i < logs.size(); i++) {
            assertThat(MemoryUse.readAll(logs.get(i))).as("room %s", i).hasSize(i < 5 ? 0 : 1);
        }
    }

    @Test
    void roomThatKeptNothing_beginsAnewAlsoWhileItsClosingIsOnItsWay() {
        RoomLog ended = MemoryUse.open(broker, "lobby");
        MemoryUse.publish(ended, MemoryUse.message("1", false, null));
        RoomLog fresh = MemoryUse.open(broker, "lobby");
        assertThat(fresh.epoch()).isNotEqualTo(ended.epoch());
        ended.close();
        MemoryUse.publish(fresh, DATA);
        fresh.close();
        assertThat(MemoryUse.open(broker, "lobby").epoch()).isEqualTo(fresh.epoch());
    }

    @Test
    void reading_isUse() {
        List<RoomLog> logs = rooms(65);
        MemoryUse.readAll(logs.get(0));
        MemoryUse.readAll(logs.get(3));
        tick();
        logs.add(room(65));
        assertThat(emptyOf(logs)).containsExactly(1, 2, 4, 5, 6);
    }

    @Test
    void publishing_isUse() {
        List<RoomLog> logs = rooms(60);
        MemoryUse.publish(logs.get(1), DATA);
        MemoryUse.publish(logs.get(2), MemoryUse.message("1", false, KEY));
        MemoryUse.publish(logs.get(3), MemoryUse.message("1", false, null));
        tick();
        for (int i = 60; i < 70; i++) {
            logs.add(room(i));
        }
        assertThat(emptyOf(logs)).startsWith(0, 3, 4).doesNotContain(1, 2);
    }

    @Test
    void roomThatGaveUp_goesOnWithWhatComes() {
        RoomLog log = room(0);
        String epoch = log.epoch();
        MemoryUse.publish(log, MemoryUse.message("1", true, KEY));
        fillTheBudgetWithOthers();
        assertThat(MemoryUse.readAll(log)).isEmpty();
        assertThat(log.epoch()).isEqualTo(epoch);
        assertThat(MemoryUse.publish(log, MemoryUse.message("1", true, KEY))).isEqualTo(new Answer(3L, null));
        assertThat(MemoryUse.readAll(log)).extracting(KeptMessage::offset).containsExactly(3L);
        long before = broker.kept().bytes();
        MemoryUse.publish(log, DATA);
        assertThat(broker.kept().bytes()).isGreaterThan(before);
    }

    @Test
    void closedRoomThatGaveUp_keepsItsPlace() {
        RoomLog log = room(0);
        log.close();
        fillTheBudgetWithOthers();
        RoomLog again = MemoryUse.open(broker, "room 0");
        assertThat(again.epoch()).isEqualTo(log.epoch());
        assertThat(again.offset()).isEqualTo(1);
        assertThat(MemoryUse.readAll(again)).isEmpty();
    }

    @Test
    void messageLargerThanTheBudget_leavesNothing() {
        List<RoomLog> logs = rooms(10);
        MemoryUse.publish(logs.get(4), BUDGET);
        assertThat(broker.kept().bytes()).isZero();
        assertThat(broker.kept().roomsGivenUp()).isEqualTo(10);
        assertThat(emptyOf(logs)).hasSize(10);
        MemoryUse.publish(logs.get(4), DATA);
        assertThat(MemoryUse.readAll(logs.get(4)))
                .extracting(KeptMessage::offset)
                .containsExactly(3L);
        assertThat(broker.kept().bytes()).isEqualTo(1_000);
    }

    @Test
    void budget_holdsWhereEveryRoomWasUsedAgain() {
        MemoryBroker large = new MemoryBroker(clock, 5_000_000);
        List<RoomLog> logs = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            logs.add(MemoryUse.open(large, "room " + i));
            MemoryUse.publish(logs.get(i), DATA);
        }
        for (int round = 0; round < 3; round++) {
            for (RoomLog log : logs) {
                tick();
                MemoryUse.publish(log, DATA);
                assertThat(large.kept().bytes()).isLessThan(5_000_000 + 10_000);
            }
        }
        assertThat(large.kept().roomsGivenUp()).isPositive();
    }

    @Test
    void closedLogThatKnowsKeys_lastsForTheirAgeToo() {
        Retention shortLived = new Retention(100, 1 << 20, Duration.ofSeconds(1), 10_000, Duration.ofMinutes(2));
        RoomLog log = MemoryUse.open(broker, "lobby", shortLived);
        MemoryUse.publish(log, MemoryUse.message("1", true, KEY));
        log.close();
        clock.pass(Duration.ofMinutes(2).minus(Duration.ofNanos(1)));
        broker.forget();
        RoomLog again = MemoryUse.open(broker, "lobby", shortLived);
        assertThat(MemoryUse.readAll(again)).isEmpty();
        assertThat(MemoryUse.publish(again, MemoryUse.message("1", true, KEY))).isEqualTo(new Answer(null, 1L));
    }

    @Test
    void closedLogs_areForgottenWithTheirAge() {
        List<RoomLog> logs = rooms(3);
        logs.get(0).close();
        clock.pass(AGE.dividedBy(2));
        logs.get(1).close();
        clock.pass(AGE.dividedBy(2).minus(Duration.ofNanos(5)));
        assertThat(broker.forget()).isTrue();
        assertThat(broker.kept().bytes()).isEqualTo(3_000);
        clock.pass(Duration.ofNanos(5));
        assertThat(broker.forget()).isTrue();
        assertThat(broker.kept().bytes()).isEqualTo(2_000);
        clock.pass(AGE);
        assertThat(broker.forget()).isFalse();
        assertThat(broker.kept().bytes()).isEqualTo(1_000);
        assertThat(broker.kept().roomsGivenUp()).isZero();
        assertThat(broker.size()).isEqualTo(1);
        assertThat(broker.sizeByUse()).isEqualTo(1);
        assertThat(MemoryUse.open(broker, "room 0").epoch())
                .isNotEqualTo(logs.get(0).epoch());
    }

    @Test
    void closedLogs_areBoundedInNumber() {
        int most = BUDGET / MemoryBroker.BYTES_PER_CLOSED;
        List<RoomLog> logs = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            logs.add(room(i));
            logs.get(i).close();
        }
        assertThat(broker.size()).isEqualTo(most);
        for (int i = 999; i >= 0; i--) {
            String epoch = MemoryUse.open(broker, "room " + i).epoch();
            assertThat(epoch.equals(logs.get(i).epoch())).as("room %s", i).isEqualTo(i >= 1_000 - most);
        }
    }

    @Test
    void logThatNeverKeptAnything_isForgottenAtOnce() {
        RoomLog log = MemoryUse.open(broker, "quiet");
        MemoryUse.publish(log, MemoryUse.message("1", false, null));
        assertThat(MemoryUse.readAll(log)).isEmpty();
        log.close();
        assertThat(broker.size()).isZero();
        assertThat(broker.forget()).isFalse();
        assertThat(MemoryUse.open(broker, "quiet").epoch()).isNotEqualTo(log.epoch());
    }

    /** 66 rooms, so that the ones before are given up. */
    private void fillTheBudgetWithOthers() {
        for (int i = 0; i < 66; i++) {
            room(1_000 + i);
        }
    }

    private List<RoomLog> rooms(int count) {
        List<RoomLog> logs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            logs.add(room(i));
        }
        return logs;
    }

    /** A room that counts 1,000 bytes, used later than all before it. */
    private RoomLog room(int number) {
        RoomLog log = MemoryUse.open(broker, "room " + number);
        MemoryUse.publish(log, DATA);
        tick();
        return log;
    }

    private void tick() {
        clock.pass(Duration.ofNanos(1));
    }

    private static List<Integer> emptyOf(List<RoomLog> logs) {
        List<Integer> empty = new ArrayList<>();
        for (int i = 0; i < logs.size(); i++) {
            if (MemoryUse.readAll(logs.get(i)).isEmpty()) {
                empty.add(i);
            }
        }
        return empty;
    }
}
