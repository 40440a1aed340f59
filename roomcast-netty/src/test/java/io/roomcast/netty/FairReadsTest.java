package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Endpoint;
import io.roomcast.protocol.CloseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a lane reads in a turn, and who is next, when all of its connections always have more. */
final class FairReadsTest {
    private static final int FLOODS = 40;
    private static final int ROUNDS = 25;

    /** What is sent at a time; eight of these are a turn, and all are five. */
    private static final int BYTES = 16 * 1024;

    private static final int MOST_OF_A_TURN = 128 * 1024;

    /** When the next message of a flood is in its socket, after its last was heard. */
    private enum Next {
        AT_ONCE,
        AT_THE_END_OF_THE_TURN
    }

    /** In the lane only. */
    private static final class Floods {
        final Next next;
        final List<RawClient> clients = new ArrayList<>();
        final int[] heard = new int[FLOODS];
        final CountDownLatch done = new CountDownLatch(1);

        /** The furthest that one has been ahead of another. */
        int mostAhead;

        int thisTurn;
        int mostInATurn;
        private int sum;

        Floods(Next next) {
            this.next = next;
        }

        void heard(LoopLane lane, byte[] utf8, int offset) {
            int who = Integer.parseInt(new String(utf8, offset, 5, UTF_8));
            heard[who]++;
            int fewest = FLOODS * ROUNDS;
            for (int each : heard) {
                fewest = Math.min(fewest, each);
            }
            mostAhead = Math.max(mostAhead, heard[who] - fewest);
            if (thisTurn == 0) {
                lane.atEndOfTurn(() -> thisTurn = 0);
            }
            thisTurn += BYTES;
            mostInATurn = Math.max(mostInATurn, thisTurn);
            if (++sum >= FLOODS * ROUNDS) {
                done.countDown();
            } else if (next == Next.AT_ONCE) {
                send(who);
            } else {
                lane.atEndOfTurn(() -> send(who));
            }
        }

        void send(int who) {
            byte[] payload = ("%05d".formatted(who) + "x".repeat(BYTES - 5)).getBytes(UTF_8);
            clients.get(who)
                    .sendRegardless(RawClient.frame(RawClient.TEXT, payload)); // behind the last they are closed
        }
    }

    private record Ear(LoopLane lane, Floods floods) implements Endpoint {
        @Override
        public void text(byte[] utf8, int offset, int length) {
            floods.heard(lane, utf8, offset);
        }

        @Override
        public void heard() {}

        @Override
        public void blocked() {}

        @Override
        public void ready() {}

        @Override
        public void closed(int code) {}

        @Override
        public void broken(CloseCode code) {}
    }

    /** If who has more at once were read before those who wait, the first eight would be all that is ever read. */
    @ParameterizedTest
    @CsvSource({
        "IO_URING, AT_ONCE",
        "IO_URING, AT_THE_END_OF_THE_TURN",
        "EPOLL, AT_ONCE",
        "EPOLL, AT_THE_END_OF_THE_TURN"
    })
    @Timeout(30)
    void floodsThatAlwaysHaveMore_areReadInTurns_andNobodyOvertakesThoseWhoWait(Transport transport, Next next)
            throws Exception {
        Floods floods = new Floods(next);
        try (RoomServer server = RoomServer.builder()
                .port(0)
                .lanes(1)
                .transport(transport)
                .endpoints((lane, connection, handshake) -> new Ear((LoopLane) lane, floods))
                .build()
                .start()) {
            for (int i = 0; i < FLOODS; i++) {
                RawClient client = RawClient.tcp(server.port());
                client.send(RawClient.UPGRADE);
                assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
                floods.clients.add(client);
            }
            // In one task, so that all of it is there when the lane reads next.
            server.lanes()
                    .all()
                    .get(0)
                    .loop()
                    .submit(() -> {
                        for (int i = 0; i < FLOODS; i++) {
                            floods.send(i);
                        }
                    })
                    .get();
            assertThat(floods.done.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(floods.mostAhead).as("how far one was ahead of another").isBetween(1, 2);
            assertThat(floods.mostInATurn)
                    .as("bytes of one turn")
                    .isGreaterThan(MOST_OF_A_TURN / 2)
                    .isLessThan(MOST_OF_A_TURN + BYTES);
            floods.clients.forEach(RawClient::close);
        }
    }
}
