package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Lane;
import io.roomcast.protocol.CloseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndingLogTest {
    private final Now now = new Now();
    private final Later lane = new Later();
    private final List<String> lines = new ArrayList<>();
    private final EndingLog log = new EndingLog(now, lines::add);

    @Test
    void line_says_who_and_why_and_what_was_held() {
        log.note(ended("ann", CloseCode.SLOW_CONSUMER), lane);

        assertThat(lines)
                .containsExactly("Connection c1 from 192.0.2.1:5000, user \"ann\", ended: slow_consumer (4008);"
                        + " rooms: 3, bytes waiting: 1048577, age: 12 s");
    }

    @Test
    void user_that_nobody_has_named_is_left_out() {
        log.note(ended(null, CloseCode.ABUSE), lane);

        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("Connection c1 from 192.0.2.1:5000, ended: abuse (4429); rooms: 3");
    }

    /** Row 38 of the attacks. */
    @Test
    void user_with_line_breaks_and_escape_sequences_stays_in_its_line() {
        log.note(ended("x\r\nConnection c2 \u001b[2J", CloseCode.ABUSE), lane);

        assertThat(lines).singleElement().asString().contains("user \"x\\u{d}\\u{a}Connection c2 \\u{1b}[2J\",");
    }

    @Test
    void beyond_ten_lines_a_second_the_rest_is_counted() {
        repeat(1_000, CloseCode.ABUSE);
        assertThat(lines).hasSize(10);

        now.nanos += Duration.ofSeconds(1).toNanos();
        lane.runAll();

        assertThat(lines).hasSize(11).last().isEqualTo("And 990 more connections have ended: abuse");
    }

    @Test
    void second_begins_anew_and_so_does_the_count() {
        repeat(11, CloseCode.ABUSE);
        now.nanos += Duration.ofSeconds(1).toNanos();
        lane.runAll();
        lines.clear();

        repeat(12, CloseCode.ABUSE);
        lane.runAll();

        assertThat(lines).hasSize(11).last().isEqualTo("And 2 more connections have ended: abuse");
    }

    @Test
    void kinds_do_not_take_lines_from_each_other() {
        repeat(1_000, CloseCode.ABUSE);
        lines.clear();

        repeat(1, CloseCode.SLOW_CONSUMER);

        assertThat(lines).hasSize(1);
    }

    @Test
    void nothing_is_told_later_where_nothing_was_left_out() {
        repeat(10, CloseCode.ABUSE);

        assertThat(lane.tasks).isEmpty();
    }

    private void repeat(int times, CloseCode code) {
        for (int i = 0; i < times; i++) {
            log.note(ended(null, code), lane);
        }
    }

    private static Ended ended(@Nullable String user, CloseCode code) {
        return new Ended("c1", "192.0.2.1:5000", user, Ending.by(code), 3, 1_048_577, Duration.ofMillis(12_345));
    }

    private static final class Now implements Clock {
        private long nanos = Long.MAX_VALUE; // The clock's zero may be anywhere.

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            throw new AssertionError("log lines have the time of the logger");
        }
    }

    /** Keeps what is to be done later until the test says so. */
    private static final class Later implements Lane {
        private final List<Runnable> tasks = new ArrayList<>();

        private void runAll() {
            List.copyOf(tasks).forEach(Runnable::run);
            tasks.clear();
        }

        @Override
        public void executeAfter(Runnable task, long delayMillis) {
            assertThat(delayMillis).isEqualTo(1_000);
            tasks.add(task);
        }

        @Override
        public int index() {
            throw new AssertionError();
        }

        @Override
        public boolean inLane() {
            throw new AssertionError();
        }

        @Override
        public void execute(Runnable task) {
            throw new AssertionError();
        }

        @Override
        public void atEndOfTurn(Runnable task) {
            throw new AssertionError();
        }

        @Override
        public void write(Connection[] connections, int count, ByteBuf run) {
            throw new AssertionError();
        }
    }
}
