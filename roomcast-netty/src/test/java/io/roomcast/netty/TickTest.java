package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.SlowConsumer;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A room that gathers, and events of which the latest counts, over real sockets. */
final class TickTest {
    private static final Pattern DATA = Pattern.compile("\"data\":\\[(\\d+)");

    private static final Limits LIMITS = Limits.defaults()
            .with(Limit.OUTBOX_BYTES, 128 * 1024)
            .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
            .with(Limit.BYTES_PER_SECOND, Limit.OFF);

    private static RoomServer start(int lanes) {
        RoomTemplate game = new RoomTemplate("game", SlowConsumer.DISCONNECT, LIMITS)
                .withTickMillis(10)
                .withTickEvents(List.of("move"))
                .withLatestEvents(List.of("cursor"));
        return RoomServer.builder()
                .port(0)
                .lanes(lanes)
                .limits(LIMITS)
                .templates(List.of(game))
                .build()
                .start();
    }

    private static void publish(RawClient client, String event, int number, String filler, String more) {
        client.text("{\"type\":\"publish\",\"room\":\"game\",\"event\":\"" + event + "\",\"data\":[" + number + ",\""
                + filler + "\"]" + more + "}");
    }

    private static List<Integer> numbers(String frame) {
        return DATA.matcher(frame)
                .results()
                .map((MatchResult found) -> Integer.valueOf(found.group(1)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void everyMessageOfATick_comesOnce_inOrder_andInFewerFrames(int lanes) {
        int published = 3_000;
        try (RoomServer server = start(lanes);
                RawClient ana = RawClient.open(server.port());
                RawClient bob = RawClient.open(server.port())) {
            ana.join("game");
            bob.join("game");
            for (int i = 1; i <= published; i++) {
                publish(ana, "move", i, "", i % 2 == 0 ? ",\"echo\":false" : ",\"echo\":false,\"keep\":false");
            }
            List<Integer> read = new ArrayList<>();
            int frames = 0;
            while (read.size() < published) {
                String frame = bob.readText();
                assertThat(frame).startsWith("{\"type\":\"message");
                read.addAll(numbers(frame));
                frames++;
            }
            assertThat(read).isSorted().doesNotHaveDuplicates();
            assertThat(frames).isLessThan(published / 2);
            for (int i = 1; i <= published; i++) {
                String reply = ana.readText();
                assertThat(reply).startsWith("{\"type\":\"published\"");
                assertThat(reply.contains("\"offset\":" + i / 2 + "}")).isEqualTo(i % 2 == 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void memberThatDoesNotRead_getsTheLatest_andIsNotClosed(int lanes) {
        int published = 4_000;
        String filler = "x".repeat(1_000);
        try (RoomServer server = start(lanes);
                RawClient slow = RawClient.tcp(server.port(), 4096).upgrade();
                RawClient writer = RawClient.open(server.port())) {
            slow.join("game");
            writer.join("game");
            for (int i = 1; i <= published; i++) {
                publish(writer, "cursor", i, filler, ",\"keep\":false");
                assertThat(numbers(writer.readText())).containsExactly(i);
            }
            assertThat(server.statistics().connections()).isEqualTo(2);
            List<Integer> read = new ArrayList<>();
            while (read.isEmpty() || read.get(read.size() - 1) < published) {
                read.addAll(numbers(slow.readText()));
            }
            assertThat(read).isSorted().doesNotHaveDuplicates().hasSizeLessThan(published / 2);
        }
    }
}
