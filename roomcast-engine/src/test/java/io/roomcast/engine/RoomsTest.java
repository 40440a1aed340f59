package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong only in the corners: of a broker that takes its time, of listeners, of limits under pipelining. */
final class RoomsTest {
    private final List<FakeLane> lanes = FakeLane.lanes(2);
    private final HeldBroker broker = new HeldBroker();
    private RoomsConfig config = RoomsConfig.defaults()
            .withLimits(Limits.defaults()
                    .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
                    .with(Limit.JOINS_PER_SECOND, Limit.OFF)
                    .with(Limit.BYTES_PER_SECOND, Limit.OFF));
    private Rooms rooms = rooms(Listeners.none());

    private Rooms rooms(Listeners listeners) {
        rooms = new Rooms(config, lanes, broker, Clock.system(), 1, listeners);
        return rooms;
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    private FakeClient client(int lane) {
        return FakeClient.open(rooms, lanes.get(lane));
    }

    private void work() {
        FakeLane.work(lanes);
    }

    /** For listeners, which run on threads of their own. */
    private void workUntil(BooleanSupplier done) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            work();
            Thread.onSpinWait();
        }
    }

    private static String join(String room) {
        return "{\"type\":\"join\",\"id\":1,\"room\":\"" + room + "\"}";
    }

    private static String leave(String room) {
        return "{\"type\":\"leave\",\"id\":2,\"room\":\"" + room + "\"}";
    }

    private static String publish(String room) {
        return "{\"type\":\"publish\",\"id\":3,\"room\":\"" + room + "\",\"data\":1}";
    }

    @Test
    void pipelinedPublishes_behindASlowOpening_areAllAnswered() {
        broker.holdsOpenings = true;
        FakeClient ana = client(1);
        String[] said = new String[20_001];
        Arrays.fill(said, publish("lobby"));
        said[0] = join("lobby");
        ana.say(said);
        work();
        ana.news();
        lanes.get(0).turn(broker.openings.remove());
        work();
        assertThat(ana.told).hasSize(1 + 2 * 20_000);
    }

    @Test
    void message_isHandedToTheOtherLane_beforeTheHomeLaneWrites() {
        FakeClient ana = client(0);
        FakeClient bob = client(1);
        ana.say(join("lobby"));
        bob.say(join("lobby"));
        work();
        List<Boolean> handedOver = new ArrayList<>();
        lanes.get(0).beforeWrite = () -> handedOver.add(lanes.get(1).hasTasks());
        ana.say(publish("lobby"));
        assertThat(handedOver).isNotEmpty().containsOnly(true);
        work();
        assertThat(bob.told.get(bob.told.size() - 1)).contains("\"type\":\"message\"");
    }

    @Test
    void connectListener_refusesWhatWasSaidMeanwhileToo() {
        CountDownLatch decide = new CountDownLatch(1);
        rooms(Listeners.none().withConnect(connect -> {
            await(decide);
            connect.refuse(CloseCode.NOT_AUTHORISED);
        }));
        FakeClient eve = client(0);
        eve.say(join("lobby"), publish("lobby"));
        decide.countDown();
        workUntil(() -> eve.closed != null);
        assertThat(eve.told).isEmpty();
        assertThat(rooms.statistics().publishes()).isZero();
    }

    @Test
    void resync_thatCrossesItsRemoval_doesNotSlipPastTheJoinListener() {
        AtomicInteger asked = new AtomicInteger();
        rooms(Listeners.none().withJoin(join -> asked.incrementAndGet()));
        FakeClient ana = client(1);
        ana.say(join("lobby"));
        workUntil(() -> ana.told.size() == 2);
        String id = ana.told.get(1).replaceAll(".*\"memberId\":\"([^\"]*)\".*", "$1");
        ana.news();
        broker.holdsAnswers = true;
        ana.say(publish("lobby"));
        // The removal waits for the answer, as the join will, and stands before it.
        lanes.get(1).turn(() -> {});
        CompletableFuture<Boolean> removed = rooms.room("lobby").remove(id, "kicked");
        FakeClient admin = client(0);
        lanes.get(0).turn(() -> {});
        ana.say(join("lobby"));
        work();
        lanes.get(0).turn(broker.answers.remove());
        work();
        assertThat(removed).isCompletedWithValue(true);
        assertThat(ana.told.get(ana.told.size() - 1)).contains("\"type\":\"error\"", "\"code\":\"unavailable\"");
        assertThat(asked).hasValue(1);
        assertThat(admin.told).hasSize(1);
        ana.say(join("lobby"));
        workUntil(() -> ana.told.get(ana.told.size() - 1).startsWith("{\"type\":\"joined\""));
        assertThat(asked).hasValue(2);
    }

    @Test
    void pipelinedJoinsAndLeaves_pauseReading_beforeRoomsPileUp() {
        config = config.withLimits(Limits.defaults().with(Limit.ROOMS_PER_CONNECTION, 2));
        rooms(Listeners.none());
        broker.holdsOpenings = true;
        FakeClient ana = client(0);
        ana.lane.turn(() -> {
            for (int i = 0; i < 1_000 && !ana.paused; i++) {
                ana.sayNow(join("r" + i));
                ana.sayNow(leave("r" + i));
            }
        });
        work();
        assertThat(ana.paused).isTrue();
        assertThat(rooms.statistics().rooms()).isLessThan(100);
        while (!broker.openings.isEmpty()) {
            lanes.get(0).turn(broker.openings.remove());
            work();
        }
        assertThat(ana.paused).isFalse();
        assertThat(rooms.statistics().rooms()).isZero();
    }

    @Test
    void leaveListener_thatIsBehind_pausesTheConnection() {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger();
        Consumer<LeaveEvent> listener = leave -> {
            await(goOn);
            left.incrementAndGet();
        };
        rooms(Listeners.none().withLeave(listener));
        FakeClient ana = client(0);
        int said = 0;
        while (said < 10_000 && !ana.paused) {
            ana.say(join("lobby"), leave("lobby"));
            work();
            said++;
        }
        assertThat(said).isLessThan(100);
        goOn.countDown();
        int all = said;
        workUntil(() -> left.get() == all && !ana.paused);
    }

    @Test
    void disconnectListener_isToldOnce() {
        List<String> ended = new CopyOnWriteArrayList<>();
        config = config.withListenerThreads(1);
        rooms(Listeners.none().withDisconnect(end -> ended.add(end.session().id())));
        // With one thread, a second word of the first is there before the first word of the third.
        for (int i = 1; i <= 3; i++) {
            FakeClient ana = client(0);
            ana.say(join("lobby"));
            ana.vanish();
            String id = ana.session().id();
            workUntil(() -> ended.contains(id));
        }
        assertThat(ended).doesNotHaveDuplicates();
    }

    @Test
    void publishedFuture_completedByTheCaller_doesNotEndTheRoomUnderTheMessage() {
        broker.holdsAnswers = true;
        CompletableFuture<Long> offset = rooms.room("lobby").publish(Json.of("1"));
        offset.cancel(false);
        work();
        assertThat(rooms.statistics().rooms()).isEqualTo(1);
        lanes.get(0).turn(broker.answers.remove());
        work();
        assertThat(rooms.statistics().rooms()).isZero();
        assertThat(broker.closed).isEqualTo(1);
    }

    @Test
    void drain_withASlowConsumer_tellsEverybodyElse() {
        config = config.withLimits(Limits.defaults().with(Limit.OUTBOX_BYTES, 65_536));
        rooms(Listeners.none());
        List<FakeClient> clients =
                IntStream.range(0, 3).mapToObj(i -> client(0)).toList();
        FakeClient slow = clients.get(2);
        slow.block();
        String ping = "{\"type\":\"ping\",\"id\":\"" + "x".repeat(64) + "\"}";
        int pong = ping.length() + 2;
        // The outbox is filled to less than a `closing` below its bound.
        String[] pings = new String[65_536 / pong];
        Arrays.fill(pings, ping);
        slow.say(pings);
        slow.say("{\"type\":\"ping\",\"id\":1}");
        work();
        assertThat(slow.closed).isNull();
        rooms.drain(10);
        work();
        assertThat(clients).allMatch(client -> client.closed != null);
        assertThat(clients.subList(0, 2)).allMatch(client -> client.told.get(1).startsWith("{\"type\":\"closing\""));
    }

    @Test
    void tenthUnreadableFrame_thatNamesARoomOfAnotherLane_isAnswered() {
        FakeClient ana = client(1);
        ana.say(join("lobby"));
        work();
        ana.news();
        String[] bad = new String[10];
        Arrays.fill(bad, "{\"room\":\"lobby\"}");
        ana.say(bad);
        work();
        assertThat(ana.closed).isEqualTo(CloseCode.ABUSE);
        assertThat(ana.told).isNotEmpty().allMatch(frame -> frame.contains(ErrorCode.BAD_REQUEST.wireName()));
    }

    @Test
    void memberId_isOneTextOnly() {
        FakeClient ana = client(0);
        ana.say(join("lobby"));
        work();
        String id = ana.news().get(1).replaceAll(".*\"memberId\":\"m([^\"]*)\".*", "$1");
        ana.say("{\"type\":\"publish\",\"id\":1,\"room\":\"lobby\",\"data\":1,\"to\":\"m0" + id + "\"}");
        work();
        assertThat(ana.news()).singleElement().asString().contains("not_member");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
