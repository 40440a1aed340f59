package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RegistryTest {
    private final List<FakeLane> lanes = FakeLane.lanes(2);
    private final Rooms rooms = new Rooms(RoomsConfig.defaults(), lanes, new HeldBroker(), Clock.system(), 1);
    private final Queue<LiveRoom> made = new ConcurrentLinkedQueue<>();

    private static LiveRoom hold(Registry registry, String id) {
        return Objects.requireNonNull(registry.hold(id));
    }

    @SuppressWarnings("NullAway") // These rooms are never open.
    private Registry registry(int most) {
        return new Registry(2, most, (id, home) -> {
            LiveRoom room = new LiveRoom(id, new Turn(lanes.get(home), 2, null, null, null), rooms, 2);
            made.add(room);
            return room;
        });
    }

    @Test
    void rooms_goToTheLaneWithTheFewest() {
        Registry registry = registry(10);
        LiveRoom first = hold(registry, "a");
        LiveRoom second = hold(registry, "b");
        assertThat(first.turn.lane.index()).isNotEqualTo(second.turn.lane.index());
        registry.release(first);
        assertThat(hold(registry, "c").turn.lane).isSameAs(first.turn.lane);
    }

    @Test
    void room_isTheSameUntilItsLastRelease() {
        Registry registry = registry(1);
        LiveRoom room = hold(registry, "a");
        assertThat(registry.hold("a")).isSameAs(room);
        assertThat(registry.hold("b")).isNull();
        registry.release(room);
        assertThat(registry.holdIfAlive("a")).isSameAs(room);
        registry.release(room);
        registry.release(room);
        assertThat(registry.holdIfAlive("a")).isNull();
        assertThat(registry.size()).isZero();
        assertThat(registry.hold("a")).isNotNull().isNotSameAs(room);
    }

    @Test
    void limit_holdsUnderContention() throws Exception {
        Registry registry = registry(1);
        int rounds = 20_000;
        AtomicInteger held = new AtomicInteger();
        AtomicInteger tooMany = new AtomicInteger();
        CyclicBarrier barrier = new CyclicBarrier(2);
        Runnable contender = () -> {
            try {
                String id = Thread.currentThread().getName();
                for (int i = 0; i < rounds; i++) {
                    LiveRoom room = registry.hold(id);
                    if (room != null) {
                        if (held.incrementAndGet() > 1) {
                            tooMany.incrementAndGet();
                        }
                        held.decrementAndGet();
                        registry.release(room);
                    }
                    if (i % 1_000 == 0) {
                        barrier.await();
                    }
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        Thread other = new Thread(contender, "other");
        other.start();
        contender.run();
        other.join();
        assertThat(registry.size()).isZero();
        assertThat(tooMany).hasValue(0);
        assertThat(made).isNotEmpty();
    }
}
