package io.roomcast.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class LimitsTest {
    @Test
    void value_changedInACopyOnly() {
        Limits changed = Limits.defaults().with(Limit.ROOMS, 10);
        assertThat(changed.get(Limit.ROOMS)).isEqualTo(10);
        assertThat(changed.get(Limit.DEPTH)).isEqualTo(32);
        assertThat(Limits.defaults().get(Limit.ROOMS)).isEqualTo(100_000);
    }

    @Test
    void value_atTheEndsOfItsRange() {
        for (Limit limit : Limit.values()) {
            assertThat(Limits.defaults().with(limit, limit.least()).get(limit)).isEqualTo(limit.least());
            assertThat(Limits.defaults().with(limit, limit.most()).get(limit)).isEqualTo(limit.most());
            if (!Limits.defaults().isOff(limit)) {
                assertThat(Limits.defaults().get(limit)).isBetween(limit.least(), limit.most());
            }
        }
    }

    @Test
    void off_liftsWhatDoesNotGuardMemory() {
        for (Limit limit : Limit.values()) {
            if (limit.mayBeOff()) {
                assertThat(Limits.defaults().with(limit, Limit.OFF).isOff(limit))
                        .isTrue();
            } else {
                assertThatThrownBy(() -> Limits.defaults().with(limit, Limit.OFF))
                        .hasMessageStartingWith("limits." + limit.key() + " is off, but must be from ");
            }
        }
    }

    @Test
    void value_outsideItsRange() {
        assertThatThrownBy(() -> Limits.defaults().with(Limit.DEPTH, 513))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("limits.depth is 513, but must be from 2 to 512");
        assertThatThrownBy(() -> Limits.defaults().with(Limit.DEPTH, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
