package io.roomcast.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.roomcast.protocol.JsonWriter;
import io.roomcast.protocol.MessageEncoder;
import io.roomcast.protocol.RequestId;
import io.roomcast.protocol.ServerMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunTest {
    private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

    private final Run run = new Run();

    private static EncodedFrame frame(int length) {
        JsonWriter json = new JsonWriter();
        int rest = length - ok(json, "").length();
        return EncodedFrame.text(ALLOCATOR, ok(json, "r".repeat(rest)));
    }

    private static JsonWriter ok(JsonWriter json, String room) {
        json.clear();
        MessageEncoder.encode(new ServerMessage.Ok(RequestId.NONE, room), json);
        return json;
    }

    @ParameterizedTest
    @CsvSource({"125, 817d", "126, 817e007e", "65535, 817effff", "65536, 817f0000000000010000"})
    void frame_saysItsLengthInItsShortestForm(int length, String header) {
        EncodedFrame frame = frame(length);
        assertThat(ByteBufUtil.hexDump(frame.bytes(), 0, header.length() / 2)).isEqualTo(header);
        assertThat(frame.length()).isEqualTo(header.length() / 2 + length);
        assertThat(frame.bytes().toString(header.length() / 2, length, US_ASCII))
                .endsWith("rr\"}");
        frame.release();
    }

    @Test
    void joinedRun_isAllFramesInOrder_andCleared_givesThemBack() {
        EncodedFrame first = frame(100);
        EncodedFrame second = frame(200);
        run.add(first);
        run.add(second);
        assertThat(run.bytes()).isEqualTo(first.length() + second.length());
        ByteBuf joined = run.joined(ALLOCATOR);
        assertThat(ByteBufUtil.hexDump(joined))
                .isEqualTo(ByteBufUtil.hexDump(first.bytes()) + ByteBufUtil.hexDump(second.bytes()));
        joined.release();
        run.clear();
        assertThat(run.isEmpty()).isTrue();
        assertThat(run.bytes()).isZero();
        assertThat(first.bytes().refCnt()).isZero();
        assertThat(second.bytes().refCnt()).isZero();
    }

    @Test
    void singleFrame_isJoinedWithoutACopy() {
        EncodedFrame only = frame(100);
        run.add(only);
        ByteBuf joined = run.joined(ALLOCATOR);
        assertThat(joined).isSameAs(only.bytes());
        joined.release();
        run.clear();
        assertThat(only.bytes().refCnt()).isZero();
    }

    @Test
    void framesOfAnotherRun_areSharedByReference() {
        Run other = new Run();
        for (int i = 0; i < 100; i++) {
            other.add(frame(100 + i));
        }
        run.addFrom(other, 98, 100);
        other.clear();
        assertThat(run.size()).isEqualTo(2);
        assertThat(run.bytes()).isEqualTo(2 + 2 + 2 + 2 + 198 + 199);
        run.clear();
    }
}
