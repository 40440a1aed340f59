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
import io.roomcast.protocol.ServerMessage;
import io.roomcast.protocol.VersionedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A broker that answers late and in any order: each request goes to the broker behind it at once, its answer is held
 * until a test releases it. Some requests it fails, without asking. Not thread-safe.
 */
public final class DelayedBroker implements Broker {
    /** How often another answer is looked for in place of messages that were read. */
    private static final int READS_WAIT = 3;

    private final Broker behind;
    private final Random random;
    private final double shareFailed;

    /** Answers that wait, in the order of the requests; as many as the engine has asked. */
    private final List<Held> held = new ArrayList<>();

    private int outOfOrder;
    private int failed;
    private boolean failsNextPublish;

    private record Held(String room, boolean isRead, Runnable answer) {}

    /** A broker that fails nothing. */
    public DelayedBroker(Broker behind, long seed) {
        this(behind, seed, 0);
    }

    /** @param shareFailed from 0 (fails nothing) to 1 (fails everything) */
    public DelayedBroker(Broker behind, long seed, double shareFailed) {
        this.behind = behind;
        this.random = new Random(seed);
        this.shareFailed = shareFailed;
    }

    @Override
    public void open(String room, Retention retention, OpenAnswer answer) {
        if (fails()) {
            hold(room, () -> answer.failed("held and then failed"));
            return;
        }
        behind.open(room, retention, new OpenAnswer() {
            @Override
            public void opened(RoomLog log) {
                hold(room, () -> answer.opened(new DelayedLog(room, log)));
            }

            @Override
            public void failed(String why) {
                hold(room, () -> answer.failed(why));
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

    /** How many answers wait. */
    public int held() {
        return held.size();
    }

    /** How many answers came before one of the same room that had been asked for earlier. */
    public int outOfOrder() {
        return outOfOrder;
    }

    /** How many requests were failed. */
    public int failed() {
        return failed;
    }

    /** Has the next publish fail, whatever the share. */
    public void failNextPublish() {
        failsNextPublish = true;
    }

    /** Gives one of the answers that wait, whichever; what is read mostly comes later than what was written since. */
    public void releaseOne() {
        int chosen = random.nextInt(held.size());
        for (int tries = 0; tries < READS_WAIT && held.get(chosen).isRead; tries++) {
            chosen = random.nextInt(held.size());
        }
        Held next = held.remove(chosen);
        if (held.subList(0, chosen).stream().anyMatch(other -> other.room.equals(next.room))) {
            outOfOrder++;
        }
        next.answer.run();
    }

    /** Gives all the answers that wait, in any order. */
    public void releaseAll() {
        while (!held.isEmpty()) {
            releaseOne();
        }
    }

    private void hold(String room, Runnable answer) {
        held.add(new Held(room, false, answer));
    }

    private void holdRead(String room, Runnable answer) {
        held.add(new Held(room, true, answer));
    }

    private boolean fails() {
        boolean fails = shareFailed > 0 && random.nextDouble() < shareFailed;
        failed += fails ? 1 : 0;
        return fails;
    }

    private boolean takesFailureAsked() {
        boolean asked = failsNextPublish;
        failsNextPublish = false;
        failed += asked ? 1 : 0;
        return asked;
    }

    private final class DelayedLog implements RoomLog {
        private final String room;
        private final RoomLog log;

        DelayedLog(String room, RoomLog log) {
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
            if (takesFailureAsked() || fails()) {
                hold(room, () -> answer.failed("held and then failed"));
                return;
            }
            log.publish(publication, new PublishAnswer() {
                @Override
                public void accepted(long offset, long atMillis) {
                    hold(room, () -> answer.accepted(offset, atMillis));
                }

                @Override
                public void repeated(long offset) {
                    hold(room, () -> answer.repeated(offset));
                }

                @Override
                public void failed(String why) {
                    hold(room, () -> answer.failed(why));
                }
            });
        }

        @Override
        public long version() {
            return log.version();
        }

        @Override
        public void update(StateUpdate update, UpdateAnswer answer) {
            if (fails()) {
                hold(room, () -> answer.failed("held and then failed"));
            } else {
                log.update(update, held(answer));
            }
        }

        /** Never failed: nobody would ask again. */
        @Override
        public void release(String memberId, UpdateAnswer answer) {
            log.release(memberId, held(answer));
        }

        private UpdateAnswer held(UpdateAnswer answer) {
            return new UpdateAnswer() {
                @Override
                public void accepted(StateChange change) {
                    hold(room, () -> answer.accepted(change));
                }

                @Override
                public void unchanged() {
                    hold(room, answer::unchanged);
                }

                @Override
                public void refused(ErrorCode code, String message, long version, Map<String, VersionedValue> current) {
                    hold(room, () -> answer.refused(code, message, version, current));
                }

                @Override
                public void failed(String why) {
                    hold(room, () -> answer.failed(why));
                }
            };
        }

        @Override
        public void readState(long since, StateAnswer answer) {
            if (fails()) {
                hold(room, () -> answer.failed("held and then failed"));
                return;
            }
            log.readState(since, new StateAnswer() {
                @Override
                public void read(long version, ServerMessage.StatePart state) {
                    hold(room, () -> answer.read(version, state));
                }

                @Override
                public void failed(String why) {
                    hold(room, () -> answer.failed(why));
                }
            });
        }

        @Override
        public void find(MessageKey key, KeyAnswer answer) {
            if (fails()) {
                hold(room, () -> answer.failed("held and then failed"));
                return;
            }
            log.find(key, new KeyAnswer() {
                @Override
                public void found(long offset) {
                    hold(room, () -> answer.found(offset));
                }

                @Override
                public void unknown() {
                    hold(room, answer::unknown);
                }

                @Override
                public void failed(String why) {
                    hold(room, () -> answer.failed(why));
                }
            });
        }

        @Override
        public void read(HistoryRange range, ReadAnswer answer) {
            if (fails()) {
                hold(room, () -> answer.failed("held and then failed"));
                return;
            }
            log.read(range, new ReadAnswer() {
                @Override
                public void read(List<KeptMessage> messages, boolean more) {
                    holdRead(room, () -> answer.read(messages, more));
                }

                @Override
                public void failed(String why) {
                    hold(room, () -> answer.failed(why));
                }
            });
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
