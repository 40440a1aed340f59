package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Broker.RoomLog;
import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.Retention;
import io.roomcast.protocol.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Broker} holds to. An implementation's test extends this and says how to make one. */
public abstract class BrokerContract {
    private static final String ROOM = "lobby";
    static final Retention RETENTION =
            new Retention(100, 1 << 20, Duration.ofMinutes(5), 10_000, Duration.ofMinutes(2));

    private @Nullable Broker made;

    protected BrokerContract() {}

    /** A new broker with nothing in it. */
    protected abstract Broker broker();

    /** Lets all that was asked until now be answered, if the broker answers late. */
    protected void awaitAnswers() {}

    @BeforeEach
    void makeBroker() {
        made = broker();
    }

    @Test
    void open_isAnsweredOnce() {
        Answers.Open answer = new Answers.Open();
        asked().open(ROOM, RETENTION, answer);
        awaitAnswers();
        assertThat(answer.logs).hasSize(1);
        assertThat(answer.failures).isEmpty();
    }

    @Test
    void newLog_startsAtOffsetZero() {
        RoomLog log = opened(ROOM);
        assertThat(log.offset()).isZero();
        assertThat(log.epoch()).isNotEmpty();
    }

    @Test
    void publish_isAnsweredOnce() {
        Answers.Published answer = publish(opened(ROOM), true);
        awaitAnswers();
        assertThat(answer.offsets).hasSize(1);
        assertThat(answer.failures).isEmpty();
        assertThat(answer.times).allMatch(millis -> millis > 0);
    }

    @Test
    void keptMessages_getConsecutiveOffsets() {
        RoomLog log = opened(ROOM);
        List<Answers.Published> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(publish(log, true));
        }
        awaitAnswers();
        assertThat(answers.stream().flatMap(answer -> answer.offsets.stream()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void messageNotKept_getsZeroAndUsesNoOffset() {
        RoomLog log = opened(ROOM);
        Answers.Published first = publish(log, true);
        Answers.Published notKept = publish(log, false);
        Answers.Published second = publish(log, true);
        awaitAnswers();
        assertThat(first.offsets).containsExactly(1L);
        assertThat(notKept.offsets).containsExactly(0L);
        assertThat(second.offsets).containsExactly(2L);
    }

    @Test
    void epoch_staysTheSameWithinALog() {
        RoomLog log = opened(ROOM);
        String epoch = log.epoch();
        publish(log, true);
        awaitAnswers();
        assertThat(log.epoch()).isEqualTo(epoch);
    }

    @Test
    void logOpenedAgain_goesOn() {
        RoomLog first = opened(ROOM);
        String epoch = first.epoch();
        publish(first, true);
        awaitAnswers();
        first.close();
        RoomLog second = opened(ROOM);
        assertThat(second.epoch()).isEqualTo(epoch);
        assertThat(second.offset()).isEqualTo(1);
    }

    @Test
    void roomsOpenAtOneTime_countEachForItself() {
        Map<String, RoomLog> logs = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            logs.put("room" + i, opened("room" + i));
        }
        Map<String, Answers.Published> last = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            logs.forEach((room, log) -> last.put(room, publish(log, true)));
        }
        awaitAnswers();
        assertThat(last.values())
                .allSatisfy(answer -> assertThat(answer.offsets).containsExactly(3L));
        assertThat(logs.values().stream().map(RoomLog::epoch).distinct()).hasSize(50);
    }

    @Test
    void closingOneRoom_leavesTheOthersAlone() {
        RoomLog closed = opened("closed");
        RoomLog open = opened("open");
        publish(open, true);
        awaitAnswers();
        closed.close();
        Answers.Published answer = publish(open, true);
        awaitAnswers();
        assertThat(answer.offsets).containsExactly(2L);
    }

    @Test
    void answerThatWaitsWhenTheLogIsClosed_stillComes() {
        RoomLog log = opened(ROOM);
        Answers.Published answer = publish(log, true);
        log.close();
        awaitAnswers();
        assertThat(answer.offsets.size() + answer.failures.size()).isEqualTo(1);
    }

    private Broker asked() {
        if (made == null) {
            throw new IllegalStateException("broker() has not been called");
        }
        return made;
    }

    private RoomLog opened(String room) {
        Answers.Open answer = new Answers.Open();
        asked().open(room, RETENTION, answer);
        awaitAnswers();
        assertThat(answer.logs).as("answers to open").hasSize(1);
        return answer.logs.get(0);
    }

    private static Answers.Published publish(RoomLog log, boolean keep) {
        Answers.Published answer = new Answers.Published();
        log.publish(new Publication("m1", "ann", null, Json.of("{\"text\":\"hi\"}"), keep, null), answer);
        return answer;
    }

    /** Answers, each with all that came: two where one was due shows. */
    private static final class Answers {
        static final class Open implements Broker.OpenAnswer {
            final List<RoomLog> logs = new ArrayList<>();
            final List<String> failures = new ArrayList<>();

            @Override
            public synchronized void opened(RoomLog log) {
                logs.add(log);
            }

            @Override
            public synchronized void failed(String why) {
                failures.add(why);
            }
        }

        static final class Published implements Broker.PublishAnswer {
            final List<Long> offsets = new ArrayList<>();
            final List<Long> times = new ArrayList<>();
            final List<Long> repeats = new ArrayList<>();
            final List<String> failures = new ArrayList<>();

            @Override
            public synchronized void accepted(long offset, long atMillis) {
                offsets.add(offset);
                times.add(atMillis);
            }

            @Override
            public synchronized void repeated(long offset) {
                repeats.add(offset);
            }

            @Override
            public synchronized void failed(String why) {
                failures.add(why);
            }
        }
    }
}
