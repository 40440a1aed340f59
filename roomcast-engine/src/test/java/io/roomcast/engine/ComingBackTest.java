package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.engine.spi.Clock;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Limit;
import io.roomcast.protocol.Limits;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Those who come back: what they missed, what they still are, and what the others see of it. */
final class ComingBackTest {
    private static final String JOIN = "{\"type\":\"join\",\"id\":1,\"room\":\"lobby\"";
    private static final String SESSION = "{\"type\":\"session\",\"id\":7";

    private final List<FakeLane> lanes = FakeLane.lanes(2);
    private final FakeClock clock = new FakeClock();
    private final Limits limits = Limits.defaults().with(Limit.HISTORY_MESSAGES, 5);
    private final Rooms rooms =
            new Rooms(RoomsConfig.defaults().withLimits(limits), lanes, Rooms.memoryBroker(clock, limits), clock, 1);

    private static final class FakeClock implements Clock {
        private long nanos = 1_000_000_000;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return nanos / 1_000_000;
        }

        void passes(Duration time) {
            nanos += time.toNanos();
        }
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    private FakeClient client(int lane) {
        return FakeClient.open(rooms, lanes.get(lane));
    }

    /** What this client is told when it has said this and all work is done. */
    private List<String> say(FakeClient client, String... messages) {
        client.news();
        client.say(messages);
        FakeLane.work(lanes);
        return client.news();
    }

    private void passes(Duration time) {
        clock.passes(time);
        lanes.forEach(FakeLane::timersPass);
        FakeLane.work(lanes);
        lanes.forEach(FakeLane::timersPass);
        FakeLane.work(lanes);
    }

    private void vanishes(FakeClient client, int code) {
        lanes.get(client.lane.index()).turn(() -> client.session().closed(code));
        FakeLane.work(lanes);
    }

    private void publish(int count) {
        for (int i = 1; i <= count; i++) {
            rooms.room("lobby").publish(Json.of("" + i));
            FakeLane.work(lanes);
        }
    }

    private static String field(String name, String frame) {
        Matcher found = Pattern.compile("\"" + name + "\":\"?([^\",}\\]]*)").matcher(frame);
        assertThat(found.find()).as(name + " in " + frame).isTrue();
        return found.group(1);
    }

    private static String resume(String epoch, long offset) {
        return JOIN + ",\"resume\":{\"epoch\":\"" + epoch + "\",\"offset\":" + offset + "}}";
    }

    @Test
    void resume_bringsExactlyWhatWasMissed() {
        FakeClient ana = client(1);
        String epoch = field("epoch", say(ana, JOIN + "}").get(0));
        publish(2);
        vanishes(ana, 1006);
        publish(3);

        String joined = say(client(0), resume(epoch, 2)).get(0);
        assertThat(joined)
                .contains("\"offset\":5,")
                .contains("\"resumed\":true,\"messages\":[{\"offset\":3,\"at\":1000,\"data\":1},")
                .endsWith("{\"offset\":5,\"at\":1000,\"data\":3}]}");
        assertThat(say(client(0), resume(epoch, 5)).get(0)).endsWith("\"resumed\":true,\"messages\":[]}");
        assertThat(say(client(0), resume(epoch, 0)).get(0)).endsWith("{\"offset\":5,\"at\":1000,\"data\":3}]}");
    }

    @Test
    void resume_thatCannotBe_saysWhy() {
        String epoch = field("epoch", say(client(1), JOIN + "}").get(0));
        publish(6);
        assertThat(say(client(0), resume(epoch, 0)).get(0)).endsWith("\"resumed\":false,\"reason\":\"trimmed\"}");
        assertThat(say(client(0), resume(epoch, 7)).get(0)).endsWith("\"resumed\":false,\"reason\":\"future\"}");
        assertThat(say(client(0), resume("x", 1)).get(0)).endsWith("\"resumed\":false,\"reason\":\"epoch\"}");
        assertThat(say(client(0), resume("x", 1).replace("\"resume\"", "\"history\":1,\"resume\""))
                        .get(0))
                .endsWith(
                        "\"resumed\":false,\"reason\":\"epoch\",\"messages\":[{\"offset\":6,\"at\":1000,\"data\":6}]}");
    }

