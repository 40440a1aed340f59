package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.Publication;
import java.security.SecureRandom;

/** The broker in this process: answers within the call. A room's positions live as long as the room. */
final class MemoryBroker implements Broker {
    private final SecureRandom random = new SecureRandom();
    private final Clock clock;

    MemoryBroker(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void open(String room, OpenAnswer answer) {
        answer.opened(new Log(clock, Long.toString(random.nextLong() >>> 1, 36)));
    }

    private static final class Log implements RoomLog {
        private final Clock clock;
        private final String epoch;

        /** Written on the room's home lane only. */
        private long offset;

        Log(Clock clock, String epoch) {
            this.clock = clock;
            this.epoch = epoch;
        }

        @Override
        public String epoch() {
            return epoch;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public void publish(Publication publication, PublishAnswer answer) {
            answer.accepted(publication.keep() ? ++offset : 0, clock.wallMillis());
        }

        @Override
        public void close() {}
    }
}
