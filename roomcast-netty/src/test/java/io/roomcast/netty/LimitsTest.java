package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.SlowConsumer;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rates, templates and what a slow consumer loses, over real sockets. */
@SuppressWarnings("NullAway.Init") // each test starts its own
final class LimitsTest {
    private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+)");
    private static final Pattern GAP = Pattern.compile("\"type\":\"gap\".*\"after\":(\\d+),\"before\":(\\d+)");

    private RoomServer server;

    private int start(UnaryOperator<RoomServerBuilder> settings) {
        server = settings.apply(RoomServer.builder().port(0).lanes(2)).build().start();
        return server.port();
    }

    /** No rate refills while the test is at it. */
    private int startAtRest(Limits limits) {
        return start(settings -> settings.limits(limits).clock(new ClockAtRest()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void row31_publishesOverTheRate_areRefusedWithATime() {
        int port = startAtRest(Limits.defaults().with(Limit.PUBLISHES_PER_SECOND, 1));
        try (RawClient ana = RawClient.open(port)) {
            join(ana, "lobby");
            for (int i = 0; i < Limit.BURST_SECONDS; i++) {
                publish(ana, "lobby", "1");
                assertThat(ana.readText()).contains("\"type\":\"message\"");
            }
            ana.text("{\"type\":\"publish\",\"id\":9,\"room\":\"lobby\",\"data\":1}");
            assertThat(ana.readText())
                    .startsWith("{\"type\":\"error\",\"id\":9,\"request\":\"publish\",\"room\":\"lobby\","
                            + "\"code\":\"rate_limited\"")
                    .containsPattern("\"retryAfterMs\":[1-9]\\d*");
            ana.text("{\"type\":\"ping\",\"id\":10}");
            assertThat(ana.readText()).isEqualTo("{\"type\":\"pong\",\"id\":10}");
        }
    }

    @Test
    void joinsOverTheRate_areRefused() {
        int port = startAtRest(Limits.defaults().with(Limit.JOINS_PER_SECOND, 1));
        try (RawClient ana = RawClient.open(port)) {
            for (int i = 0; i < Limit.BURST_SECONDS; i++) {
                join(ana, "room" + i);
            }
            ana.text("{\"type\":\"leave\",\"room\":\"room0\"}");
            assertThat(ana.readText()).contains("\"request\":\"leave\"", "rate_limited");
        }
    }

    @Test
    void row31_refusalsWithoutEnd_endTheConnection() {
        int port = startAtRest(Limits.defaults().with(Limit.PUBLISHES_PER_SECOND, 1));
        try (RawClient flood = RawClient.open(port);
                RawClient bystander = RawClient.open(port)) {
            join(flood, "lobby");
            join(bystander, "lobby");
            for (int i = 0; i < 300; i++) {
                publish(flood, "lobby", "1");
            }
            assertThat(flood.readClose()).isEqualTo(4429);
            for (int i = 1; i <= Limit.BURST_SECONDS; i++) {
                assertThat(bystander.readText()).contains("\"offset\":" + i + ",");
            }
        }
    }

    @Test
    void row29_floodOfRooms_isRefusedAndEmptyOnesAreFreed() {
        int port = start(settings -> settings.limits(Limits.defaults().with(Limit.ROOMS, 5)));
        try (RawClient ana = RawClient.open(port)) {
            for (int i = 0; i < 5; i++) {
                join(ana, "room" + i);
            }
            for (int i = 5; i < 50; i++) {
                ana.text("{\"type\":\"join\",\"room\":\"room" + i + "\"}");
                assertThat(ana.readText()).contains("unavailable", "\"retryAfterMs\":");
            }
            assertThat(server.statistics().rooms()).isEqualTo(5);
            ana.text("{\"type\":\"leave\",\"room\":\"room0\"}");
            ana.readUntil("left");
            join(ana, "room5");
        }
    }

    @Test
    void off_liftsTheRate() {
        int port = start(settings -> settings.limits(
                Limits.defaults().with(Limit.PUBLISHES_PER_SECOND, Limit.OFF).with(Limit.BYTES_PER_SECOND, Limit.OFF)));
        try (RawClient ana = RawClient.open(port)) {
            join(ana, "lobby");
            for (int i = 1; i <= 5_000; i++) {
                publish(ana, "lobby", "1");
                assertThat(ana.readText()).contains("\"offset\":" + i + ",");
            }
        }
    }

    @Test
    void template_isStricterInItsRoomsOnly() {
        Limits small = Limits.defaults().with(Limit.MEMBERS_PER_ROOM, 1).with(Limit.DATA_BYTES, 10);
        int port = start(settings -> settings.templates(List.of(
                new RoomTemplate("tiny:*", SlowConsumer.DISCONNECT, small),
                new RoomTemplate("*", SlowConsumer.DISCONNECT, Limits.defaults()))));
        try (RawClient ana = RawClient.open(port);
                RawClient bob = RawClient.open(port)) {
            join(ana, "tiny:1");
            join(ana, "large");
            publish(ana, "tiny:1", "\"more than ten\"");
            assertThat(ana.readText()).contains("too_large", "dataBytes is 10");
            publish(ana, "large", "\"more than ten\"");
            assertThat(ana.readText()).contains("\"type\":\"message\"");
            bob.text("{\"type\":\"join\",\"room\":\"tiny:1\"}");
            assertThat(bob.readText()).contains("room_full");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void dropOldest_tellsEachHoleAndKeepsTheNewest(int lanes) {
        Limits limits = Limits.defaults()
                .with(Limit.OUTBOX_BYTES, 128 * 1024)
                .with(Limit.PUBLISHES_PER_SECOND, Limit.OFF)
                .with(Limit.BYTES_PER_SECOND, Limit.OFF);
        int port = start(settings -> settings.lanes(lanes)
                .limits(limits)
                .templates(List.of(new RoomTemplate("live:*", SlowConsumer.DROP_OLDEST, limits))));
        try (RawClient slow = RawClient.tcp(port, 4096).upgrade();
                RawClient writer = RawClient.open(port)) {
            join(slow, "live:1");
            join(writer, "live:1");
            String data = "\"" + "x".repeat(8_000) + "\"";
            int published = 2_000;
            for (int i = 1; i <= published; i++) {
                publish(writer, "live:1", data);
                assertThat(writer.readText()).contains("\"offset\":" + i + ",");
            }
            assertThat(server.statistics().connections()).isEqualTo(2);
            long last = 0;
            int gaps = 0;
            while (last < published) {
                String text = slow.readText();
                Matcher gap = GAP.matcher(text);
                if (gap.find()) {
                    assertThat(Long.parseLong(gap.group(1))).isEqualTo(last);
                    last = Long.parseLong(gap.group(2)) - 1;
                    gaps++;
                } else {
                    Matcher offset = OFFSET.matcher(text);
                    assertThat(offset.find()).as(text).isTrue();
                    assertThat(Long.parseLong(offset.group(1))).isEqualTo(last + 1);
                    last++;
                }
            }
            assertThat(gaps).isPositive();
        }
    }

    private static void join(RawClient client, String room) {
        client.text("{\"type\":\"join\",\"room\":\"" + room + "\"}");
        assertThat(client.readText()).startsWith("{\"type\":\"joined\",\"room\":\"" + room + "\"");
    }

    private static void publish(RawClient client, String room, String data) {
        client.text("{\"type\":\"publish\",\"room\":\"" + room + "\",\"data\":" + data + "}");
    }
}
