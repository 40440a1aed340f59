package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.engine.RoomTemplate;
import io.roomcast.engine.SlowConsumer;
import io.roomcast.protocol.Limit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplatesTest {
    @Test
    void none_are_there_by_default_or_where_the_list_is_empty() {
        assertThat(of()).isEmpty();
        assertThat(of("templates", "")).isEmpty();
    }

    @Test
    void entries_keep_their_order_and_what_they_leave_alone_is_the_servers() {
        List<RoomTemplate> templates = of(
                "limits.dataBytes", "1000",
                "templates[1].pattern", "b",
                "templates[1].slowConsumer", "dropOldest",
                "templates[0].pattern", "a:*",
                "templates[0].limits.membersPerRoom", "5");

        assertThat(templates).extracting(RoomTemplate::pattern).containsExactly("a:*", "b");
        assertThat(templates)
                .extracting(RoomTemplate::slowConsumer)
                .containsExactly(SlowConsumer.DISCONNECT, SlowConsumer.DROP_OLDEST);
        assertThat(templates)
                .extracting(template -> template.limits().get(Limit.MEMBERS_PER_ROOM))
                .containsExactly(5L, Limit.MEMBERS_PER_ROOM.defaultValue());
        assertThat(templates)
                .extracting(template -> template.limits().get(Limit.DATA_BYTES))
                .containsExactly(1000L, 1000L);
    }

    @Test
    void limit_can_be_as_strict_as_the_servers() {
        assertThat(of(
                        "limits.membersPerRoom",
                        "5",
                        "templates[0].pattern",
                        "a",
                        "templates[0].limits.membersPerRoom",
                        "5"))
                .hasSize(1);
        assertThat(of(
                        "limits.membersPerRoom", "off",
                        "templates[0].pattern", "a",
                        "templates[0].limits.membersPerRoom", "off"))
                .hasSize(1);
    }

    @Test
    void what_a_room_keeps_can_be_less_than_the_servers_but_not_more() {
        List<RoomTemplate> templates = of(
                "templates[0].pattern", "cursors:*",
                "templates[0].limits.historyMessages", "0",
                "templates[0].limits.historyBytes", "1024",
                "templates[0].limits.historyAgeMs", "1000",
                "templates[0].limits.resumeMessages", "1");

        assertThat(templates.get(0).limits().get(Limit.HISTORY_MESSAGES)).isZero();
        assertThat(templates.get(0).limits().get(Limit.HISTORY_AGE_MS)).isEqualTo(1_000);
        assertThatThrownBy(() -> of("templates[0].pattern", "a", "templates[0].limits.historyAgeMs", "300001"))
                .hasMessageContaining("must be at most the server's, which is 300000");
    }

    @Test
    void state_is_taken_without_a_tick_and_reserved_keys_unless_said_otherwise() {
        List<RoomTemplate> templates = of(
                "templates[0].pattern", "chat:*",
                "templates[1].pattern", "game:*",
                "templates[1].state", "false",
                "templates[1].reservedKeys", "round.*, score,sys.*.x",
                "templates[1].tickMs", "33",
                "templates[1].limits.stateKeys", "0",
                "templates[1].limits.stateBytes", "64");

        assertThat(templates).extracting(RoomTemplate::state).containsExactly(true, false);
        assertThat(templates).extracting(RoomTemplate::tickMillis).containsExactly(0, 33);
        assertThat(templates)
                .extracting(RoomTemplate::reservedKeys)
                .containsExactly(List.of(), List.of("round.*", "score", "sys.*.x"));
        assertThat(templates.get(1).limits().get(Limit.STATE_KEYS)).isZero();
        assertThat(templates.get(1).limits().get(Limit.STATE_BYTES)).isEqualTo(64);
        assertThat(of("templates[0].pattern", "a", "templates[0].reservedKeys", "")
                        .get(0)
                        .reservedKeys())
                .isEmpty();
        assertThatThrownBy(() -> of("templates[0].pattern", "a", "templates[0].limits.stateKeys", "1025"))
                .hasMessageContaining("must be at most the server's, which is 1024");
        assertThatThrownBy(() -> of("templates[0].pattern", "a", "templates[0].limits.stateValueBytes", "100"))
                .hasMessageContaining("is a setting of the whole server");
    }

    @Test
    void events_are_gathered_and_outdated_where_a_template_names_them() {
        List<RoomTemplate> templates = of(
                "templates[0].pattern", "chat:*",
                "templates[1].pattern", "game:*",
                "templates[1].tickMs", "33",
                "templates[1].tickEvents", "move.*, cursor",
                "templates[1].latestEvents", "cursor");

        assertThat(templates)
                .extracting(RoomTemplate::tickEvents)
                .containsExactly(List.of(), List.of("move.*", "cursor"));
        assertThat(templates).extracting(RoomTemplate::latestEvents).containsExactly(List.of(), List.of("cursor"));
    }

    @Test
    void events_for_a_tick_that_there_is_not_are_refused_and_one_of_zero_is_off() {
        assertThatThrownBy(() -> of("templates[0].pattern", "a", "templates[0].tickEvents", "move"))
                .hasMessage(
                        "templates[0].tickEvents is \"[move]\" (here), but there is no tickMs to gather them for: give"
                                + " that too, such as 33, or 0 to switch the tick off");
        RoomTemplate off = of(
                        "templates[0].pattern", "a",
                        "templates[0].tickMs", "0",
                        "templates[0].tickEvents", "move")
                .get(0);
        assertThat(off.tickMillis()).isZero();
        assertThat(of("templates[0].pattern", "a", "templates[0].tickMs", "10000")
                        .get(0)
                        .tickMillis())
                .isEqualTo(RoomTemplate.MOST_TICK_MILLIS);
    }

    @ParameterizedTest
    @CsvSource({"6", "off"})
    void limit_cannot_be_looser_than_the_servers(String value) {
        assertThatThrownBy(() -> of(
                        "templates[0].pattern", "a",
                        "templates[0].limits.membersPerRoom", value,
                        "limits.membersPerRoom", "5"))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessage("templates[0].limits.membersPerRoom is \"" + value + "\" (here), but must be at most the"
                        + " server's, which is 5: a template can only be stricter");
    }

    @Test
    void key_that_is_none_is_explained_with_the_nearest_and_one_of_the_server_as_such() {
        assertThatThrownBy(() -> of("templates[0].patern", "a"))
                .hasMessage("templates[0].patern (here) is no setting; did you mean templates[0].pattern?");
        assertThatThrownBy(() -> of("templates[3].memberPerRoom", "a"))
                .hasMessage("templates[3].memberPerRoom (here) is no setting;"
                        + " did you mean templates[3].limits.membersPerRoom?");
        assertThatThrownBy(() -> of("templates[0].limits.outboxBytes", "2000"))
                .hasMessage(
                        "templates[0].limits.outboxBytes (here) is a setting of the whole server; in a template there are pattern, slowConsumer,"
                                + " state, reservedKeys, tickMs, tickEvents, latestEvents,"
                                + " limits.dataBytes, limits.membersPerRoom, limits.membersListed, limits.memberBytes,"
                                + " limits.historyMessages,"
                                + " limits.historyBytes, limits.historyAgeMs, limits.resumeMessages,"
                                + " limits.stateKeys, limits.stateBytes");
    }

    @Test
    void key_that_is_like_none_is_explained_with_all_there_are() {
        assertThatThrownBy(() -> of("templates[0].colour", "red"))
                .hasMessage("templates[0].colour (here) is no setting; there are pattern, slowConsumer,"
                        + " state, reservedKeys, tickMs, tickEvents, latestEvents,"
                        + " limits.dataBytes, limits.membersPerRoom, limits.membersListed, limits.memberBytes,"
                        + " limits.historyMessages,"
                        + " limits.historyBytes, limits.historyAgeMs, limits.resumeMessages,"
                        + " limits.stateKeys, limits.stateBytes");
    }

    @ParameterizedTest
    @CsvSource({
        "slowConsumer, drop, disconnect or dropOldest: what happens to a member whose outbox is full",
        "limits.dataBytes, off, a whole number from 2 to 16777216: ",
        "pattern, '', 1 to 1024 characters: ",
        "state, maybe, true or false: whether who joins takes the room's state",
        "tickMs, -1, a whole number from 0 to 10000: changes of the state, and messages of tickEvents, are gathered for so long",
        "tickMs, 10001, a whole number from 0 to 10000: ",
        "tickMs, 3600000, a whole number from 0 to 10000: ",
        "tickMs, off, a whole number from 0 to 10000: ",
        "reservedKeys, 'a,,b', 'a list of at most 100 patterns of 1 to 1024 characters, without commas: '",
        "tickEvents, 'move,', 'a list of at most 100 patterns of 1 to 1024 characters, without commas: the events '",
        "latestEvents, ',', 'a list of at most 100 patterns of 1 to 1024 characters, without commas: the events '",
        "limits.stateBytes, 63, a whole number from 64 to 1073741824: ",
    })
    void wrong_value_is_explained(String key, String value, String range) {
        assertThatThrownBy(() -> of("templates[0]." + key, value))
                .hasMessageStartingWith("templates[0]." + key + " is \"" + value + "\" (here), but must be " + range);
    }

    @Test
    void entry_without_a_pattern_is_refused() {
        assertThatThrownBy(() -> of("templates[0].pattern", "a", "templates[1].slowConsumer", "dropOldest"))
                .hasMessageStartingWith("templates[1] (here) has no pattern: ");
    }

    @ParameterizedTest
    @CsvSource({"templates, chat", "templates.pattern, chat", "templates[x].pattern, chat"})
    void what_is_no_list_of_maps_is_refused(String key, String value) {
        assertThatThrownBy(() -> of(key, value))
                .hasMessage(key + " (here): templates must be a list in the configuration file (--config),"
                        + " of entries such as '- pattern: chat:*'");
    }

    private static List<RoomTemplate> of(String... keysAndValues) {
        List<Given> given = new ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.add(new Given(keysAndValues[i], keysAndValues[i + 1], "here"));
        }
        return Configuration.of(given).templates();
    }
}
