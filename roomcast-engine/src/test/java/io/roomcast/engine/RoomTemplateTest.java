package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.protocol.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoomTemplateTest {

    @ParameterizedTest
    @CsvSource({
        "chat:*, chat:1, true",
        "chat:*, chat:, true",
        "chat:*, chat, false",
        "chat:*, xchat:1, false",
        "*, anything, true",
        "lobby, lobby, true",
        "lobby, lobby2, false",
        "*:staff, a:staff, true",
        "*:staff, a:staffs, false",
        "game:*:player:*, game:1:player:2, true",
        "game:*:player:*, game:1:2, false",
        "a*a, a, false",
        "a*a, aa, true",
        "a*b*c, abc, true",
        "a*bb*b, abbb, true",
        "a*bb*b, abb, false",
        "**, x, true",
        "[a-z], b, false",
        "a.c, abc, false"
    })
    void pattern_matchesTheWholeId(String pattern, String id, boolean matches) {
        assertThat(new RoomTemplate(pattern, SlowConsumer.DISCONNECT, Limits.defaults()).matches(id))
                .isEqualTo(matches);
    }

    @Test
    void events_areGatheredOnlyWhereThereIsATick_andOneThatIsMissingMatchesNothing() {
        RoomTemplate without = new RoomTemplate("*", SlowConsumer.DISCONNECT, Limits.defaults())
                .withTickEvents(List.of("move.*", "*"))
                .withLatestEvents(List.of("*"));
        RoomTemplate with = without.withTickMillis(RoomTemplate.MOST_TICK_MILLIS);
        assertThat(without.gathers("move.x")).isFalse();
        assertThat(with.gathers("move.x")).isTrue();
        assertThat(with.gathers(null)).isFalse();
        assertThat(with.isLatest(null)).isFalse();
        assertThat(with.withLatestEvents(List.of("cursor")).isLatest("cursor.x"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, RoomTemplate.MOST_TICK_MILLIS + 1, 3_600_000})
    void tickOutOfBounds_isRefused(int millis) {
        RoomTemplate template = new RoomTemplate("*", SlowConsumer.DISCONNECT, Limits.defaults());
        assertThatThrownBy(() -> template.withTickMillis(millis))
                .hasMessage("tickMillis is " + millis + ", but must be from 0 to 10000; 0 sends everything at once");
    }
}
