package io.roomcast.testkit;

import io.roomcast.engine.Handshake;
import io.roomcast.engine.Rooms;
import io.roomcast.engine.RoomsConfig;
import io.roomcast.engine.spi.Broker;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The real engine on one thread, with a manual clock, scripted lanes and connections that are their own peers. A seed
 * decides everything: what the clients do, which lane turns when and for how many tasks, when a broker answers. After each
 * step every client's view is held against the promises of PROTOCOL.md; now and then all work is done until nothing is
 * left, and then the views must be equal to what there is.
 *
 * <p>A run is repeated exactly by its seed, steps and lanes.
 */
public final class Simulation {
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration HEARTBEAT_STEP = HEARTBEAT.dividedBy(8);
    private static final int STEPS_BETWEEN_CHECKPOINTS = 100;
    private static final int MOST_ROUNDS_UNTIL_QUIET = 10_000;

    private final long seed;
    private final int steps;
    private final Random random;
    private final ManualClock clock = new ManualClock();
    private final World world;
    private final List<ScriptedLane> lanes = new ArrayList<>();
    private final Duration newsInterval;
    private final DelayedBroker delayed;
    private final boolean isDelayed;
    private final WatchedBroker broker;
    private final Rooms rooms;
    private final Script script;
    private final Checkpoint checkpoint;
    private int laggingLane = -1;
    private long laggingUntilStep;

    /** @param lanes how many */
    public Simulation(long seed, int steps, int lanes) {
        this.seed = seed;
        this.steps = steps;
        this.random = new Random(seed * 31 + lanes);
        for (int i = 0; i < lanes; i++) {
            this.lanes.add(new ScriptedLane(i, clock));
        }
        int kind = random.nextInt(3);
        this.isDelayed = kind > 0;
        this.newsInterval = Duration.ofMillis(random.nextInt(3) * 25L);
        this.world = new World(clock, limits(random), HEARTBEAT.toNanos(), kind == 2);
        Broker memory = Rooms.memoryBroker(clock, world.limits);
        this.delayed = new DelayedBroker(memory, random.nextLong(), kind == 2 ? 0.05 : 0);
        this.broker = new WatchedBroker(isDelayed ? delayed : memory);
        RoomsConfig config = RoomsConfig.defaults()
                .withLimits(world.limits)
                .withHeartbeat(HEARTBEAT)
                .withNewsInterval(newsInterval);
        clock.advance(Duration.ofMillis(1));
        this.rooms = new Rooms(config, this.lanes, broker, clock, random.nextLong());
        this.script = new Script(world, random, rooms, this.lanes);
        this.checkpoint = new Checkpoint(world, rooms, script);
    }

    /**
     * Runs it and returns what it has exercised.
     *
     * @throws SimulationFailure if a promise was broken; it says which, how to replay the run, and what happened last
     */
    public Tally run() {
        try {
            for (world.step = 1; world.step <= steps; world.step++) {
                step();
            }
            finish();
            return world.tally;
        } catch (SimulationFailure broken) {
            throw new SimulationFailure(report(String.valueOf(broken.getMessage())), broken);
        } catch (RuntimeException | AssertionError thrown) {
            throw new SimulationFailure(report("The engine threw " + thrown), thrown);
        } finally {
            rooms.close();
        }
    }

    /** Opens a connection in its lane. */
    static SimulatedClient open(int number, ScriptedLane lane, Rooms rooms, World world) {
        RecordingConnection connection = new RecordingConnection(lane);
        lane.execute(() -> connection.attach(rooms.open(lane, connection, Handshake.none())));
        return new SimulatedClient(number, connection, world);
    }

    private static Limits limits(Random random) {
        Limits limits = Limits.defaults()
                .with(Limit.DATA_BYTES, 512)
                .with(Limit.MEMBER_BYTES, 64)
                .with(Limit.OUTBOX_BYTES, 2_048)
                // Rates are not modelled: each step may send as it likes.
                .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
                .with(Limit.JOINS_PER_SECOND, Limit.OFF)
                .with(Limit.BYTES_PER_SECOND, Limit.OFF);
        if (random.nextInt(2) == 0) {
            limits = limits.with(Limit.MEMBERS_PER_ROOM, 6);
        }
        if (random.nextInt(2) == 0) {
            limits = limits.with(Limit.ROOMS_PER_CONNECTION, 3);
        }
        return random.nextInt(3) == 0 ? limits.with(Limit.ROOMS, 4) : limits;
    }

