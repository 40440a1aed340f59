package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class PeerFrameTest {
    private static String unmasked(ByteBuffer frame, int length) {
        int head = (frame.get(1) & 0x7F) < 126 ? 2 : 4;
        byte[] payload = new byte[length - head - 4];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (frame.get(head + 4 + i) ^ frame.get(head + (i & 3)));
        }
        return new String(payload, UTF_8);
    }

    @Test
    void publish_carriesItsStamp_whateverItsLength() {
        for (int dataBytes : new int[] {19, 40, 64, 128, 500}) {
            PeerFrame.Stamped publish = new PeerFrame.Stamped("{\"data\":", PeerFrame.data(dataBytes), "}");
            ByteBuffer out = ByteBuffer.allocate(1_000);
            int length = publish.put(out, 0x0123_4567_89ab_cdefL);
            String text = unmasked(out, length);
            assertThat(text)
                    .startsWith("{\"data\":\"~0123456789abcdef")
                    .endsWith("\"}")
                    .hasSize(dataBytes + 9);
            byte[] bytes = text.getBytes(UTF_8);
            assertThat(PeerFrame.stamp(ByteBuffer.wrap(bytes), 0, bytes.length)).isEqualTo(0x0123_4567_89ab_cdefL);
        }
    }

    @Test
    void stamp_thatIsNotAllThere_isNone() {
        byte[] bytes = "{\"data\":\"~0123456789abcde".getBytes(UTF_8);
        assertThat(PeerFrame.stamp(ByteBuffer.wrap(bytes), 0, bytes.length)).isEqualTo(-1);
    }
}
