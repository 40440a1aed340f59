package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.EventExecutor;
import io.roomcast.engine.Statistics;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where an attack takes place: a server, and bystanders in one of its rooms. When the attack is over, the bystanders must
 * not have noticed, and connections, sockets, rooms, members, addresses, timers and buffers must be what they were.
 *
 * <p>With {@code -Droomcast.tls=true} all of it is within TLS.
 *
 * <p>As an extension one scene serves all tests of a class, and each is held to this; a test with settings of its own
 * makes its own in a try statement.
 */
final class Scene implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, AutoCloseable {
    /** Above the time for a close frame, after which a connection is cut. */
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(10);

    /** As many that are the same span more than the interval of the news. */
    private static final int READINGS = 12;

    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** What has to come back to where it was. */
    private record Books(
            long connections,
            long rooms,
            long members,
            int sockets,
            int addresses,
            List<Integer> timers,
            int buffersInUse) {}

    private final UnaryOperator<RoomServerBuilder> settings;
    private final boolean tls;
    private RoomServer server;
    private Bystanders bystanders;
    private Books before;

    @SuppressWarnings("NullAway.Init") // begin() is the first that happens to a scene
    private Scene(UnaryOperator<RoomServerBuilder> settings, boolean tls) {
        this.settings = settings;
        this.tls = tls;
    }

    /**
     * The defaults without rates, which bystanders that never stop talking would soon exceed, and with a history so short
     * that a room that has ended is forgotten before its books are looked at.
     */
    static Limits limits() {
        return Limits.defaults()
                .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
                .with(Limit.JOINS_PER_SECOND, Limit.OFF)
                .with(Limit.BYTES_PER_SECOND, Limit.OFF)
                .with(Limit.HISTORY_AGE_MS, 1_000);
    }

    /** For all tests of a class. */
    static Scene shared() {
        return shared(settings -> settings);
    }

    /** For all tests of a class, with settings of their own. */
    static Scene shared(UnaryOperator<RoomServerBuilder> settings) {
        // The time of a message decides how often open ones are looked at, and so how soon that timer is gone.
        Patience patience = Patience.defaults().withMessage(Duration.ofSeconds(3));
        return new Scene(server -> settings.apply(server.patience(patience)), Boolean.getBoolean("roomcast.tls"));
    }

    /** For one test. */
    static Scene with(UnaryOperator<RoomServerBuilder> settings) {
        return begun(new Scene(settings, Boolean.getBoolean("roomcast.tls")));
    }

    /** For one test, within TLS. */
    static Scene withTls(UnaryOperator<RoomServerBuilder> settings) {
        return begun(new Scene(settings, true));
    }

    private static Scene begun(Scene scene) {
        scene.begin();
        return scene;
    }

    RoomServer server() {
        return server;
    }

    int port() {
        return server.port();
    }

    /** A connection that has said nothing yet. */
    RawClient tcp() {
        return RawClient.tcp(port());
    }

    /** An attacker in the bystanders' room. */
    RawClient member() {
        return RawClient.open(port()).join(Bystanders.ROOM);
    }

    void bystandersChatOn() {
        bystanders.chatOn();
    }

    /** Waits until so many sockets are there beside the bystanders', and have been looked at. */
    void awaitSockets(int count) {
        long deadline = System.nanoTime() + DEADLINE;
        while (booksInCalm().sockets != before.sockets + count) {
            assertThat(System.nanoTime() - deadline).as("time over; %s", before).isNegative();
            LockSupport.parkNanos(PACE_NANOS);
        }
        booksInCalm();
    }

    /** What its direct lanes have counted of this together. */
    long sends(ToLongFunction<SendCounts> count) {
        return sends(server, count);
    }

    /** The same of another server. */
    static long sends(RoomServer server, ToLongFunction<SendCounts> count) {
        long sum = 0;
        for (LoopLane lane : server.lanes().all()) {
            if (lane instanceof DirectLane direct) {
                try {
                    sum += lane.loop()
                            .submit(() -> count.applyAsLong(direct.counts()))
                            .get();
                } catch (InterruptedException | ExecutionException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return sum;
    }

    private void begin() {
        RoomServerBuilder builder = settings.apply(
                RoomServer.builder().port(0).lanes(2).limits(limits()).shutdownSpread(Duration.ofMillis(10)));
        if (tls) {
            TlsFiles files = TlsIdentity.shared().files();
            builder.tls(files.certificate(), files.key());
        }
        server = builder.build().start();
        if (tls) {
            RawClient.speakTlsAt(port(), TlsIdentity.shared().trusting());
        }
        bystanders = new Bystanders(port()); // one for each lane, since lanes take turns
        before = settledBooks();
    }

    /** The books once nothing more happens, for instance no news of the bystanders' coming. */
    private Books settledBooks() {
        bystanders.chatOn();
        Books last = booksInCalm();
        for (int same = 0; same < READINGS; ) {
            LockSupport.parkNanos(PACE_NANOS);
            Books now = booksInCalm();
            same = now.equals(last) ? same + 1 : 0;
            last = now;
        }
        return last;
    }

    private void check() {
        bystanders.chatOn();
        long deadline = System.nanoTime() + DEADLINE;
        Books after = booksInCalm();
        while (!after.equals(before) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(PACE_NANOS);
            after = booksInCalm();
        }
        assertThat(after).as("the books after the attack").isEqualTo(before);
        bystanders.chatOn();
    }

    /** The books at a moment at which nothing of the bystanders is under way. */
    private Books booksInCalm() {
        bystanders.keepStill();
        try {
            return books();
        } finally {
            bystanders.goOn();
        }
    }

    private Books books() {
        List<Integer> timers = new ArrayList<>();
        for (LoopLane lane : server.lanes().all()) {
            timers.add(timers(lane)); // by a task, so behind what the loop was doing
        }
        Statistics now = server.statistics();
        return new Books(
                now.connections(),
                now.rooms(),
                now.members(),
                server.sockets(),
                server.addresses(),
                timers,
                BufferWatch.inUse());
    }

    /** What the lane has to do later, and who has a deadline there: not the timers of those, which run on for a while. */
    private static int timers(LoopLane lane) {
        EventExecutor loop = lane.loop();
        try {
            return loop.submit(() -> {
                        Field queue = io.netty.util.concurrent.AbstractScheduledEventExecutor.class.getDeclaredField(
                                "scheduledTaskQueue");
                        queue.setAccessible(true);
                        Queue<?> timers = (Queue<?>) queue.get(loop);
                        int all = timers == null ? 0 : timers.size();
                        all += lane instanceof UringLane uring ? uring.timer().size() : 0;
                        for (Deadlines each : List.of(lane.requests(), lane.messages(), lane.closes())) {
                            all += each.size() - (each.isRunning() ? 1 : 0);
                        }
                        return all;
                    })
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private void end() {
        try {
            bystanders.close();
        } finally {
            RawClient.speakPlainAt(port());
            server.close();
        }
        assertThat(BufferWatch.lost()).as("buffers that were never released").isEmpty();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        begin();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        bystanders.chatOn();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        check();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end();
    }

    @Override
    public void close() {
        try {
            check();
        } finally {
            end();
        }
    }
}
