package io.roomcast.engine;

import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.HistoryRange;
import io.roomcast.engine.spi.KeptMessage;
import io.roomcast.engine.spi.MessageKey;
import io.roomcast.engine.spi.Publication;
import io.roomcast.engine.spi.Retention;
import io.roomcast.engine.spi.StateUpdate;
import io.roomcast.protocol.ServerMessage.StatePart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** A broker that answers when the test says so; what is not held back it answers within the call. */
final class HeldBroker implements Broker {
    final Queue<Runnable> openings = new ArrayDeque<>();
    final Queue<Runnable> answers = new ArrayDeque<>();
    boolean holdsOpenings;
    boolean holdsAnswers;
    boolean holdsReads;
    int closed;

    @Override
    public void open(String room, Retention retention, OpenAnswer answer) {
        Log log = new Log();
        if (holdsOpenings) {
            openings.add(() -> answer.opened(log));
        } else {
            answer.opened(log);
        }
    }

    private final class Log implements RoomLog {
        private final List<KeptMessage> kept = new ArrayList<>();
        private long offset;

        @Override
        public String epoch() {
            return "e";
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public void publish(Publication publication, PublishAnswer answer) {
            long place = publication.keep() ? ++offset : 0;
            if (publication.keep()) {
                kept.add(new KeptMessage(place, 0, publication));
            }
            if (holdsAnswers) {
                answers.add(() -> answer.accepted(place, 0));
            } else {
                answer.accepted(place, 0);
            }
        }

        @Override
        public long version() {
            return 0;
        }

        @Override
        public void update(StateUpdate update, UpdateAnswer answer) {
            answer.failed("there is no state");
        }

        @Override
        public void release(String memberId, UpdateAnswer answer) {
            answer.unchanged();
        }

        @Override
        public void readState(long since, StateAnswer answer) {
            answer.read(0, new StatePart(StatePart.WHOLE, Map.of(), List.of()));
        }

        @Override
        public void find(MessageKey key, KeyAnswer answer) {
            kept.stream()
                    .filter(message -> key.equals(message.publication().key()))
                    .findFirst()
                    .ifPresentOrElse(first -> answer.found(first.offset()), answer::unknown);
        }

        @Override
        public void read(HistoryRange range, ReadAnswer answer) {
            // All from the lower bound on: this one trims nothing and is asked for no more than there is.
            List<KeptMessage> found = kept.stream()
                    .filter(message -> message.offset() > range.after() && message.offset() < range.before())
                    .toList();
            if (holdsReads) {
                answers.add(() -> answer.read(found, false));
            } else {
                answer.read(found, false);
            }
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
