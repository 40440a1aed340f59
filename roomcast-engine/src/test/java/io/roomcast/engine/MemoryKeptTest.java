package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.MemoryUse.Answer;
import io.roomcast.engine.MemoryUse.ManualClock;
import io.roomcast.engine.spi.Broker.RoomLog;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.KeptMessage;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.Retention;
import io.roomcast.protocol.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemoryKeptTest {
    /** Close to where a clock with an arbitrary zero wraps. */
    private final ManualClock clock = new ManualClock(Long.MAX_VALUE - 1_000_000);

    private final MemoryBroker broker = new MemoryBroker(clock, 1L << 30);

    @Test
    void ring_growsAndWrapsInOrder() {
        RoomLog log = MemoryUse.open(broker, "lobby", keeping(100, 1 << 20, 0));
        for (int i = 1; i <= 1_000; i++) {
            MemoryUse.publish(log, MemoryUse.message(String.valueOf(i), true, null));
            List<KeptMessage> all = MemoryUse.readAll(log);
            assertThat(all).hasSize(Math.min(i, 100));
            for (int k = 0; k < all.size(); k++) {
                long offset = 1L + i - all.size() + k;
                assertThat(all.get(k).offset()).isEqualTo(offset);
                assertThat(all.get(k).publication().data()).isEqualTo(Json.of(String.valueOf(offset)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9})
    void ring_holdsExactlyAsManyAsItMay(int messages) {
        RoomLog log = MemoryUse.open(broker, "lobby", keeping(messages, 1 << 20, 0));
        for (int i = 1; i <= 40; i++) {
            MemoryUse.publish(log, 2);
            assertThat(MemoryUse.readAll(log)).hasSize(Math.min(i, messages));
        }
    }

    @Test
    void keys_areBoundedHoweverManyThereWere() {
        RoomLog log = MemoryUse.open(broker, "lobby", keeping(0, 1 << 20, 10_000));
        long bytesAtTheBound = 0;
        for (int i = 0; i < 100_000; i++) {
            MessageKey key = new MessageKey("ann", "k" + (100_000 + i));
            assertThat(MemoryUse.accepted(log, MemoryUse.message("1", false, key)))
                    .isZero();
            bytesAtTheBound = i == 9_999 ? broker.kept().bytes() : bytesAtTheBound;
        }
        assertThat(broker.kept().bytes()).isEqualTo(bytesAtTheBound).isLessThan(10_000 * 300);
        assertThat(MemoryUse.publish(log, MemoryUse.message("1", false, new MessageKey("ann", "k190000"))))
                .isEqualTo(new Answer(null, 0L));
        assertThat(MemoryUse.publish(log, MemoryUse.message("1", false, new MessageKey("ann", "k189999"))))
                .isEqualTo(new Answer(0L, null));
    }

    @Test
    void keysOfARoomThatIsOnlyRead_goWithTheirAge() {
        RoomLog log = MemoryUse.open(broker, "lobby", keeping(10, 1 << 20, 10));
        MemoryUse.publish(log, MemoryUse.message("1", false, new MessageKey("ann", "k")));
        MemoryUse.publish(log, 2);
        clock.pass(Duration.ofSeconds(61));
        MemoryUse.readAll(log);
        assertThat(broker.kept().bytes())
                .isEqualTo(MemoryKept.BYTES_PER_ROOM + MemoryKept.BYTES_PER_MESSAGE + 2 + 2L * "ann".length());
        clock.pass(Duration.ofSeconds(61));
        assertThat(MemoryUse.readAll(log)).isEmpty();
        assertThat(broker.kept().bytes()).isZero();
    }

    /** A log against one that keeps lists, under whatever comes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void log_isAsItsModel(long seed) {
        Random random = new Random(seed);
        Retention retention = keeping(random.nextInt(40), 1 + random.nextInt(600), random.nextInt(12));
        RoomLog log = MemoryUse.open(broker, "lobby", retention);
        Model model = new Model(retention);
        for (int step = 0; step < 3_000; step++) {
            switch (random.nextInt(10)) {
                case 0 -> clock.pass(Duration.ofMillis(random.nextInt(20_000)));
                case 1 -> {
                    HistoryRange range =
                            new HistoryRange(model.anyBound(random), model.anyBound(random), 1 + random.nextInt(20));
                    assertThat(MemoryUse.read(log, range)).isEqualTo(model.read(range, now()));
                }
                default -> {
                    Publication publication = anyPublication(random, step);
                    assertThat(MemoryUse.publish(log, publication)).isEqualTo(model.publish(publication, now()));
                }
            }
            if (random.nextInt(20) == 0) {
                MemoryUse.readAll(log); // trims
                model.trim(now());
                assertThat(broker.kept().bytes()).isEqualTo(model.bytes());
            }
        }
        clock.pass(Duration.ofMinutes(10));
        assertThat(MemoryUse.readAll(log)).isEmpty();
        assertThat(broker.kept().bytes()).isZero();
    }

    private long now() {
        return clock.nanoTime();
    }

    private static Publication anyPublication(Random random, int step) {
        MessageKey key = random.nextInt(3) == 0
                ? new MessageKey(random.nextBoolean() ? "ann" : "bob", "k" + random.nextInt(20))
                : null;
        String event = random.nextInt(3) == 0 ? "event" : null;
        String user = random.nextBoolean() ? "ann" : null;
        Json data = Json.of("[" + step + "," + MemoryUse.text(2 + random.nextInt(80)) + "]");
        return new Publication("m1", user, event, data, random.nextInt(4) > 0, null, key);
    }

    private static Retention keeping(int messages, long bytes, int keys) {
        return new Retention(messages, bytes, Duration.ofSeconds(100), keys, Duration.ofSeconds(60));
    }

    private final class Model {
        private record Held(KeptMessage message, long nanos) {}

        private record Used(long offset, long nanos) {}

        private final Retention retention;
        private final List<Held> held = new ArrayList<>();
        private final Map<MessageKey, Used> keys = new LinkedHashMap<>();
        private long offset;

        Model(Retention retention) {
            this.retention = retention;
        }

        long anyBound(Random random) {
            return random.nextInt(3) == 0 ? HistoryRange.OPEN : Math.max(0, offset - random.nextInt(60) + 5);
        }

        Answer publish(Publication publication, long now) {
            trim(now);
            MessageKey key = publication.key();
            Used before = key == null ? null : keys.get(key);
            if (before != null) {
                return new Answer(null, before.offset);
            }
            long place = publication.keep() ? ++offset : 0;
            if (publication.keep() && retention.messages() > 0) {
                held.add(new Held(new KeptMessage(place, clock.wallMillis(), publication), now));
            }
            if (key != null) {
                keys.put(key, new Used(place, now));
            }
            trim(now);
            return new Answer(place, null);
        }

        List<KeptMessage> read(HistoryRange range, long now) {
            trim(now);
            List<KeptMessage> within = held.stream()
                    .map(Held::message)
                    .filter(message -> message.offset() > range.after())
                    .filter(message -> range.before() == HistoryRange.OPEN || message.offset() < range.before())
                    .toList();
            int size = Math.min(range.limit(), within.size());
            return range.after() == HistoryRange.OPEN
                    ? within.subList(within.size() - size, within.size())
                    : within.subList(0, size);
        }

        void trim(long now) {
            while (held.size() > retention.messages()
                    || dataBytes() > retention.bytes()
                    || (!held.isEmpty()
                            && now - held.get(0).nanos > retention.age().toNanos())) {
                held.remove(0);
            }
            keys.values().removeIf(used -> now - used.nanos > retention.keyAge().toNanos());
            while (keys.size() > retention.keys()) {
                keys.remove(keys.keySet().iterator().next());
            }
        }

        private long dataBytes() {
            return held.stream()
                    .mapToLong(one -> one.message.publication().data().length())
                    .sum();
        }

        long bytes() {
            if (held.isEmpty() && keys.isEmpty()) {
                return 0;
            }
            long bytes = MemoryKept.BYTES_PER_ROOM + dataBytes();
            for (Held one : held) {
                Publication publication = one.message.publication();
                bytes += MemoryKept.BYTES_PER_MESSAGE;
                bytes += publication.event() == null
                        ? 0
                        : 2 * publication.event().length();
                bytes +=
                        publication.user() == null ? 0 : 2L * publication.user().length();
                bytes += publication.key() == null ? 0 : bytes(publication.key());
            }
            return bytes + keys.keySet().stream().mapToLong(Model::bytes).sum();
        }

        private static long bytes(MessageKey key) {
            return MemoryKept.BYTES_PER_KEY
                    + 2L * (key.key().length() + key.owner().length());
        }
    }
}
