package io.roomcast.testkit.conformance;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.SlowConsumer;
import io.roomcast.netty.RoomServer;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The real server, held to every conversation. */
@Tag("conformance")
class RoomServerConformanceTest {
    /** Small enough that no conversation is left out. */
    private static final Limits LIMITS = Limits.defaults()
            .with(Limit.MEMBERS_PER_ROOM, 40)
            .with(Limit.MEMBERS_LISTED, 28)
            .with(Limit.ROOMS_PER_CONNECTION, 30)
            .with(Limit.HISTORY_MESSAGES, 50)
            .with(Limit.HISTORY_BYTES, 20_000)
            .with(Limit.RESUME_MESSAGES, 300)
            .with(Limit.STATE_KEYS, 50);

    /** As README.md beside the conversations has them. */
    private static final List<RoomTemplate> SET_UP = List.of(
            new RoomTemplate("conformance:tick:*", SlowConsumer.DISCONNECT, LIMITS)
                    .withTickMillis(10_000)
                    .withTickEvents(List.of("move*", "cursor"))
                    .withLatestEvents(List.of("cursor")),
            new RoomTemplate("conformance:quick:*", SlowConsumer.DISCONNECT, LIMITS)
                    .withTickMillis(50)
                    .withTickEvents(List.of("move*")));

    /** Long enough for a conversation to come back in, short enough to wait for its end. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    @TestFactory
    Stream<DynamicNode> conversations_onSoManyLanes_pass() {
        return Stream.of(1, 2, 4)
                .map(lanes -> dynamicContainer(
                        lanes + (lanes == 1 ? " lane" : " lanes"),
                        run(lanes).stream()
                                .map(result -> dynamicTest(result.conversation().toString(), result::orThrow))));
    }

    private static List<ConversationResult> run(int lanes) {
        try (RoomServer server = RoomServer.builder()
                .host("127.0.0.1")
                .port(0)
                .lanes(lanes)
                .limits(LIMITS)
                .grace(GRACE)
                .templates(SET_UP)
                .build()
                .start()) {
            return Conformance.load().roomsSetUp().atOnce(6).run(URI.create("ws://127.0.0.1:" + server.port() + "/ws"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
