package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.Room;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One room with 10,000 members, some of whom stop reading in the middle of it. */
@Tag("load")
final class LargeFanOutTest {
    private static final String ROOM = "crowd";
    private static final int MEMBERS = 10_000;
    private static final int PAUSE = 10;
    private static final int STOP = PAUSE;
    private static final int BATCH = 5;
    private static final int MOST_MESSAGES = 100;
    private static final String TEXT = "x".repeat(4_000);

    /** The server's end is here, the members' in {@link Crowd}. */
    private static final class Members implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        Members(int port) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Crowd.class.getName(),
                            Integer.toString(port),
                            ROOM,
                            Integer.toString(MEMBERS),
                            Integer.toString(PAUSE))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = process.inputReader();
            await("joined");
        }

        /** Anything else that it says in between than how it gets on fails the test. */
        void await(String line) throws IOException {
            String said = out.readLine();
            while (!line.equals(said)) {
                assertThat(said).as("awaiting %s", line).matches("(READS|PAUSES|STOPS|cut) \\d+");
                said = out.readLine();
            }
        }

        void tell(char command) throws IOException {
            process.outputWriter().append(command).flush();
        }

        @Override
        public void close() {
            try {
                tell(Crowd.END);
                assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            } catch (IOException ended) {
                throw new UncheckedIOException(ended);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    /** The sockets' buffers are small, so that those who stand still are soon noticed. */
    private static Scene scene(Transport transport) {
        Limits limits = Scene.limits().with(Limit.OUTBOX_BYTES, 64 * 1024);
        return Scene.with(settings -> settings.transport(transport)
                .sendBufferBytes(8 * 1024)
                .limits(limits)
                .heartbeat(Duration.ofMinutes(5))
                .patience(Patience.defaults().withClose(Duration.ofMillis(200))));
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    @Timeout(60)
    void membersThatStopReadingInTheMiddleOfAMessage_areWaitedForOrCut_andTheOthersHearAll(Transport transport)
            throws IOException {
        assertThat(Descriptors.ofThisProcess().most())
                .as("descriptors (ulimit -n)")
                .isGreaterThan(MEMBERS);
        try (Scene scene = scene(transport);
                Members members = new Members(scene.port())) {
            long before = scene.sends(counts -> counts.notTaken);
            int published = 0;
            for (; published < 3 * BATCH; published += BATCH) {
                publish(scene, published);
                members.await("READS " + (published + BATCH));
            }
            assertThat(scene.sends(counts -> counts.notTaken) - before)
                    .as("sends that were not taken whole")
                    .isGreaterThanOrEqualTo(PAUSE + STOP);
            assertThat(slow(scene)).isZero();
            members.tell(Crowd.GO_ON);
            members.await("PAUSES " + published);
            for (; slow(scene) < STOP; published += BATCH) {
                assertThat(published).isLessThan(MOST_MESSAGES);
                publish(scene, published);
                members.await("READS " + (published + BATCH));
            }
            publish(scene, published);
            members.await("READS " + (published + BATCH));
            scene.awaitSockets(MEMBERS - STOP);
            members.tell(Crowd.LOOK);
            members.await("cut " + STOP);
            assertThat(slow(scene)).isEqualTo(STOP);
            assertThat(scene.server().room(ROOM).members().join()).hasSize(MEMBERS - STOP);
        }
    }

    private static long slow(Scene scene) {
        return scene.server().statistics().endings().getOrDefault(CloseCode.SLOW_CONSUMER.wireName(), 0L);
    }

    private static void publish(Scene scene, int from) {
        Room room = scene.server().room(ROOM);
        for (int i = from; i < from + BATCH; i++) {
            room.publish(Json.of("\"" + i + " " + TEXT + "\""));
        }
    }
}
