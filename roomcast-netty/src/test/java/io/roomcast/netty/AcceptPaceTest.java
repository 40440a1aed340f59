package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class AcceptPaceTest {
    private static final int LANES = 2;
    private static final int EACH_WINDOW = 16;

    private final AtomicBoolean enoughWait = new AtomicBoolean();
    private final AcceptPace pace = new AcceptPace(LANES, enoughWait::get);
    private final Deque<Runnable> windows = new ArrayDeque<>();
    private int accepted;

    private void acceptAll() {
        while (pace.mayAccept()) {
            pace.accepted();
            accepted++;
        }
        pace.pause((task, millis) -> windows.add(task), this::acceptAll);
    }

    @Test
    void crowd_isLetInWindowByWindow() {
        acceptAll();
        assertThat(accepted).isEqualTo(EACH_WINDOW);
        acceptAll(); // more come
        assertThat(accepted).isEqualTo(EACH_WINDOW);
        assertThat(windows).hasSize(1);
        windows.remove().run();
        assertThat(accepted).isEqualTo(2 * EACH_WINDOW);
    }

    @Test
    void nobody_isLetInWhileEnoughWait() {
        enoughWait.set(true);
        acceptAll();
        assertThat(accepted).isZero();
        windows.remove().run();
        assertThat(accepted).isZero();
        enoughWait.set(false);
        windows.remove().run();
        assertThat(accepted).isEqualTo(EACH_WINDOW);
    }

    @Test
    void enoughWaitNoMore_afterTheAnswer_isNotMissed() {
        enoughWait.set(true);
        assertThat(pace.mayAccept()).isFalse();
        enoughWait.set(false); // by another thread, which tells nobody
        pace.pause((task, millis) -> windows.add(task), this::acceptAll);
        windows.remove().run();
        assertThat(accepted).isEqualTo(EACH_WINDOW);
    }

    @Test
    void quietDoor_hasNoTimer() {
        pace.mayAccept();
        pace.pause((task, millis) -> windows.add(task), this::acceptAll);
        assertThat(windows).isEmpty();
    }
}
