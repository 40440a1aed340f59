package io.roomcast.testkit;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Publication;
import java.util.ArrayList;
import java.util.List;

/** Watches how the engine treats a broker: every log closed once, nothing published behind. Not thread-safe. */
final class WatchedBroker implements Broker {
    private final Broker behind;
    private final List<String> complaints = new ArrayList<>();
    private int openLogs;

    WatchedBroker(Broker behind) {
        this.behind = behind;
    }

    int openLogs() {
        return openLogs;
    }

    List<String> complaints() {
        return complaints;
    }

    @Override
    public void open(String room, OpenAnswer answer) {
        behind.open(room, new OpenAnswer() {
            @Override
            public void opened(RoomLog log) {
                openLogs++;
                answer.opened(new WatchedLog(room, log));
            }

            @Override
            public void failed(String why) {
                answer.failed(why);
            }
        });
    }

    private final class WatchedLog implements RoomLog {
        private final String room;
        private final RoomLog log;
        private boolean closed;

        WatchedLog(String room, RoomLog log) {
            this.room = room;
            this.log = log;
        }

        @Override
        public String epoch() {
            return log.epoch();
        }

        @Override
        public long offset() {
            return log.offset();
        }

        @Override
        public void publish(Publication publication, PublishAnswer answer) {
            if (closed) {
                complaints.add("published to the closed log of " + room);
            }
            log.publish(publication, answer);
        }

        @Override
        public void close() {
            if (closed) {
                complaints.add("closed the log of " + room + " twice");
            }
            closed = true;
            openLogs--;
            log.close();
        }
    }
}