    @Test
    void history_isReadBothWays() {
        FakeClient ana = client(1);
        say(ana, JOIN + "}");
        publish(4);
        String ask = "{\"type\":\"history\",\"id\":2,\"room\":\"lobby\"";
        assertThat(say(ana, ask + ",\"after\":1,\"limit\":2}").get(0))
                .contains("\"messages\":[{\"offset\":2,")
                .contains("{\"offset\":3,")
                .endsWith("],\"more\":true}");
        assertThat(say(ana, ask + ",\"before\":3,\"limit\":2}").get(0))
                .contains("\"messages\":[{\"offset\":1,")
                .contains("{\"offset\":2,")
                .endsWith("],\"more\":false}");
    }

    @Test
    void roomWithHistory_outlivesItsLastMember() {
        FakeClient ana = client(1);
        String epoch = field("epoch", say(ana, JOIN + "}").get(0));
        publish(1);
        vanishes(ana, 1006);
        assertThat(rooms.statistics().rooms()).isZero();
        assertThat(say(client(0), resume(epoch, 0)).get(0)).contains("\"resumed\":true");
    }

    @Test
    void roomWithHistory_isForgottenWhenItsTimeIsOver() {
        FakeClient ana = client(1);
        String epoch = field("epoch", say(ana, JOIN + "}").get(0));
        publish(1);
        vanishes(ana, 1006);
        passes(Duration.ofMinutes(5));
        assertThat(rooms.statistics().keptBytes()).isZero();
        assertThat(say(client(0), resume(epoch, 0)).get(0)).contains("\"reason\":\"epoch\"");
    }

    @Test
    void sessionBroughtBack_isTheSameMember_andNobodyNotices() {
        FakeClient watcher = client(0);
        say(watcher, JOIN + ",\"members\":true}");
        FakeClient ana = client(1);
        List<String> told = say(ana, SESSION + "}", JOIN + "}");
        String secret = field("session", told.get(0));
        String id = field("memberId", told.get(1));
        passes(Duration.ofMillis(50));
        watcher.news();

        vanishes(ana, 1006);
        passes(Duration.ofSeconds(14));
        FakeClient again = client(0);
        told = say(again, SESSION + ",\"session\":\"" + secret + "\"}", JOIN + ",\"members\":true}");
        assertThat(told.get(0))
                .isEqualTo("{\"type\":\"session\",\"id\":7,\"session\":\"" + secret
                        + "\",\"graceMs\":15000,\"restored\":true,\"rooms\":[\"lobby\"]}");
        assertThat(field("memberId", told.get(1))).isEqualTo(id);
        assertThat(told.get(1)).contains("\"count\":2,");
        passes(Duration.ofSeconds(16));
        assertThat(watcher.news()).isEmpty();
        assertThat(rooms.statistics().members()).isEqualTo(2);
        assertThat(rooms.statistics().absentMembers()).isZero();

        say(again, "{\"type\":\"leave\",\"room\":\"lobby\"}");
        passes(Duration.ofMillis(50));
        assertThat(watcher.news())
                .containsExactly("{\"type\":\"members\",\"room\":\"lobby\",\"left\":[\"" + id + "\"],\"count\":1}");
    }

    @Test
    void sessionThatIsNotBroughtBack_leavesOnce() {
        FakeClient watcher = client(0);
        say(watcher, JOIN + ",\"members\":true}");
        FakeClient ana = client(1);
        String secret = field("session", say(ana, SESSION + "}", JOIN + "}").get(0));
        passes(Duration.ofMillis(50));
        watcher.news();
        vanishes(ana, 1006);
        assertThat(rooms.statistics().absentMembers()).isEqualTo(1);
        passes(Duration.ofSeconds(15));
        passes(Duration.ofMillis(50));
        assertThat(watcher.news()).hasSize(1).allMatch(news -> news.contains("\"left\":["));
        assertThat(rooms.statistics().absentMembers()).isZero();
        assertThat(say(client(0), SESSION + ",\"session\":\"" + secret + "\"}").get(0))
                .contains("\"restored\":false,\"rooms\":[]")
                .doesNotContain(secret);
    }

