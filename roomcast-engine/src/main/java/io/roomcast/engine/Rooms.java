package io.roomcast.engine;

import io.netty.buffer.ByteBufAllocator;
import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Clock;
import io.roomcast.engine.spi.Connection;
import io.roomcast.engine.spi.Endpoint;
import io.roomcast.engine.spi.Lane;
import io.roomcast.engine.spi.Retention;
import io.roomcast.engine.spi.RoomCheck;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import io.roomcast.protocol.MessageDecoder;
import io.roomcast.protocol.ServerMessage;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The engine: rooms, and the sessions in them, on the lanes that a transport brings.
 *
 * <p>A transport opens an {@link Endpoint} for each connection and tells it what comes; an application holds {@link Room}s
 * and is told what happens through its {@link Listeners}.
 */
public final class Rooms {
    /** Keys of messages that a room remembers. */
    private static final int KEYS = 10_000;

    private static final long FORGET_EVERY_MILLIS = 1_000;

    private static final Duration LEAST_KEY_AGE = Duration.ofMinutes(2);

    private final RoomsConfig config;
    private final Broker broker;
    private final Clock clock;
    private final Random random;
    private final Turn[] turns;
    private final Heartbeat[] heartbeats;
    private final Registry registry;
    private final UserCode userCode;
    private final Dispatcher dispatcher;
    private final Listeners listeners;
    private final Statistics.Counters counters = new Statistics.Counters();
    private final EndingLog endingLog;
    private final Sessions sessions;
    private final AtomicBoolean forgetting = new AtomicBoolean();
    private final AtomicLong numbers;
    private final long outboxBytes;
    private final BufferBudget buffers = BufferBudget.of(ByteBufAllocator.DEFAULT);
    private final RoomTemplate standardTemplate;
    private final int hashSeed;

    /** Without listeners of an application. */
    public Rooms(RoomsConfig config, List<? extends Lane> lanes, Broker broker, Clock clock, long seed) {
        this(config, lanes, broker, clock, seed, Listeners.none());
    }

    /**
     * @param lanes in the order of their indices
     * @param seed for what is left to chance: how the reconnects of a shutdown are spread, and hashes that clients must not
     *     be able to foresee
     */
    public Rooms(
            RoomsConfig config,
            List<? extends Lane> lanes,
            Broker broker,
            Clock clock,
            long seed,
            Listeners listeners) {
        this.config = config;
        this.broker = broker;
        this.listeners = listeners;
        this.clock = clock;
        this.random = new Random(seed);
        this.hashSeed = random.nextInt();
        this.turns = new Turn[lanes.size()];
        this.heartbeats = new Heartbeat[lanes.size()];
        for (Lane lane : lanes) {
            Turn turn = new Turn(
                    lane, lanes.size(), new MessageDecoder(config.limits()), ByteBufAllocator.DEFAULT, counters);
            turns[lane.index()] = turn;
            heartbeats[lane.index()] = new Heartbeat(turn, config.heartbeat());
        }
        this.endingLog = new EndingLog(clock, EndingLog.LOG::info);
        this.sessions = new Sessions(config.grace());
        this.numbers = new AtomicLong(clock.wallMillis() * 1_000);
        this.standardTemplate = RoomTemplate.standard(config.limits());
        this.outboxBytes = config.limits().get(Limit.OUTBOX_BYTES);
        this.registry = new Registry(
                (int) lanes.stream().filter(Lane::isHome).count(),
                config.limits().asInt(Limit.ROOMS),
                (id, home) -> new LiveRoom(id, turns[home], this, turns.length));
        this.userCode = new UserCode(config.listenerThreads(), config.listenerTimeout());
        this.dispatcher = new Dispatcher(this, registry, userCode, listeners);
    }

    /**
     * The broker in this process: it answers within the call, and keeps a room's log for the age of its history after the
     * last member has left.
     *
     * @param limits of which {@code roomBytes} bounds what all rooms together keep
     */
    public static Broker memoryBroker(Clock clock, Limits limits) {
        return new MemoryBroker(clock, limits.get(Limit.ROOM_BYTES));
    }

    /** A connection has been made. In its lane; its first frame is written at the end of the turn at the earliest. */
    public Endpoint open(Lane lane, Connection connection, Handshake handshake) {
        Turn turn = turns[lane.index()];
        assert lane.inLane();
        LiveSession session = new LiveSession(Ids.connection(nextNumber()), connection, turn, this, dispatcher);
        heartbeat(turn).add(session);
        counters.connections.increment();
        dispatcher.opened(session, handshake);
        return session;
    }

    /** The room with this id, whether anybody is in it or not. */
    public Room room(String id) {
        RoomIds.check(id, config.limits().asInt(Limit.ROOM_ID_LENGTH));
        return new Room(id, this);
    }

