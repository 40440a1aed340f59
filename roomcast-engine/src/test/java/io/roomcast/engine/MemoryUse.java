package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Broker.RoomLog;
import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.KeptMessage;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.Retention;
import io.roomcast.protocol.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How tests use the broker in memory, which answers within the call. */
final class MemoryUse {
    static final Duration AGE = Duration.ofMinutes(5);
    static final Retention RETENTION = new Retention(100, 1 << 20, AGE, 10_000, Duration.ofMinutes(2));

    /** A clock that stands still until it is told to go on. */
    static final class ManualClock implements Clock {
        private final long start;
        private long nanos;

        ManualClock(long start) {
            this.start = start;
        }

        void pass(Duration time) {
            nanos += time.toNanos();
        }

        @Override
        public long nanoTime() {
            return start + nanos;
        }

        @Override
        public long wallMillis() {
            return 1_700_000_000_000L + nanos / 1_000_000;
        }
    }

    /** The answer to a publish: exactly one of the two is there. */
    record Answer(@Nullable Long accepted, @Nullable Long repeated) {}

    private MemoryUse() {}

    static RoomLog open(Broker broker, String room) {
        return open(broker, room, RETENTION);
    }

    static RoomLog open(Broker broker, String room, Retention retention) {
        List<RoomLog> opened = new ArrayList<>();
        broker.open(room, retention, new Broker.OpenAnswer() {
            @Override
            public void opened(RoomLog log) {
                opened.add(log);
            }

            @Override
            public void failed(String why) {
                throw new AssertionError(why);
            }
        });
        assertThat(opened).hasSize(1);
        return opened.get(0);
    }

    static Publication message(String data, boolean keep, @Nullable MessageKey key) {
        return new Publication("m1", "ann", null, Json.of(data), keep, null, key);
    }

    /** A JSON text of so many bytes. */
    static String text(int bytes) {
        return "\"" + "x".repeat(bytes - 2) + "\"";
    }

    /** Publishes a message whose data has so many bytes. */
    static void publish(RoomLog log, int bytes) {
        publish(log, message(text(bytes), true, null));
    }

    static Answer publish(RoomLog log, Publication publication) {
        List<Answer> answers = new ArrayList<>(1);
        log.publish(publication, new Broker.PublishAnswer() {
            @Override
            public void accepted(long offset, long atMillis) {
                answers.add(new Answer(offset, null));
            }

            @Override
            public void repeated(long offset) {
                answers.add(new Answer(null, offset));
            }

            @Override
            public void failed(String why) {
                throw new AssertionError(why);
            }
        });
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    static long accepted(RoomLog log, Publication publication) {
        return Objects.requireNonNull(publish(log, publication).accepted(), "was a repeat");
    }

    static List<KeptMessage> read(RoomLog log, HistoryRange range) {
        List<List<KeptMessage>> answers = new ArrayList<>(1);
        log.read(range, new Broker.ReadAnswer() {
            @Override
            public void read(List<KeptMessage> messages, boolean more) {
                answers.add(messages);
            }

            @Override
            public void failed(String why) {
                throw new AssertionError(why);
            }
        });
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    static List<KeptMessage> readAll(RoomLog log) {
        return read(log, new HistoryRange(0, HistoryRange.OPEN, Integer.MAX_VALUE));
    }
}
