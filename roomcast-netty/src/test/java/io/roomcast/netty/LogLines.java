package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/** What one class logs from now on, warnings and above, and what it tells beside. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(10);

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;

    private LogLines(Logger logger) {
        this.logger = logger;
    }

    static LogLines of(Class<?> type) {
        LogLines lines = new LogLines((Logger) LoggerFactory.getLogger(type));
        lines.logger.setLevel(ch.qos.logback.classic.Level.INFO);
        lines.start();
        lines.logger.addAppender(lines);
        return lines;
    }

    List<String> lines() {
        return lines;
    }

    /** Waits until there are so many. */
    void await(int count) {
        await(() -> lines.size() >= count);
    }

    /** Waits until the last one begins with this. */
    void awaitLast(String beginning) {
        await(() -> {
            int count = lines.size();
            return count > 0 && lines.get(count - 1).startsWith(beginning);
        });
    }

    private void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("%s", lines).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getFormattedMessage());
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(null);
        stop();
    }
}
