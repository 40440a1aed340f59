package io.roomcast.testkit;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.Retention;
import io.roomcast.engine.spi.StateChange;
import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.ServerMessage.StatePart;
import io.roomcast.protocol.VersionedValue;
import java.time.Duration;
import java.util.Map;

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
                        && retention.stateKeys() == model.limits.get(Limit.STATE_KEYS)
                        && retention.stateBytes() == model.limits.get(Limit.STATE_BYTES)
                        && retention.keyAge().toNanos() == world.keyAgeNanos(),
                "%s is opened with %s",
                room,
                retention);
        behind.open(room, retention, new OpenAnswer() {
            @Override
            public void opened(RoomLog log) {
                answer.opened(
                        new NotedLog(log, model.opened(world.epochName(log.epoch()), log.offset(), log.version())));
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

    /** What was not expected of the broker is passed on, and so seen by the engine or its clients. */
    private abstract class NotedAnswer implements UpdateAnswer {
        private final UpdateAnswer answer;

        NotedAnswer(UpdateAnswer answer) {
            this.answer = answer;
        }

        @Override
        public void unchanged() {
            world.require(false, "an update has changed nothing");
        }

        @Override
        public void refused(ErrorCode code, String message, long version, Map<String, VersionedValue> current) {
            world.require(false, "the keys of a member that is gone stay: %s", message);
        }

        @Override
        public void failed(String why) {
            answer.failed(why);
        }
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
        public long version() {
            return log.version();
        }

        @Override
        public void update(StateUpdate update, UpdateAnswer answer) {
            SentUpdate sent = world.offered(model.room.id, update);
            StateRules.Outcome outcome = model.state.outcome(sent, update.from());
            boolean isFull = behind.kept().bytes() > world.limits.get(Limit.ROOM_BYTES);
            log.update(update, new NotedAnswer(answer) {
                @Override
                public void accepted(StateChange change) {
                    model.wasUsed();
                    model.state.accepted(sent, update.from(), outcome, change);
                    answer.accepted(change);
                }

                @Override
                public void refused(ErrorCode code, String message, long version, Map<String, VersionedValue> current) {
                    if (code != ErrorCode.UNAVAILABLE) {
                        model.wasUsed();
                    }
                    model.state.refused(sent, outcome, code, version, current, isFull);
                    answer.refused(code, message, version, current);
                }
            });
            budget.look(behind.kept());
        }

        @Override
        public void release(String memberId, UpdateAnswer answer) {
            log.release(memberId, new NotedAnswer(answer) {
                @Override
                public void accepted(StateChange change) {
                    model.state.released(memberId, change);
                    answer.accepted(change);
                }

                @Override
                public void unchanged() {
                    model.state.released(memberId, null);
                    answer.unchanged();
                }
            });
            budget.look(behind.kept());
        }

        @Override
        public void readState(long since, StateAnswer answer) {
            log.readState(since, new StateAnswer() {
                @Override
                public void read(long version, StatePart state) {
                    if (model.state.hasBegun()) {
                        model.wasUsed();
                    }
                    model.state.read(since, version, state);
                    answer.read(version, state);
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
            model.wasUsed();
            budget.look(behind.kept());
        }

        @Override
        public void close() {
            model.closed();
            log.close();
        }
    }
}
