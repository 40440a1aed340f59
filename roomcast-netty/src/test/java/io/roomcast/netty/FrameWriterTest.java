package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.roomcast.protocol.CloseCode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FrameWriterTest {
    private final ByteBuf out = Unpooled.buffer();

    @Test
    void ping_isEmpty() {
        FrameWriter.ping(out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("8900");
    }

    @Test
    void pong_carriesThePayloadOfThePing() {
        FrameWriter.pong(out, new byte[] {1, 2, 3});
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("8a03010203");
    }

    @Test
    void pong_over125Bytes_isRefused() {
        assertThatThrownBy(() -> FrameWriter.pong(out, new byte[126])).isInstanceOf(IllegalArgumentException.class);
        assertThat(out.isReadable()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(CloseCode.class)
    void close_carriesTheNumberAndTheName(CloseCode code) {
        FrameWriter.close(out, code);
        assertThat(out.readUnsignedByte()).isEqualTo((short) 0x88);
        assertThat(out.readUnsignedByte())
                .isEqualTo((short) (2 + code.wireName().length()));
        assertThat(out.readUnsignedShort()).isEqualTo(code.number());
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(code.wireName());
    }

    @Test
    void close_withoutACode_isEmpty() {
        FrameWriter.close(out, FrameReader.NO_CODE, "not written");
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("8800");
    }

    @Test
    void close_withALongReason_isCutBetweenTwoCodePoints() {
        for (int shift = 0; shift < 4; shift++) {
            out.clear();
            FrameWriter.close(out, 4000, "x".repeat(shift) + "😀".repeat(40));
            assertThat(out.readUnsignedShort()).isEqualTo(0x8800 | out.readableBytes());
            assertThat(out.readableBytes()).isLessThanOrEqualTo(125);
            assertThat(out.readUnsignedShort()).isEqualTo(4000);
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .isEqualTo("x".repeat(shift) + "😀".repeat((FrameWriter.REASON_BYTES - shift) / 4));
        }
    }

    @Test
    void close_withAReasonOf123Bytes_isWhole() {
        FrameWriter.close(out, 4000, "x".repeat(123));
        assertThat(out.readableBytes()).isEqualTo(127);
        assertThat(out.getUnsignedByte(1)).isEqualTo((short) 125);
    }
}
