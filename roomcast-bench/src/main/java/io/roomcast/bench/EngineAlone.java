package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.roomcast.engine.Handshake;
import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.Rooms;
import io.roomcast.engine.RoomsConfig;
import io.roomcast.engine.SlowConsumer;
import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Endpoint;
import io.roomcast.engine.spi.Lane;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The engine on one lane that is the caller's thread, with connections that take all they are given and do nothing with it:
 * what is measured with it is the engine's own. No limits of rates, and no timers.
 */
final class EngineAlone {
    private static final String NO_HISTORY = "off-";

    private final OnlyLane lane = new OnlyLane();
    private final Rooms rooms;

    EngineAlone() {
        Limits limits = Limits.defaults()
                .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
                .with(Limit.JOINS_PER_SECOND, Limit.OFF)
                .with(Limit.BYTES_PER_SECOND, Limit.OFF);
        RoomTemplate off =
                new RoomTemplate(NO_HISTORY + "*", SlowConsumer.DISCONNECT, limits.with(Limit.HISTORY_MESSAGES, 0));
        RoomsConfig config = RoomsConfig.defaults().withLimits(limits).withTemplates(List.of(off));
        rooms = new Rooms(config, List.of(lane), Rooms.memoryBroker(Clock.system(), limits), Clock.system(), 1);
    }

    /** The id of a room that keeps its history, or does not. */
    static String room(boolean history) {
        return history ? "room" : NO_HISTORY + "room";
    }

    static byte[] join(String room) {
        return ("{\"type\":\"join\",\"room\":\"" + room + "\"}").getBytes(UTF_8);
    }

    static byte[] leave(String room) {
        return ("{\"type\":\"leave\",\"room\":\"" + room + "\"}").getBytes(UTF_8);
    }

    static byte[] publish(String room, int dataBytes) {
        return ("{\"type\":\"publish\",\"room\":\"" + room + "\",\"data\":\"" + "x".repeat(dataBytes - 2) + "\"}")
                .getBytes(UTF_8);
    }

    /** One more connection. */
    Endpoint connect() {
        Endpoint endpoint = rooms.open(lane, new Taker(), Handshake.none());
        lane.endTurn();
        return endpoint;
    }

    /** One more member of this room. */
    Endpoint member(String room) {
        Endpoint endpoint = connect();
        say(endpoint, join(room));
        return endpoint;
    }

    /** The connection's peer says this, and the turn ends. How many bytes have been written to connections since the start. */
    long say(Endpoint endpoint, byte[] text) {
        endpoint.text(text, 0, text.length);
        lane.endTurn();
        return lane.written;
    }

    void close() {
        rooms.close();
    }

    private static final class OnlyLane implements Lane {
        /** Emptied by each turn. */
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

        /** Emptied by each turn. */
        private final ArrayDeque<Runnable> ends = new ArrayDeque<>();

        private long written;

        void endTurn() {
            while (!tasks.isEmpty() || !ends.isEmpty()) {
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                for (Runnable end = ends.poll(); end != null; end = ends.poll()) {
                    end.run();
                }
            }
        }

        @Override
        public int index() {
            return 0;
        }

        @Override
        public boolean inLane() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void executeAfter(Runnable task, long delayMillis) {
            // Heartbeats and the like: not what is measured.
        }

        @Override
        public void atEndOfTurn(Runnable task) {
            ends.add(task);
        }

        @Override
        public void write(Connection[] connections, int count, ByteBuf run) {
            for (int i = 0; i < count; i++) {
                written += ((Taker) connections[i]).take(run);
            }
        }
    }

    private static final class Taker implements Connection {
        int take(ByteBuf run) {
            return run.readableBytes();
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public String peer() {
            return "nobody";
        }

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public void ping() {}

        @Override
        public void close(CloseCode code) {}

        @Override
        public void cut() {}
    }
}
