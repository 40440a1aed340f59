package io.roomcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 35, 36, 1_800_000_000_000_000L, Long.MAX_VALUE})
    void memberId_isReadBack(long number) {
        assertThat(Ids.memberNumber(Ids.member(number))).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "m",
                "m0",
                "m01",
                "c1",
                "M1",
                "m-1",
                "m+1",
                "mA",
                "m1 ",
                "m\u0661",
                "mzzzzzzzzzzzzz",
                "m11111111111111"
            })
    void otherText_isNoMemberId(String text) {
        assertThat(Ids.memberNumber(text)).isZero();
    }

    @Test
    void connectionId_isALetterAndANumber() {
        assertThat(Ids.connection(36)).isEqualTo("c10");
    }
}
