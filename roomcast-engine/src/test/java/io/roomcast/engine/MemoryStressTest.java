package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Lanes that publish and read their own rooms while all rooms together keep too much. */
final class MemoryStressTest {
    private static final int LANES = 4;
    private static final int ROOMS = 12;
    private static final int STEPS = 40_000;
    private static final int BUDGET = 131_072;
    private static final Retention RETENTION = new Retention(50, 20_000, Duration.ofHours(1), 20, Duration.ofHours(1));

    private final MemoryBroker broker = new MemoryBroker(Clock.system(), BUDGET);

    @Test
    void lanesOverTheBudget_readNoHolesAndCountExactly() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(LANES);
        try {
            List<Future<List<RoomLog>>> lanes = new ArrayList<>();
            for (int lane = 0; lane < LANES; lane++) {
                Lane one = new Lane(lane);
                lanes.add(threads.submit(one::run));
            }
            List<RoomLog> logs = new ArrayList<>();
            for (Future<List<RoomLog>> lane : lanes) {
                logs.addAll(lane.get());
            }
            assertThat(broker.kept().roomsGivenUp()).isGreaterThan(100);
            assertThat(broker.kept().bytes()).isPositive().isLessThanOrEqualTo(BUDGET + LANES * 2_000);
            assertThat(broker.size()).isEqualTo(LANES * ROOMS);
            assertThat(broker.sizeByUse()).isEqualTo((int) logs.stream()
                    .filter(log -> !MemoryUse.readAll(log).isEmpty())
                    .count());
            logs.forEach(log -> ((MemoryLog) log).giveUp());
            assertThat(broker.kept().bytes()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatIsGivenUpWhileItIsWritten_countsNothing() throws Exception {
        Publication message = MemoryUse.message("1", true, null);
        AtomicReference<MemoryKept> current = new AtomicReference<>(new MemoryKept(broker, RETENTION));
        Thread lane = new Thread(() -> {
            for (int round = 0; round < 300_000; round++) {
                MemoryKept kept = new MemoryKept(broker, RETENTION);
                current.set(kept);
                for (int offset = 1; offset <= 20; offset++) {
                    kept.add(offset, message, 0, 0);
                }
                kept.giveUp();
            }
        });
        lane.start();
        while (lane.isAlive()) {
            Objects.requireNonNull(current.get()).giveUp();
        }
        lane.join();
        assertThat(broker.kept().bytes()).isZero();
    }

    private final class Lane {
        private final int number;
        private final Random random;
        private final List<RoomLog> logs = new ArrayList<>();
        private final long[] last = new long[ROOMS];

        Lane(int number) {
            this.number = number;
            this.random = new Random(number);
        }

        List<RoomLog> run() {
            for (int i = 0; i < ROOMS; i++) {
                logs.add(open(i));
            }
            for (int step = 0; step < STEPS; step++) {
                int room = random.nextInt(ROOMS);
                switch (random.nextInt(20)) {
                    case 0 -> handOn(room);
                    case 1 -> broker.forget();
                    case 2, 3, 4 -> read(room);
                    default -> publish(room);
                }
            }
            return logs;
        }

        private RoomLog open(int room) {
            return MemoryUse.open(broker, number + "/" + room, RETENTION);
        }

        /** The room ends, and the next one begins before or after. */
        private void handOn(int room) {
            RoomLog old = logs.get(room);
            if (random.nextBoolean()) {
                logs.set(room, open(room));
                old.close();
            } else {
                old.close();
                logs.set(room, open(room));
            }
            if (last[room] > 0) {
                assertThat(logs.get(room).epoch()).isEqualTo(old.epoch());
                assertThat(logs.get(room).offset()).isEqualTo(last[room]);
            }
        }

        /** The data says its offset, so that a message in another's place shows. */
        private void publish(int room) {
            long next = last[room] + 1;
            String data = "[" + next + "," + MemoryUse.text(2 + random.nextInt(1_000)) + "]";
            MessageKey key = random.nextInt(4) == 0 ? new MessageKey("ann", "k" + next) : null;
            assertThat(Objects.requireNonNull(MemoryUse.publish(logs.get(room), MemoryUse.message(data, true, key))
                            .accepted()))
                    .isEqualTo(next);
            last[room] = next;
        }

        /** What is kept ends with the last message, or there is nothing. */
        private void read(int room) {
            List<KeptMessage> messages = MemoryUse.read(logs.get(room), HistoryRange.lastBefore(HistoryRange.OPEN, 30));
            long offset = last[room] - messages.size();
            for (KeptMessage message : messages) {
                offset++;
                if (message.offset() != offset || !begins(message.publication().data(), offset)) {
                    throw new AssertionError("offset " + offset + " is " + message);
                }
            }
        }

        private boolean begins(Json data, long offset) {
            return data.toString().startsWith("[" + offset + ",");
        }
    }
}
