package io.roomcast.engine;

import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.Lane;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each abnormal end of a connection: who it was, why it ended, what it held. Of each kind there are at most
 * {@value #LINES_PER_SECOND} lines a second, and behind them one that says how many more there were, so that an attack
 * does not fill the disk. From any lane.
 */
final class EndingLog {
    static final Logger LOG = LoggerFactory.getLogger("io.roomcast.connections");

    static final int LINES_PER_SECOND = 10;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SECOND_MILLIS = 1_000;

    private final Clock clock;
    private final Consumer<String> lines;

    /** By the endings' names, of which there are few. Guarded by itself; no line is written under its lock. */
    private final Map<String, Kind> kinds = new HashMap<>();

    EndingLog(Clock clock, Consumer<String> lines) {
        this.clock = clock;
        this.lines = lines;
    }

    /** @param lane where the rest is told of, should there be lines left out */
    void note(Ended ended, Lane lane) {
        long now = clock.nanoTime();
        String name = ended.ending().name();
        boolean mayBeWritten;
        boolean isFirstLeftOut;
        synchronized (kinds) {
            Kind kind = kinds.computeIfAbsent(name, key -> new Kind(now));
            mayBeWritten = kind.takeLine(now);
            isFirstLeftOut = !mayBeWritten && ++kind.leftOut == 1;
        }
        if (mayBeWritten) {
            lines.accept(ended.line());
        } else if (isFirstLeftOut) {
            lane.executeAfter(() -> tellOfThoseLeftOut(name), SECOND_MILLIS);
        }
    }

    private void tellOfThoseLeftOut(String name) {
        long leftOut = 0;
        synchronized (kinds) {
            Kind kind = kinds.get(name);
            if (kind != null) {
                leftOut = kind.leftOut;
                kind.leftOut = 0;
            }
        }
        lines.accept("And " + leftOut + " more connections have ended: " + name);
    }

    /** What is counted for the endings of one name. */
    private static final class Kind {
        private long secondBegan;
        private int linesOfTheSecond;

        /** Since that was last told. */
        private long leftOut;

        Kind(long now) {
            secondBegan = now;
        }

        boolean takeLine(long now) {
            if (now - secondBegan >= SECOND_NANOS) {
                secondBegan = now;
                linesOfTheSecond = 0;
            }
            boolean oneIsLeft = linesOfTheSecond < LINES_PER_SECOND;
            linesOfTheSecond += oneIsLeft ? 1 : 0;
            return oneIsLeft;
        }
    }
}
