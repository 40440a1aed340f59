package io.roomcast.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.client.GapEvent;
import io.roomcast.client.Member;
import io.roomcast.client.MembersEvent;
import io.roomcast.client.Message;
import io.roomcast.client.ResumedEvent;
import io.roomcast.client.StateChange;
import io.roomcast.client.StateEvent;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.VersionedValue;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Instant NOW = Instant.parse("2026-11-26T14:02:11Z");
    private static final String ATTACK = "\033[2J\r\n\u009B31m\u202E";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream notices = new ByteArrayOutputStream();
    private final TextReport text = new TextReport(
            new Output(out, false, false), new Output(notices, false, false), Clock.fixed(NOW, ZoneOffset.UTC), true);
    private final JsonReport json = new JsonReport("lobby", new Output(out, false, false));

    private String out() {
        String all = out.toString(UTF_8);
        out.reset();
        return all;
    }

    private static Member member(String id, @Nullable String user, @Nullable String json) {
        return new Member(id, user, json == null ? null : Json.of(json));
    }

    private static Message message(@Nullable String from, String data) {
        return new Message(Json.of(data), NOW, false, 58L, from, null, null, null);
    }

    // ---- For people

    @Test
    void message_names_its_sender() {
        text.members(new MembersEvent(
                List.of(member("m1", null, "{\"name\":\"Ann\"}"), member("m2", "bob", "{\"name\":\"Ann\"}")),
                List.of(),
                List.of(),
                3));
        out();
        text.message(message("m1", "\"Hello\""));
        text.message(message("m2", "{\"text\":\"Hi\",\"hue\":1}"));
        text.message(message("m3", "[1, 2]"));
        text.message(message(null, "\"Noon\""));
        text.message(new Message(Json.of("1"), NOW, false, 9L, "m4", "kim", "move", null));
        assertThat(out()).isEqualTo("""
                14:02:11 Ann: Hello
                14:02:11 bob: Hi
                14:02:11 m3: [1,2]
                14:02:11 (server): Noon
                14:02:11 kim [move]: 1
                """);
    }

    @Test
    void message_for_one_says_so() {
        text.message(new Message(Json.of("\"a\""), NOW, false, null, "m1", null, null, "m2"));
        text.message(new Message(Json.of("\"b\""), NOW, true, null, "m2", null, null, "m1"));
        assertThat(out()).isEqualTo("14:02:11 m1 to you alone: a\n14:02:11 m2 to m1 alone: b\n");
    }

    @Test
    void message_of_another_day_has_its_date() {
        text.message(new Message(Json.of("1"), NOW.minusSeconds(86_400), false, 1L, "m1", null, null, null));
        assertThat(out()).isEqualTo("2026-11-25 14:02:11 m1: 1\n");
    }

    @Test
    void two_of_one_name_are_told_apart() {
        List<Member> both = List.of(member("m1", null, "{\"name\":\"Ann\"}"), member("m2", null, "{\"name\":\"Ann\"}"));
        text.members(new MembersEvent(both, List.of(), List.of(), 3));
        out();
        text.message(message("m2", "1"));
        text.members(new MembersEvent(List.of(), List.of("m1"), List.of(), 2));
        text.message(message("m2", "2"));
        assertThat(out()).isEqualTo("""
                14:02:11 Ann (m2): 1
                14:02:11 - Ann (m1) has left; 2 in all
                14:02:11 Ann: 2
                """);
    }

    @Test
    void many_who_come_at_once_are_one_line() {
        List<Member> many = IntStream.range(1, 38)
                .mapToObj(i -> member("m" + i, null, null))
                .toList();
        text.members(new MembersEvent(many, List.of(), List.of(), 38));
        text.members(new MembersEvent(List.of(), List.of(), List.of(), 2_001));
        assertThat(out()).isEqualTo("""
                14:02:11 + m1, m2, m3, m4, m5 and 32 more are here; 38 in all
                14:02:11 * 2000 others are here.
                """);
    }

    @Test
    void missing_messages_are_named() {
        text.gap(new GapEvent(57, 60, "slow_consumer"));
        text.gap(new GapEvent(57, 59, "too_many"));
        text.gap(new GapEvent(57, 1, "epoch"));
        assertThat(out()).isEqualTo("""
                14:02:11 ~ Messages 58 to 59 are missing here: this reads too slowly
                14:02:11 ~ Message 58 is missing here: more than the server keeps
                14:02:11 ~ Messages are missing here: the room has begun anew since
                """);
        assertThat(notices.toString(UTF_8)).isEqualTo("Back in the room.\nBack in the room.\n");
        notices.reset();
        text.resumed(new ResumedEvent(2, true));
        assertThat(notices.toString(UTF_8))
                .isEqualTo("Back in the room; the 2 messages above were missed meanwhile.\n");
    }

    @Test
    void state_is_in_columns_and_changes_are_lines() {
        Map<String, VersionedValue> values = new LinkedHashMap<>();
        values.put("topic", new VersionedValue(12, Json.of("\"Tea\"")));
        values.put("score", new VersionedValue(9, Json.of("3")));
        text.state(values, 12);
        text.state(new StateEvent(
                List.of(new StateChange("topic", Json.of("\"Coffee\""), 13), new StateChange("score", null, 13)),
                13,
                "m1"));
        assertThat(out()).isEqualTo("""
                topic  12  "Tea"
                score   9  3
                14:02:11 topic = "Coffee" at version 13 (m1)
                14:02:11 score is deleted at version 13 (m1)
                """);
    }

    @Test
    void nothing_that_others_write_is_obeyed_by_a_terminal() {
        String attack = PlainText.jsonString(ATTACK);
        List<Member> member = List.of(
                member("id" + ATTACK, "user" + ATTACK, "{\"name\":" + attack + "}"),
                member("m2", null, "{\"name\":" + attack + ",\"" + "\u009B" + "\":1}"));
        for (Report report : List.of(text, json)) {
            report.members(new MembersEvent(member, List.of(ATTACK), member, 3));
            report.list(member);
            report.message(new Message(Json.of(attack), NOW, false, 1L, ATTACK, ATTACK, ATTACK, ATTACK));
            report.message(new Message(Json.of("{\"\u009B\" :\r\n1}"), NOW, true, 1L, "m2", ATTACK, ATTACK, ATTACK));
            report.state(new StateEvent(
                    List.of(new StateChange(ATTACK, Json.of(attack), 1), new StateChange(ATTACK, null, 1)), 1, ATTACK));
            report.state(Map.of(ATTACK, new VersionedValue(1, Json.of(attack))), 1);
            report.gap(new GapEvent(1, 5, ATTACK));
        }
        String shown = out();
        assertThat(shown + notices.toString(UTF_8)).doesNotContain("\033", "\r", "\u009B", "\u202E");
        assertThat(shown.lines().filter(line -> !line.startsWith("{")))
                .allMatch(line -> line.startsWith("14:02:11 ") || line.contains("1b"));
    }

    // ---- For programs

    @Test
    void json_has_a_line_for_each_event() {
        json.message(new Message(Json.of("{\"a\": 1}"), NOW, true, 58L, "m1", "ann", "chat", null));
        json.message(new Message(Json.of("null"), NOW, false, null, null, null, null, "m2"));
        json.members(new MembersEvent(List.of(member("m2", "bob", "{\"x\": 1}")), List.of("m3"), List.of(), 4));
        json.list(List.of(member("m2", null, null)));
        json.state(new StateEvent(
                List.of(new StateChange("a", Json.of("1"), 13), new StateChange("b", null, 13)), 13, "m1"));
        json.resumed(new ResumedEvent(2, false));
        json.gap(new GapEvent(57, 60, "too_many"));
        json.published(3, 58L);
        json.published(4, null);
        assertThat(out()).isEqualTo("""
                {"type":"message","room":"lobby","offset":58,"at":1795701731000,"from":"m1","user":"ann","event":"chat","mine":true,"data":{"a":1}}
                {"type":"message","room":"lobby","at":1795701731000,"to":"m2","mine":false,"data":null}
                {"type":"members","room":"lobby","joined":[{"id":"m2","user":"bob","member":{"x":1}}],"left":["m3"],"changed":[],"count":4}
                {"type":"members","room":"lobby","members":[{"id":"m2"}],"count":1}
                {"type":"state","room":"lobby","version":13,"from":"m1","set":{"a":1},"versions":{"a":13},"delete":["b"]}
                {"type":"resumed","room":"lobby","messages":2,"restored":false}
                {"type":"gap","room":"lobby","after":57,"before":60,"reason":"too_many"}
                {"type":"published","room":"lobby","line":3,"offset":58}
                {"type":"published","room":"lobby","line":4}
                """);
    }

    // ---- Output

    @Test
    void line_that_somebody_types_on_is_cleared_first() {
        new Output(out, true, false).line("Hello");
        assertThat(out()).isEqualTo("\r\033[KHello\n");
    }
}
