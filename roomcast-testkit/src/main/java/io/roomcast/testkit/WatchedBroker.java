package io.roomcast.testkit;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.KeptMessage;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.Retention;
import io.roomcast.engine.spi.StateChange;
import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.ServerMessage.StatePart;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Watches how the engine treats a broker: every log closed once, nothing published behind. Notes in the model what the
 * broker has failed to do, when it says so. Not thread-safe.
 */
final class WatchedBroker implements Broker {
    private final Broker behind;
    private final World world;
    private final List<String> complaints = new ArrayList<>();
    private int openLogs;

    WatchedBroker(Broker behind, World world) {
        this.behind = behind;
        this.world = world;
    }

    int openLogs() {
        return openLogs;
    }

    List<String> complaints() {
        return complaints;
    }

    @Override
    public void open(String room, Retention retention, OpenAnswer answer) {
        behind.open(room, retention, new OpenAnswer() {
            @Override
            public void opened(RoomLog log) {
                openLogs++;
                answer.opened(new WatchedLog(room, log));
            }

            @Override
            public void failed(String why) {
                world.room(room).brokerFailed();
                world.tally.count(Exercised.OPENS_FAILED);
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

    private final class WatchedLog implements RoomLog {
        private final String room;
        private final RoomLog log;
        private boolean closed;

        /** Messages of which the engine has been told that they are kept. */
        private long told;

        /** The last of them in the room's order. */
        private long toldOffset;

        WatchedLog(String room, RoomLog log) {
            this.room = room;
            this.log = log;
            this.toldOffset = log.offset();
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
            SentMessage message = world.published(publication);
            log.publish(publication, new PublishAnswer() {
                @Override
                public void accepted(long offset, long atMillis) {
                    told += offset > 0 ? 1 : 0;
                    toldOffset = Math.max(toldOffset, offset);
                    answer.accepted(offset, atMillis);
                }

                @Override
                public void repeated(long offset) {
                    world.countIf(offset > toldOffset, Exercised.REPEATS_BEFORE_THEIR_MESSAGE);
                    answer.repeated(offset);
                }

                @Override
                public void failed(String why) {
                    message.failed = true;
                    world.tally.count(Exercised.PUBLISHES_FAILED);
                    answer.failed(why);
                }
            });
        }

        @Override
        public long version() {
            return log.version();
        }

        @Override
        public void update(StateUpdate update, UpdateAnswer answer) {
            if (closed) {
                complaints.add("changed the state in the closed log of " + room);
            }
            SentUpdate sent = world.update(update);
            log.update(update, new UpdateAnswer() {
                @Override
                public void accepted(StateChange change) {
                    answer.accepted(change);
                }

                @Override
                public void unchanged() {
                    answer.unchanged();
                }

                @Override
                public void refused(ErrorCode code, String message, long version, Map<String, VersionedValue> current) {
                    answer.refused(code, message, version, current);
                }

                @Override
                public void failed(String why) {
                    sent.failed = true;
                    world.tally.count(Exercised.UPDATES_FAILED);
                    answer.failed(why);
                }
            });
        }

        @Override
        public void release(String memberId, UpdateAnswer answer) {
            if (closed) {
                complaints.add("released keys in the closed log of " + room);
            }
            log.release(memberId, answer);
        }

        @Override
        public void readState(long since, StateAnswer answer) {
            if (closed) {
                complaints.add("read the state in the closed log of " + room);
            }
            log.readState(since, new StateAnswer() {
                @Override
                public void read(long version, StatePart state) {
                    answer.read(version, state);
                }

                @Override
                public void failed(String why) {
                    world.room(room).brokerFailed();
                    world.tally.count(Exercised.STATE_READS_FAILED);
                    answer.failed(why);
                }
            });
        }

        @Override
        public void find(MessageKey key, KeyAnswer answer) {
            if (closed) {
                complaints.add("looked for a key in the closed log of " + room);
            }
            log.find(key, new KeyAnswer() {
                @Override
                public void found(long offset) {
                    answer.found(offset);
                }

                @Override
                public void unknown() {
                    answer.unknown();
                }

                @Override
                public void failed(String why) {
                    world.room(room).brokerFailed();
                    world.tally.count(Exercised.FINDS_FAILED);
                    answer.failed(why);
                }
            });
        }

        @Override
        public void read(HistoryRange range, ReadAnswer answer) {
            if (closed) {
                complaints.add("read the closed log of " + room);
            }
            long toldBefore = told;
            log.read(range, new ReadAnswer() {
                @Override
                public void read(List<KeptMessage> messages, boolean more) {
                    // What was read then lies before a hole: all that is kept is newer.
                    boolean isOvertaken = told - toldBefore > world.limits(room).get(Limit.HISTORY_MESSAGES);
                    world.countIf(isOvertaken && !messages.isEmpty(), Exercised.READS_OVERTAKEN);
                    answer.read(messages, more);
                }

                @Override
                public void failed(String why) {
                    world.room(room).brokerFailed();
                    world.tally.count(Exercised.READS_FAILED);
                    answer.failed(why);
                }
            });
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
