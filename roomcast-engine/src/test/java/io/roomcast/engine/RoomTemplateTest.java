package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Limits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
