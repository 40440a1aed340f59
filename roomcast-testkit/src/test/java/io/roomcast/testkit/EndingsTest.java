package io.roomcast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.roomcast.engine.Handshake;
import io.roomcast.engine.Rooms;
import io.roomcast.engine.RoomsConfig;
import io.roomcast.engine.Statistics;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is counted, and what is logged, when requests are refused and connections end. */
class EndingsTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.roomcast.connections");

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final ManualClock clock = new ManualClock();
    private final ScriptedLane lane = new ScriptedLane(0, clock);
    private final Rooms rooms = new Rooms(
            RoomsConfig.defaults().withLimits(Limits.defaults().with(Limit.OUTBOX_BYTES, 1_024)),
            List.of(lane),
            Rooms.memoryBroker(clock, Limits.defaults()),
            clock,
            1);

    @BeforeEach
    void listen() {
        logged.start();
        LOG.addAppender(logged);
        LOG.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        LOG.detachAppender(logged);
        LOG.setAdditive(true);
        // Whoever was told to close is cut, and lets go of what its socket has not taken.
        clock.advance(Duration.ofSeconds(6));
        lane.turnUntilIdle();
        assertThat(lane.complaints()).isEmpty();
    }

    @Test
    void slow_consumer_is_logged_with_what_it_held_and_counted() {
        RecordingConnection slow = member();
        RecordingConnection loud = member();
        clock.advance(Duration.ofSeconds(3));
        slow.takeOnly(0);
        for (int i = 0; i < 4; i++) {
            say(loud, "{\"type\":\"publish\",\"room\":\"lobby\",\"data\":\"" + "x".repeat(450) + "\"}");
        }

        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .matches("Connection c\\S+ from a test, ended: slow_consumer \\(4008\\);"
                                + " rooms: 1, bytes waiting: [12]\\d\\d\\d, age: 3 s"));
        assertThat(rooms.statistics().endings())
                .containsEntry("slow_consumer", 1L)
                .containsEntry("normal", 0L);
        assertThat(rooms.statistics().connections()).isEqualTo(1);
    }

    @Test
    void peer_that_vanishes_is_logged_and_peers_that_close_are_not() {
        member().drop();
        member().closeByPeer(1000);
        member().closeByPeer(1001);
        member().closeByPeer(4008);
        lane.turnUntilIdle();

        assertThat(lines()).singleElement().asString().contains("ended: no_close_frame (1006); rooms: 1,");
        assertThat(rooms.statistics().endings())
                .containsEntry("no_close_frame", 1L)
                .containsEntry("normal", 1L)
                .containsEntry("going_away", 1L)
                .containsEntry("other", 1L)
                .containsEntry("slow_consumer", 0L);
    }

    @Test
    void shutdown_is_counted_and_not_logged() {
        member();
        member();

        rooms.drain(0);
        lane.turnUntilIdle();

        assertThat(lines()).isEmpty();
        assertThat(rooms.statistics().endings()).containsEntry("restart", 2L);
    }

    @Test
    void refusals_are_counted_by_code_wherever_they_are_made() {
        RecordingConnection member = member();
        say(member, "not json"); // by the decoder
        say(member, "{\"type\":\"publish\",\"room\":\"elsewhere\",\"data\":1}"); // by the dispatcher
        say(member, "{\"type\":\"publish\",\"room\":\"lobby\",\"to\":\"m1\",\"data\":1}"); // by the room

        assertThat(rooms.statistics().refusals())
                .hasSize(ErrorCode.values().length)
                .containsEntry(ErrorCode.BAD_REQUEST, 1L)
                .containsEntry(ErrorCode.NOT_MEMBER, 2L)
                .containsEntry(ErrorCode.RATE_LIMITED, 0L);
    }

    @Test
    void bytes_are_counted_both_ways() {
        RecordingConnection member = member();
        Statistics before = rooms.statistics();
        String request = "{\"type\":\"ping\",\"id\":1}";
        long written = member.bytesWritten();

        say(member, request);

        assertThat(rooms.statistics().receivedBytes() - before.receivedBytes()).isEqualTo(request.length());
        assertThat(rooms.statistics().sentBytes() - before.sentBytes())
                .isPositive()
                .isEqualTo(member.bytesWritten() - written);
    }

    private RecordingConnection member() {
        RecordingConnection connection = new RecordingConnection(lane);
        lane.execute(() -> connection.attach(rooms.open(lane, connection, Handshake.none())));
        say(connection, "{\"type\":\"join\",\"room\":\"lobby\"}");
        return connection;
    }

    private void say(RecordingConnection connection, String text) {
        connection.send(text);
        lane.turnUntilIdle();
    }

    private List<String> lines() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
