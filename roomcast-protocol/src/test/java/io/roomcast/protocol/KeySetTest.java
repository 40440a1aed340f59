package io.roomcast.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KeySetTest {
    private final KeySet keys = new KeySet(256);

    @Test
    void key_foundAgain() {
        assertThat(keys.add("a")).isTrue();
        assertThat(keys.add("b")).isTrue();
        assertThat(keys.add("a")).isFalse();
        keys.clear();
        assertThat(keys.add("a")).isTrue();
    }

    @Test
    void keysBeyondCapacity_neverFillTheTable() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(keys.add("key" + i)).isTrue();
        }
        assertThat(keys.add("key255")).isFalse();
    }

    /** Keys that all have the same {@code String.hashCode()} must cost no more looks than others. */
    @Test
    void collidingKeys_fewLooks() {
        for (int i = 0; i < 256; i++) {
            assertThat(keys.add(colliding(i))).isTrue();
        }
        assertThat(keys.looks()).isLessThan(256 * 4);
    }

    private static String colliding(int number) {
        StringBuilder key = new StringBuilder();
        for (int bit = 0; bit < 8; bit++) {
            key.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        assertThat(key.toString().hashCode()).isEqualTo("AaAaAaAaAaAaAaAa".hashCode());
        return key.toString();
    }
}