    private String report(String promise) {
        return String.format(
                "%s%n  at step %d of seed %d. Replay: ./simulate --seed %d --steps %d --lanes %d%n%s",
                promise, world.step, seed, seed, steps, lanes.size(), world.journal);
    }

    private void step() {
        script.act();
        if (random.nextInt(4) == 0) {
            clock.advance(Duration.ofMillis(random.nextInt(40)));
        } else if (random.nextInt(20) == 0) {
            clock.advance(HEARTBEAT_STEP);
            world.note("clock", "goes on", HEARTBEAT_STEP);
        }
        chooseLaggingLane();
        turnSomeLanes();
        answerSome();
        observe();
        if (random.nextInt(STEPS_BETWEEN_CHECKPOINTS) == 0) {
            checkpoint();
        }
    }

    private void chooseLaggingLane() {
        if (laggingLane >= 0 && world.step > laggingUntilStep) {
            laggingLane = -1;
        }
        if (lanes.size() > 1 && laggingLane < 0 && random.nextInt(60) == 0) {
            laggingLane = random.nextInt(lanes.size());
            laggingUntilStep = world.step + random.nextInt(40);
            world.tally.count(Exercised.LANES_LAGGING);
        }
    }

    private void turnSomeLanes() {
        for (int turns = random.nextInt(2 * lanes.size() + 1); turns > 0; turns--) {
            ScriptedLane lane = lanes.get(random.nextInt(lanes.size()));
            if (lane.index() != laggingLane && lane.hasWork()) {
                world.note("lane " + lane.index(), "turns", "");
                lane.turn(1 + random.nextInt(12));
            }
        }
    }

    /** Lets some late answers come: from a thread that is no lane, or from within any lane. */
    private void answerSome() {
        int answers = isDelayed && random.nextInt(2) == 0 ? random.nextInt(4) : 0;
        for (int i = 0; i < answers && delayed.held() > 0; i++) {
            if (random.nextBoolean()) {
                world.note("broker", "answers", "");
                delayed.releaseOne();
            } else {
                lanes.get(random.nextInt(lanes.size())).execute(() -> {
                    if (delayed.held() > 0) {
                        delayed.releaseOne();
                    }
                });
            }
        }
    }

    private void observe() {
        for (ScriptedLane lane : lanes) {
            world.require(lane.complaints().isEmpty(), "%s", lane.complaints());
        }
        world.require(broker.complaints().isEmpty(), "%s", broker.complaints());
        script.observe();
    }

    // ---- Quiet

    private void checkpoint() {
        becomeQuiet();
        checkpoint.views();
        List<SentMessage> probes = script.publishProbes();
        becomeQuiet();
        checkpoint.probes(probes);
        checkpoint.views();
        world.step++;
        world.tally.count(Exercised.CHECKPOINTS);
    }

    /** Works until nothing is left to do, news included. */
    private void becomeQuiet() {
        world.note("everything", "becomes quiet", "");
        long live;
        do {
            live = script.countLive();
            workUntilIdle();
            clock.advance(newsInterval);
            workUntilIdle();
            clock.advance(newsInterval);
            workUntilIdle();
        } while (script.countLive() < live); // Somebody was cut meanwhile, which is news.
        observe();
    }

    private void workUntilIdle() {
        for (int round = 0; lanes.stream().anyMatch(ScriptedLane::hasWork) || delayed.held() > 0; round++) {
            world.require(round < MOST_ROUNDS_UNTIL_QUIET, "the engine finds no rest");
            lanes.forEach(lane -> {
                if (lane.hasWork()) {
                    lane.turn();
                }
            });
            if (random.nextBoolean()) {
                delayed.releaseAll();
            }
            observe();
        }
    }

    private void finish() {
        script.unblockAll();
        checkpoint();
        checkpoint.atTheEnd();
        if (random.nextInt(4) == 0) {
            rooms.drain(1_000);
            world.tally.count(Exercised.SHUTDOWNS);
        } else {
            script.everybodyGoes();
        }
        becomeQuiet();
        for (int i = 0; i < 24; i++) {
            clock.advance(HEARTBEAT_STEP);
            workUntilIdle();
        }
        checkpoint.nothingIsLeft(broker.openLogs(), lanes);
        countAll();
    }

    private void countAll() {
        Tally tally = world.tally;
        tally.add(Exercised.CROSS_LANE_PUBLISHES, rooms.statistics().crossLanePublishes());
        tally.add(Exercised.BROKER_ANSWERS_OUT_OF_ORDER, delayed.outOfOrder());
        tally.add(Exercised.BROKER_FAILURES, delayed.failed());
    }
}
