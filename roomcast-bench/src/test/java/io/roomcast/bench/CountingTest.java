package io.roomcast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.netty.RoomServer;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Many count at the same time, over sockets, and the count is exact. Nothing else changes the room, so at every version the
 * counter has to be that version.
 */
@Tag("load")
final class CountingTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String JOIN = "{\"type\":\"join\",\"id\":\"join\",\"room\":\"r\"}";
    private static final long MOST_SECONDS = 120;
    /** So many requests of one client are under way at a time. */
    private static final int WINDOW = 100;

    private final ClientLoop loop = new ClientLoop();
    private final RoomServer server = RoomServer.builder()
            .port(0)
            .lanes(2)
            .limits(Limits.defaults()
                    .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
                    .with(Limit.BYTES_PER_SECOND, Limit.OFF))
            .shutdownSpread(Duration.ofMillis(1))
            .build()
            .start();
    private final List<Counter> counters = new ArrayList<>();
    /** What is wrong; the first of it tells enough. */
    private final List<String> faults = new ArrayList<>();
    /** The counts that replies have named. */
    private final Set<Long> answers = new HashSet<>();

    private long conflicts;

    @AfterEach
    void end() {
        loop.close();
        server.close();
    }

    @Test
    void fiftyWhoAddAThousandTimesEach_countToFiftyThousand() {
        begin(50, number -> new Adder(1_000));
        finish(50_000);
    }

    @Test
    void twentyWhoCompareAndSetUntilFiveHundredSucceeded_countToTenThousand() {
        begin(20, number -> new Setter(500));
        finish(10_000);
        assertThat(conflicts).as("conflicts").isPositive();
    }

    private interface Making {
        Counter counter(int number);
    }

    private void begin(int count, Making making) {
        for (int i = 0; i < count; i++) {
            counters.add(making.counter(i));
        }
        loop.run(() -> counters.forEach(counter -> loop.open(server.address(), counter)));
        becomes(() -> counters.stream().allMatch(counter -> counter.joined));
        loop.run(() -> counters.forEach(Counter::goOn));
    }

    private void finish(long total) {
        becomes(() -> !faults.isEmpty()
                || counters.stream().allMatch(counter -> counter.left == 0 && counter.view.version() == total));
        Counter late = new Adder(0);
        loop.run(() -> loop.open(server.address(), late));
        becomes(() -> late.joined);
        loop.run(() -> {
            assertThat(faults).isEmpty();
            assertThat(answers).as("counts that replies have named").hasSize((int) total);
            Stream.concat(counters.stream(), Stream.of(late)).forEach(counter -> {
                assertThat(counter.view.version()).isEqualTo(total);
                assertThat(counter.view.map())
                        .containsOnlyKeys("n")
                        .containsEntry("n", new StateView.Entry(Long.toString(total), total));
            });
        });
    }

    private void becomes(BooleanSupplier condition) {
        assertThat(loop.becomes(MOST_SECONDS, condition))
                .as(
                        "in time; %s; first of them at %s",
                        faults, counters.get(0).view.version())
                .isTrue();
    }

    /** A member who counts. On the loop. */
    private abstract class Counter implements Talk {
        final StateView view = new StateView(this::isExact);
        private @Nullable ClientSocket socket;
        boolean joined;
        /** How often it has yet to succeed. */
        int left;

        Counter(int left) {
            this.left = left;
        }

        abstract void goOn();

        final void send(String json) {
            Objects.requireNonNull(socket).send(json);
        }

        abstract void refused(JsonNode error);

        abstract long answer(JsonNode updated);

        private void isExact(String key, StateView.Entry entry) {
            if (!key.equals("n") || !entry.value().equals(Long.toString(entry.version()))) {
                faults.add(key + " is " + entry);
            }
        }

        @Override
        public void opened(ClientSocket opened) {
            socket = opened;
            opened.send(JOIN);
        }

        @Override
        public void text(ClientSocket from, String text, long now) {
            JsonNode frame = JSON.readTree(text);
            switch (frame.path("type").asString()) {
                case "welcome" -> {}
                case "joined" -> {
                    view.joined(frame);
                    joined = true;
                }
                case "state" -> {
                    if (!view.state(frame)) {
                        faults.add("a hole before, or twice: " + text);
                    }
                }
                case "updated" -> updated(frame);
                case "error" -> refused(frame);
                default -> faults.add(text);
            }
        }

        private void updated(JsonNode frame) {
            long count = answer(frame);
            if (!answers.add(count) || frame.path("version").asLong() != count || view.version() != count) {
                faults.add("at " + view.version() + " it is told " + frame);
            }
            left--;
            goOn();
        }

        @Override
        public void ended(ClientSocket ended) {
            faults.add("ended: " + ended.closeCode() + ended.fault());
        }
    }

    private final class Adder extends Counter {
        private int sent;
        private final int times;

        Adder(int times) {
            super(times);
            this.times = times;
        }

        @Override
        void goOn() {
            while (sent < times && sent - (times - left) < WINDOW) {
                sent++;
                send("{\"type\":\"update\",\"id\":" + sent + ",\"room\":\"r\",\"add\":{\"n\":1}}");
            }
        }

        @Override
        void refused(JsonNode error) {
            faults.add(error.toString());
        }

        @Override
        long answer(JsonNode updated) {
            return updated.path("values").path("n").asLong();
        }
    }

    private final class Setter extends Counter {
        private long tried;

        Setter(int times) {
            super(times);
        }

        /** On what it knows by now. */
        @Override
        void goOn() {
            if (left > 0) {
                StateView.Entry there = view.map().get("n");
                tryOn(there == null ? 0 : Long.parseLong(there.value()), there == null ? 0 : there.version());
            }
        }

        private void tryOn(long value, long version) {
            tried = value + 1;
            send("{\"type\":\"update\",\"id\":" + tried + ",\"room\":\"r\",\"set\":{\"n\":" + tried + "},\"if\":{\"n\":"
                    + version + "}}");
        }

        @Override
        void refused(JsonNode error) {
            JsonNode current = error.path("current").path("n");
            if (!error.path("code").asString().equals("conflict")
                    || current.path("version").asLong() < tried
                    || current.path("value").asLong() != current.path("version").asLong()) {
                faults.add("tried " + tried + ": " + error);
                return;
            }
            conflicts++;
            tryOn(current.path("value").asLong(), current.path("version").asLong());
        }

        @Override
        long answer(JsonNode updated) {
            return updated.path("id").asLong();
        }
    }
}