    @Test
    void sessionOfAClosedConnection_endsAtOnce() {
        FakeClient ana = client(1);
        String secret = field("session", say(ana, SESSION + "}", JOIN + "}").get(0));
        vanishes(ana, 1000);
        assertThat(rooms.statistics().members()).isZero();
        assertThat(say(client(0), SESSION + ",\"session\":\"" + secret + "\"}").get(0))
                .contains("\"restored\":false");
    }

    @Test
    void sessionBroughtBackTwice_endsTheOlderConnection() {
        FakeClient ana = client(1);
        List<String> told = say(ana, SESSION + "}", JOIN + "}");
        String again = SESSION + ",\"session\":\"" + field("session", told.get(0)) + "\"}";
        FakeClient second = client(0);
        FakeClient third = client(1);
        second.say(again);
        third.say(again);
        FakeLane.work(lanes);
        assertThat(ana.closed).isEqualTo(CloseCode.CONNECTED_AGAIN);
        assertThat(List.of(second, third))
                .filteredOn(client -> client.closed == CloseCode.CONNECTED_AGAIN)
                .hasSize(1);
        FakeClient last = second.closed == null ? second : third;
        assertThat(last.news().get(1)).contains("\"restored\":true,\"rooms\":[\"lobby\"]");
        assertThat(field("memberId", say(last, JOIN + "}").get(0))).isEqualTo(field("memberId", told.get(1)));
    }

    @Test
    void keyOfAMessageToOneWhoHasGone_isAnsweredAsBefore() {
        FakeClient bob = client(0);
        String bobId = field("memberId", say(bob, JOIN + "}").get(0));
        FakeClient ana = client(1);
        String publish =
                "{\"type\":\"publish\",\"id\":3,\"room\":\"lobby\",\"data\":1,\"to\":\"" + bobId + "\",\"key\":";
        List<String> told = say(ana, JOIN + "}", publish + "\"k\"}");
        vanishes(bob, 1006);
        assertThat(say(ana, publish + "\"k\"}")).containsExactly(told.get(1));
        assertThat(say(ana, publish + "\"l\"}").get(0)).contains("not_member");
    }

    @Test
    void keyOfBeforeTheSession_isTheSessions() {
        FakeClient ana = client(1);
        String publish = "{\"type\":\"publish\",\"id\":3,\"room\":\"lobby\",\"data\":1,\"echo\":false,\"key\":\"k\"}";
        List<String> told = say(ana, JOIN + "}", publish, SESSION + "}");
        String secret = field("session", told.get(1));
        vanishes(ana, 1006);
        assertThat(say(client(0), SESSION + ",\"session\":\"" + secret + "\"}", JOIN + "}", publish, publish))
                .endsWith(
                        "{\"type\":\"published\",\"room\":\"lobby\",\"id\":3,\"offset\":1}",
                        "{\"type\":\"published\",\"room\":\"lobby\",\"id\":3,\"offset\":1}");
    }

    @Test
    void key_publishesOnce() {
        FakeClient watcher = client(0);
        say(watcher, JOIN + "}");
        FakeClient ana = client(1);
        String publish = "{\"type\":\"publish\",\"id\":3,\"room\":\"lobby\",\"data\":1,\"echo\":false,\"key\":\"k\"}";
        String secret =
                field("session", say(ana, SESSION + "}", JOIN + "}", publish).get(0));
        assertThat(watcher.news()).hasSize(1);
        vanishes(ana, 1006);
        FakeClient again = client(0);
        assertThat(say(again, SESSION + ",\"session\":\"" + secret + "\"}", JOIN + "}", publish)
                        .get(2))
                .isEqualTo("{\"type\":\"published\",\"room\":\"lobby\",\"id\":3,\"offset\":1}");
        assertThat(watcher.news()).isEmpty();
        say(client(0), JOIN + "}", publish);
        assertThat(watcher.news()).as("another owner's key is another key").hasSize(1);
    }
}
