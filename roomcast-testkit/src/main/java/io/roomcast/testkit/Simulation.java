package io.roomcast.testkit;

import io.roomcast.engine.ConnectEvent;
import io.roomcast.engine.Handshake;
import io.roomcast.engine.Listeners;
import io.roomcast.engine.Rooms;
import io.roomcast.engine.spi.Broker;
import io.roomcast.engine.spi.Endpoint;
import io.roomcast.protocol.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The real engine on one thread, with a manual clock, scripted lanes and connections that are their own peers. A seed
 * decides everything: what the clients do, which lane turns when and for how many tasks, when a broker answers. After each
 * step every client's view is held against the promises of PROTOCOL.md; now and then all work is done until nothing is
 * left, and then the views must be equal to what there is.
 *
 * <p>A run is repeated exactly by its seed, steps and lanes.
 */
public final class Simulation {
    /** Far enough to be past the grace, the age of keys and the age of most histories, or of all. */
    private static final List<Duration> JUMPS =
            List.of(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(130), Duration.ofSeconds(310));

    private static final int STEPS_BETWEEN_CHECKPOINTS = 100;
    private static final Duration GRACE_SLACK = Duration.ofMillis(1_500);
    private static final int MOST_ROUNDS_UNTIL_QUIET = 10_000;

    private final long seed;
    private final int steps;
    private final Random random;
    private final ManualClock clock = new ManualClock();
    private final World world;
    private final List<ScriptedLane> lanes = new ArrayList<>();
    private final SimulationSettings settings;
    private final Duration heartbeatStep;
    private final DelayedBroker delayed;
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
        this.settings = SimulationSettings.by(random);
        this.heartbeatStep = settings.heartbeat().dividedBy(8);
        this.world = new World(clock, settings);
        Broker memory = new NotedBroker(Rooms.memoryBroker(clock, world.limits), world);
        this.delayed = new DelayedBroker(memory, random.nextLong(), settings.brokerFails() ? 0.05 : 0);
        this.broker = new WatchedBroker(settings.isDelayed() ? delayed : memory, world);
        clock.advance(Duration.ofMillis(1));
        this.rooms = new Rooms(settings.config(), this.lanes, broker, clock, random.nextLong(), listeners());
        this.script = new Script(world, random, rooms, this.lanes);
        this.checkpoint = new Checkpoint(world, rooms, script);
    }

    /** Where there are users, a connect listener tells them by the query. */
    private Listeners listeners() {
        Consumer<ConnectEvent> connect = event -> event.query("user").ifPresent(event::user);
        return settings.hasUsers() ? Listeners.none().withConnect(connect) : Listeners.none();
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
    static SimulatedClient open(int number, @Nullable String user, ScriptedLane lane, Rooms rooms, World world) {
        RecordingConnection connection = new RecordingConnection(lane);
        Handshake handshake = user == null
                ? Handshake.none()
                : new Handshake(
                        Handshake.none().address(),
                        "/",
                        "user=" + user,
                        Handshake.none().headers());
        lane.execute(() -> {
            int waiting = lane.waitingTasks();
            Endpoint endpoint = rooms.open(lane, connection, handshake);
            // The listener runs on its own thread: its answer is awaited, so that a run depends on its seed alone.
            while (world.settings.hasUsers() && lane.waitingTasks() == waiting) {
                Thread.onSpinWait();
            }
            connection.attach(endpoint);
        });
        return new SimulatedClient(number, user, connection, world);
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
            clock.advance(heartbeatStep);
            world.note("clock", "goes on", heartbeatStep);
        } else if (random.nextInt(400) == 0) {
            jump();
        }
        chooseLaggingLane();
        turnSomeLanes();
        answerSome();
        observe();
        if (random.nextInt(STEPS_BETWEEN_CHECKPOINTS) == 0) {
            checkpoint();
        }
    }

    /** The machine has slept, or somebody has set its clock. */
    private void jump() {
        if (random.nextBoolean()) {
            Duration by = Duration.ofHours(random.nextBoolean() ? 1 : -1);
            clock.jumpWall(by);
            world.note("wall clock", "jumps", by);
            world.tally.count(Exercised.WALL_CLOCK_JUMPS);
        } else {
            Duration by = JUMPS.get(random.nextInt(JUMPS.size()));
            clock.advance(by);
            world.jumpedNanos = clock.nanoTime();
            world.note("clock", "jumps", by);
            world.tally.count(Exercised.CLOCK_JUMPS);
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
        int answers = settings.isDelayed() && random.nextInt(2) == 0 ? random.nextInt(4) : 0;
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
        world.requireNothingBroken();
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
        if (random.nextInt(3) == 0) {
            waitForGraces();
            checkpoint.views();
        }
        List<SentMessage> probes = script.publishProbes();
        becomeQuiet();
        checkpoint.probes(probes);
        checkpoint.views();
        if (random.nextInt(8) == 0) {
            letSomebodyBeSlow();
        }
        world.step++;
        world.tally.count(Exercised.CHECKPOINTS);
    }

    /** Works until nothing is left to do, news and what is gathered of the state included. */
    private void becomeQuiet() {
        world.note("everything", "becomes quiet", "");
        long live;
        do {
            live = script.countLive();
            workUntilIdle();
            clock.advance(settings.gatheringInterval());
            workUntilIdle();
            clock.advance(settings.gatheringInterval());
            workUntilIdle();
        } while (script.countLive() < live); // Somebody was cut meanwhile, which is news.
        observe();
    }

    private void letSomebodyBeSlow() {
        SlowReader slow = script.anySlowReader();
        if (slow != null) {
            slow.block();
            becomeQuiet();
            slow.changeMuch();
            becomeQuiet();
            slow.readOn();
            becomeQuiet();
            slow.check();
            checkpoint.views();
        }
    }

    /** Until nobody is waited for any more. */
    private void waitForGraces() {
        world.note("everything", "waits for", settings.grace());
        long until = clock.nanoTime() + settings.grace().toNanos() + GRACE_SLACK.toNanos();
        while (clock.nanoTime() < until) {
            clock.advance(heartbeatStep);
            workUntilIdle();
        }
        becomeQuiet();
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
            world.countIf(rooms.statistics().absentMembers() > 0, Exercised.SHUTDOWNS_WITH_ABSENT_MEMBERS);
            world.draining = true;
            rooms.drain(1_000);
            world.tally.count(Exercised.SHUTDOWNS);
        } else {
            script.everybodyGoes();
        }
        becomeQuiet();
        for (int i = 0; i < 24; i++) {
            clock.advance(heartbeatStep);
            workUntilIdle();
        }
        clock.advance(Duration.ofMillis(world.limits.get(Limit.HISTORY_AGE_MS)));
        for (int i = 0; i < 12; i++) {
            clock.advance(heartbeatStep);
            workUntilIdle();
        }
        checkpoint.nothingIsLeft(broker, lanes);
        countAll();
    }

    private void countAll() {
        Tally tally = world.tally;
        tally.add(Exercised.CROSS_LANE_PUBLISHES, rooms.statistics().crossLanePublishes());
        tally.add(Exercised.BROKER_ANSWERS_OUT_OF_ORDER, delayed.outOfOrder());
    }
}