    public Statistics statistics() {
        return counters.snapshot(registry.size(), broker.kept());
    }

    /**
     * Tells every connection that the server is going away, and closes it with 1012, when it has what the rooms have gathered.
     *
     * @param spreadMillis the clients are told to come back after random times up to this, so that they do not all come at
     *     once
     */
    public void drain(long spreadMillis) {
        sessions.close();
        AtomicIntegerArray awaited = new AtomicIntegerArray(turns.length);
        for (Turn turn : turns) {
            turn.lane.execute(() -> {
                registry.forEach(room -> {
                    if (room.turn == turn) {
                        room.letOut();
                    }
                });
                for (Turn other : turns) {
                    // Goes the way of the frames, behind them; the last one of all lanes has everything before it.
                    turn.send(other, () -> {
                        if (awaited.incrementAndGet(other.lane.index()) == turns.length) {
                            sayGoodbye(other, spreadMillis);
                        }
                    });
                }
            });
        }
    }

    private void sayGoodbye(Turn turn, long spreadMillis) {
        Heartbeat all = heartbeat(turn);
        // From the end, because a slow session that this message ends makes room for the last one.
        for (int i = all.size() - 1; i >= 0; i--) {
            LiveSession session = all.at(i);
            long retryAfter = 1 + (long) (random.nextDouble() * spreadMillis);
            session.tell(new ServerMessage.Closing(retryAfter));
            session.closeAfterTurn(CloseCode.RESTART);
        }
    }

    /** Ends the threads that run listeners. The lanes belong to the transport. */
    public void close() {
        userCode.close();
    }

    // ---- For the engine

    void welcome(LiveSession session) {
        session.tell(new ServerMessage.Welcome(session.id(), config.heartbeat().toMillis(), config.limits()));
    }

    void forget(LiveSession session) {
        heartbeat(session.turn).remove(session);
        counters.connections.decrement();
    }

    Heartbeat heartbeat(Turn turn) {
        return heartbeats[turn.lane.index()];
    }

    /** Runs the task on this lane: now if that is where we are. */
    void runIn(Turn turn, Runnable task) {
        if (turn.lane.inLane()) {
            task.run();
        } else {
            turn.lane.execute(task);
        }
    }

    void release(LiveRoom room) {
        registry.release(room);
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    /** What hashes are mixed with; the same for a seed, so that a simulation can be run again. */
    int hashSeed() {
        return hashSeed;
    }

    /** What may wait for one connection: less than {@code outboxBytes} when buffers are short. */
    long outboxBytes() {
        return buffers.share(outboxBytes);
    }

    boolean buffersAreShort() {
        return buffers.isShort();
    }

    long newsMillis() {
        return config.newsInterval().toMillis();
    }

    /** What holds for the room with this id. */
    RoomTemplate template(String id) {
        for (RoomTemplate template : config.templates()) {
            if (template.matches(id)) {
                return template;
            }
        }
        return standardTemplate;
    }

    /** What is asked about what is said in the room with this id, null if nothing is. */
    @Nullable
    RoomCheck check(String id) {
        return listeners.check(id);
    }

    /** What the broker is to keep of a room with this template. */
    Retention retention(RoomTemplate template) {
        Limits limits = template.limits();
        return new Retention(
                limits.asInt(Limit.HISTORY_MESSAGES),
                limits.get(Limit.HISTORY_BYTES),
                Duration.ofMillis(limits.get(Limit.HISTORY_AGE_MS)),
                KEYS,
                keyAge(),
                limits.asInt(Limit.STATE_KEYS),
                limits.get(Limit.STATE_BYTES));
    }

    /** Longer than the grace, so that whoever comes back at its end can still repeat what was not answered. */
    private Duration keyAge() {
        Duration twice = config.grace().multipliedBy(2);
        return twice.compareTo(LEAST_KEY_AGE) > 0 ? twice : LEAST_KEY_AGE;
    }

    Limits limits() {
        return config.limits();
    }

    Registry registry() {
        return registry;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Broker broker() {
        return broker;
    }

    Clock clock() {
        return clock;
    }

    Sessions sessions() {
        return sessions;
    }

    /** A log was closed: as long as the broker says so, it is asked now and then to forget what is too old. */
    void logClosed() {
        if (broker.forget() && forgetting.compareAndSet(false, true)) {
            turns[0].lane.executeAfter(this::forget, FORGET_EVERY_MILLIS);
        }
    }

    private void forget() {
        forgetting.set(false);
        logClosed();
    }

    EndingLog endingLog() {
        return endingLog;
    }

    Statistics.Counters counters() {
        return counters;
    }
}
