package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class MaskTest {
    @Test
    void apply_anyRangeCutAnywhere_isTheXorOfRfc6455() {
        Random random = new Random(3);
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            int key = random.nextInt();
            int from = random.nextInt(bytes.length + 1);
            int cut = from + random.nextInt(bytes.length - from + 1);
            byte[] expected = bytes.clone();
            for (int i = from; i < bytes.length; i++) {
                expected[i] ^= (byte) (key >>> (24 - 8 * ((i - from) % 4)));
            }
            Mask.apply(bytes, from, cut, key);
            Mask.apply(bytes, cut, bytes.length, Mask.after(key, cut - from));
            assertThat(bytes).isEqualTo(expected);
        }
    }
}
