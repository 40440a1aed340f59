package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Broker.RoomLog;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.KeptMessage;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.Retention;
import io.roomcast.protocol.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** The broker that a contract is about, and how it is asked. */
abstract class BrokerSubject {
    static final String ROOM = "lobby";

    private @Nullable Broker made;

    /** A new broker with nothing in it. */
    protected abstract Broker broker();

    /** Lets time pass for the broker: {@link #age()} and parts of it. */
    protected abstract void letPass(Duration time);

    /** How long things are kept: short for a broker whose time cannot be moved. */
    protected Duration age() {
        return Duration.ofMinutes(5);
    }

    /** Lets all that was asked until now be answered, if the broker answers late. */
    protected void awaitAnswers() {}

    /** Has the next publish fail, if this broker ever fails one. */
    protected void failNextPublish() {}

    @BeforeEach
    void makeBroker() {
        made = broker();
    }

    final Broker asked() {
        if (made == null) {
            throw new IllegalStateException("broker() has not been called");
        }
        return made;
    }

    // ---- Retentions

    final Retention retention() {
        return keeping(100, 1 << 20, 10_000);
    }

    final Retention keeping(int messages, long bytes, int keys) {
        return new Retention(messages, bytes, age(), keys, keyAge());
    }

    /** Shorter than {@link #age()}, so that a key can be forgotten before its message. */
    final Duration keyAge() {
        return age().dividedBy(2);
    }

    /** So long that less than the whole age has passed; twice as long, and more has. */
    final Duration mostOfTheAge() {
        return age().multipliedBy(3).dividedBy(4);
    }

    // ---- Asking

    final RoomLog opened() {
        return opened(ROOM);
    }

    final RoomLog opened(String room) {
        return opened(room, retention());
    }

    final RoomLog opened(String room, Retention retention) {
        Opened answer = new Opened();
        asked().open(room, retention, answer);
        awaitAnswers();
        assertThat(answer.failures).as("failures of open").isEmpty();
        assertThat(answer.logs).as("answers to open").hasSize(1);
        return answer.logs.get(0);
    }

    static Published publish(RoomLog log, Publication publication) {
        Published answer = new Published();
        log.publish(publication, answer);
        return answer;
    }

    static Published publish(RoomLog log) {
        return publish(log, kept("{\"text\":\"hi\"}"));
    }

    /** Publishes so many messages and has them answered. */
    final void fill(RoomLog log, int messages) {
        for (int i = 0; i < messages; i++) {
            publish(log);
        }
        awaitAnswers();
    }

    static Publication kept(String data) {
        return new Publication("m1", "ann", null, Json.of(data), true, null);
    }

    static Publication notKept(@Nullable MessageKey key) {
        return new Publication("m1", "ann", null, Json.of("1"), false, null, key);
    }

    static Publication toOne(@Nullable MessageKey key) {
        return new Publication("m1", "ann", null, Json.of("1"), false, "m2", key);
    }

    static Publication keyed(MessageKey key) {
        return new Publication("m1", "ann", null, Json.of("1"), true, null, key);
    }

    final Read read(RoomLog log, long after, long before, int limit) {
        Read answer = asksToRead(log, new HistoryRange(after, before, limit));
        awaitAnswers();
        assertThat(answer.failures).as("failures of read").isEmpty();
        assertThat(answer.answers).as("answers to read").isEqualTo(1);
        return answer;
    }

    static Read asksToRead(RoomLog log, HistoryRange range) {
        Read answer = new Read();
        log.read(range, answer);
        return answer;
    }

    /** The offsets of all that is kept. */
    final List<Long> allOffsets(RoomLog log) {
        Read all = read(log, 0, HistoryRange.OPEN, 1_000_000);
        assertThat(all.more).isFalse();
        return all.offsets();
    }

    static List<Long> offsets(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    // ---- Answers, each with all that came: two where one was due shows

    static final class Opened implements Broker.OpenAnswer {
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

        void assertAccepted(long offset) {
            assertThat(failures).isEmpty();
            assertThat(repeats).isEmpty();
            assertThat(offsets).containsExactly(offset);
        }

        void assertRepeated(long offset) {
            assertThat(failures).isEmpty();
            assertThat(offsets).isEmpty();
            assertThat(repeats).containsExactly(offset);
        }
    }

    static final class Read implements Broker.ReadAnswer {
        final List<KeptMessage> messages = new ArrayList<>();
        final List<String> failures = new ArrayList<>();
        boolean more;
        int answers;

        @Override
        public synchronized void read(List<KeptMessage> read, boolean moreThere) {
            messages.addAll(read);
            more = moreThere;
            answers++;
        }

        @Override
        public synchronized void failed(String why) {
            failures.add(why);
        }

        List<Long> offsets() {
            return messages.stream().map(KeptMessage::offset).toList();
        }

        void assertHolds(long from, long to, boolean moreThere) {
            assertThat(offsets()).isEqualTo(BrokerSubject.offsets(from, to));
            assertThat(more).as("whether there is more").isEqualTo(moreThere);
        }

        void assertEmpty() {
            assertThat(messages).isEmpty();
            assertThat(more).as("whether there is more").isFalse();
        }
    }
}
