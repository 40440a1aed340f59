package io.roomcast.testkit;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.Retention;
import io.roomcast.protocol.Limit;
import java.time.Duration;

/**
 * Notes in the model what the broker behind it accepts, keeps and opens, at the moment it does. Epochs get other names on
 * the way, because those of the broker differ from run to run, and a run is to be repeated byte by byte. Not thread-safe.
 */
final class NotedBroker implements Broker {
    private final Broker behind;
    private final World world;
    private final Budget budget;

    NotedBroker(Broker behind, World world) {
        this.behind = behind;
        this.world = world;
        this.budget = new Budget(world);
    }

    @Override
    public void open(String room, Retention retention, OpenAnswer answer) {
        RoomModel model = world.room(room);
        world.require(
                retention.messages() == model.limits.get(Limit.HISTORY_MESSAGES)
                        && retention.bytes() == model.limits.get(Limit.HISTORY_BYTES)
                        && retention.age().equals(Duration.ofMillis(model.limits.get(Limit.HISTORY_AGE_MS)))
                        && retention.keyAge().toNanos() == world.keyAgeNanos(),
                "%s is opened with %s",
                room,
                retention);
        behind.open(room, retention, new OpenAnswer() {
            @Override
            public void opened(RoomLog log) {
                answer.opened(new NotedLog(log, model.opened(world.epochName(log.epoch()), log.offset())));
            }

            @Override
            public void failed(String why) {
                answer.failed(why);
            }
        });
    }

    @Override
    public boolean forget() {
        return behind.forget();
    }

    @Override
    public Kept kept() {
        return behind.kept();
    }

    private final class NotedLog implements RoomLog {
        private final RoomLog log;
        private final LogModel model;

        NotedLog(RoomLog log, LogModel model) {
            this.log = log;
            this.model = model;
        }

        @Override
        public String epoch() {
            return model.epoch;
        }

        @Override
        public long offset() {
            return log.offset();
        }

        @Override
        public void publish(Publication publication, PublishAnswer answer) {
            SentMessage message = world.offered(publication);
            log.publish(publication, new PublishAnswer() {
                @Override
                public void accepted(long offset, long atMillis) {
                    model.accepted(message, offset, publication.key());
                    message.accepted(offset, atMillis, publication);
                    budget.look(behind.kept());
                    answer.accepted(offset, atMillis);
                }

                @Override
                public void repeated(long offset) {
                    model.repeated(message, offset, publication.key());
                    answer.repeated(offset);
                }

                @Override
                public void failed(String why) {
                    answer.failed(why);
                }
            });
        }

        @Override
        public void find(MessageKey key, KeyAnswer answer) {
            log.find(key, new KeyAnswer() {
                @Override
                public void found(long offset) {
                    model.found(key, offset);
                    answer.found(offset);
                }

                @Override
                public void unknown() {
                    model.notFound(key);
                    answer.unknown();
                }

                @Override
                public void failed(String why) {
                    answer.failed(why);
                }
            });
        }

        @Override
        public void read(HistoryRange range, ReadAnswer answer) {
            log.read(range, answer);
            model.wasRead();
            budget.look(behind.kept());
        }

        @Override
        public void close() {
            model.closed();
            log.close();
        }
    }
}
