package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.roomcast.protocol.CloseCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames as hex; the key is 00000000 where masking is not the subject. What a test does not expect fails it. */
final class FrameReaderTest {
    private static final int FRAME_BYTES = 1_000;
    private static final String HELLO = "818537fa213d7f9f4d5158"; // the masked "Hello" of RFC 6455, section 5.7

    private final Recorder recorder = new Recorder();
    private final FrameReader reader = new FrameReader(FRAME_BYTES, recorder);
    private final byte[] scratch = new byte[256];

    @AfterEach
    void nothingElseWasRead() {
        assertThat(recorder.log).isEmpty();
    }

    // ---- whole messages ----

    @Test
    void textFrame_whole_isUnmasked() {
        read(HELLO);
        expect("text Hello");
    }

    @Test
    void textFrame_empty_isAMessage() {
        read("818012345678");
        expect("text ");
    }

    @Test
    void textFrame_inTheScratchArray_keepsNoBuffer() {
        read(HELLO);
        expect("text Hello");
        assertThat(recorder.lastArray).isSameAs(scratch);
    }

    @Test
    void textFrame_biggerThanTheScratchArray_isStillRead() {
        String text = "é".repeat(400);
        read(frame(0x81, text));
        expect("text " + text);
    }

    @Test
    void textFrame_ofExactlyTheLimit_isRead() {
        String text = "x".repeat(FRAME_BYTES);
        read(frame(0x81, text));
        expect("text " + text);
    }

    @Test
    void textFrame_withTheLongLength_isRead() {
        Recorder big = new Recorder();
        String text = "x".repeat(70_000);
        ByteBuf in = Unpooled.wrappedBuffer(frame(0x81, text));
        new FrameReader(1 << 20, big).read(in, scratch, 0);
        assertThat(in.isReadable()).isFalse();
        assertThat(big.log).containsExactly("text " + text);
    }

    @Test
    void textFrame_ofAnyLength_isUnmaskedAtEverySplit() {
        for (int length = 0; length <= 40; length++) {
            String text = "0123456789abcdefghijklmnopqrstuvwxyzABCD".substring(0, length);
            everySplit(hex(frame(0x81, text)), "text " + text);
        }
    }

    @Test
    void directBuffer_isReadLikeAHeapBuffer() {
        ByteBuf in = ByteBufAllocator.DEFAULT
                .directBuffer()
                .writeBytes(HexFormat.of().parseHex(HELLO));
        try {
            reader.read(in, scratch, 0);
        } finally {
            in.release();
        }
        expect("text Hello");
    }

    @Test
    void fragments_withControlFramesBetween_areOneMessage() {
        everySplit(
                "0182000000004865" // "He"
                        + "898100000000aa" // ping
                        + "0080000000008a8000000000" // empty fragment, pong
                        + "0082000000006c6c"
                        + "8081000000006f",
                "ping aa",
                "pong",
                "text Hello");
    }

    @Test
    void fragments_firstOnesEmpty_areOneMessage() {
        everySplit("01800000000000800000000080850000000048656c6c6f", "text Hello");
    }

    @Test
    void fragments_allEmpty_areAnEmptyMessage() {
        everySplit("018000000000808000000000", "text ");
    }

    @Test
    void messages_oneAfterTheOther_areReadInOrder() {
        everySplit(
                HELLO + "818100000000618980000000008181000000006288820000000003e8",
                "text Hello",
                "text a",
                "ping ",
                "text b",
                "close 1000 ");
    }

    @Test
    void codePoint_cutByFragments_isValid() {
        everySplit(
                "0181000000" + "00f0" + "008100000000" + "9f" + "008100000000" + "98" + "808100000000" + "80",
                "text 😀");
    }

    @Test
    void randomConversation_cutAnywhere_isReadTheSame() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            List<String> expected = new ArrayList<>();
            for (int message = 0; message < 8; message++) {
                String text = "ab€😀".repeat(random.nextInt(30));
                sendInFragments(text, random, sent, expected);
            }
            Recorder got = new Recorder();
            FrameReader cut = new FrameReader(FRAME_BYTES, got);
            ByteBuf all = Unpooled.wrappedBuffer(sent.toByteArray());
            while (all.isReadable()) {
                cut.read(all.readSlice(1 + random.nextInt(Math.min(40, all.readableBytes()))), scratch, 0);
            }
            assertThat(got.log).as("round %d", round).isEqualTo(expected);
        }
    }

    // ---- header rules: 1002, on the byte that breaks them ----

    @ParameterizedTest
    @CsvSource({
        "c1, reserved bit", // RSV1 on text
        "a1, reserved bit", // RSV2
        "91, reserved bit", // RSV3
        "c0, reserved bit", // on a continuation
        "c9, reserved bit", // on a ping
        "f8, reserved bit",
        "83, reserved opcode",
        "84, reserved opcode",
        "85, reserved opcode",
        "86, reserved opcode",
        "87, reserved opcode",
        "8b, reserved opcode",
        "8c, reserved opcode",
        "8d, reserved opcode",
        "8e, reserved opcode",
        "8f, reserved opcode",
        "0b, reserved opcode",
        "08, control frame in fragments",
        "09, control frame in fragments",
        "0a, control frame in fragments",
        "80, continuation of nothing",
        "00, continuation of nothing",
        "8105, frame without mask",
        "8900, frame without mask",
        "89fe, control frame over 125 bytes",
        "8aff, control frame over 125 bytes",
        "88fe, control frame over 125 bytes",
        "81fe0000, shortest form",
        "81fe007d, shortest form",
        "81ff0000000000000000, shortest form",
        "81ff000000000000ffff, shortest form",
        "81ff8000000000000000, top bit",
        "81ffffffffffffffffff, top bit",
        "01800000000001, inside another",
        "01800000000081, inside another",
        "01800000000002, inside another",
    })
    void header_thatBreaksARule_isRefusedWithItsLastByte(String hex, String why) {
        FrameReader fresh = new FrameReader(FRAME_BYTES, recorder);
        byte[] bytes = HexFormat.of().parseHex(hex);
        fresh.read(Unpooled.wrappedBuffer(bytes, 0, bytes.length - 1), scratch, 0);
        assertThat(recorder.log).isEmpty();
        fresh.read(Unpooled.wrappedBuffer(bytes, bytes.length - 1, 1), scratch, 0);
        assertThat(recorder.take()).startsWith("violation MALFORMED_FRAME ").contains(why);
    }

    @Test
    void reservedOpcode_withAHugeLength_isRefusedOnce() {
        everySplitViolates("83ff400000000000000000000000", CloseCode.MALFORMED_FRAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"82", "02", "828100000000ff"})
    void binaryFrame_isRefusedOnItsHeader(String hex) {
        everySplitViolates(hex, CloseCode.UNSUPPORTED_DATA);
    }

    // ---- size ----

    @ParameterizedTest
    @ValueSource(strings = {"81fe03e9", "81ff0000000000010000", "81ff7fffffffffffffff", "81ff4000000000000000"})
    void claimedLength_overTheLimit_isRefusedBeforeThePayload(String hex) {
        everySplitViolates(hex, CloseCode.FRAME_TOO_BIG);
    }

    @Test
    void fragments_overTheLimitInSum_areRefusedOnTheLastHeader() {
        read(frame(0x01, "x".repeat(600)));
        read(frame(0x00, "x".repeat(400)));
        assertThat(recorder.log).isEmpty();
        read("8081");
        expectViolation(CloseCode.FRAME_TOO_BIG);
    }

    @Test
    void claimedLength_insideTheLimit_allocatesOnlyForWhatArrives() {
        Recorder big = new Recorder();
        FrameReader patient = new FrameReader(16 << 20, big);
        patient.read(
                Unpooled.wrappedBuffer(HexFormat.of().parseHex("81ff0000000000ffffff00000000" + "61")), scratch, 0);
        assertThat(patient.heldBytes()).isBetween(1, 128);
        patient.read(Unpooled.wrappedBuffer("b".repeat(1_000).getBytes(StandardCharsets.US_ASCII)), scratch, 0);
        assertThat(patient.heldBytes()).isBetween(1_001, 2_002);
        assertThat(big.log).isEmpty();
    }

    @Test
    void buffer_ofAMessageInPieces_isGivenUpWithTheMessage() {
        read("0182000000004865");
        assertThat(reader.heldBytes()).isPositive();
        read("8083000000006c6c6f");
        expect("text Hello");
        assertThat(reader.heldBytes()).isZero();
    }

    @Test
    void buffer_ofAMessageInPieces_isGivenUpWithAViolation() {
        read("0182000000004865" + "83");
        expectViolation(CloseCode.MALFORMED_FRAME);
        assertThat(reader.heldBytes()).isZero();
    }

    @Test
    void fragments_1024_areRead() {
        read("018000000000");
        for (int i = 2; i < FrameReader.FRAGMENTS; i++) {
            read("008000000000");
        }
        read("808000000000");
        expect("text ");
    }

    @Test
    void fragments_1025_areRefused() {
        read("018000000000");
        for (int i = 2; i <= FrameReader.FRAGMENTS; i++) {
            read("008000000000");
        }
        assertThat(recorder.log).isEmpty();
        read("00");
        expectViolation(CloseCode.POLICY);
    }

    @Test
    void fragments_areCountedForEachMessageAnew() {
        for (int i = 0; i < FrameReader.FRAGMENTS; i++) {
            read("018000000000808000000000");
            expect("text ");
        }
    }

    // ---- UTF-8 ----

    @ParameterizedTest
    @ValueSource(strings = {"80", "c080", "eda080", "f4908080", "e282", "f09f98", "61ff", "6162636465666768696ac3"})
    void text_thatIsNotUtf8_isRefused(String hex) {
        everySplitViolates(hex(frame(0x81, HexFormat.of().parseHex(hex))), CloseCode.BAD_UTF8);
    }

    @Test
    void text_thatIsNotUtf8_isRefusedBetweenAnyTwoFragments() {
        byte[] surrogate = HexFormat.of().parseHex("61eda08062");
        for (int cut = 0; cut <= surrogate.length; cut++) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            frames.writeBytes(frame(0x01, Arrays.copyOf(surrogate, cut)));
            frames.writeBytes(frame(0x80, Arrays.copyOfRange(surrogate, cut, surrogate.length)));
            everySplitViolates(hex(frames.toByteArray()), CloseCode.BAD_UTF8);
        }
    }

    @Test
    void text_thatCannotBecomeUtf8_isRefusedBeforeItsEnd() {
        read("01fe0100" + "00000000" + "61eda0");
        expectViolation(CloseCode.BAD_UTF8);
    }

    // ---- control frames ----

    @Test
    void ping_withTheLongestPayload_isRead() {
        byte[] payload = new byte[125];
        new Random(1).nextBytes(payload);
        everySplit(hex(frame(0x89, payload)), "ping " + hex(payload));
    }

    @Test
    void pong_withAPayload_isRead() {
        everySplit(hex(frame(0x8A, "abc")), "pong");
    }

    @Test
    void close_withNothing_isRead() {
        everySplit("888000000000", "close 1005 ");
    }

    @Test
    void close_withAReason_isRead() {
        everySplit(hex(frame(0x88, HexFormat.of().parseHex("0fa0" + "627965c3a4"))), "close 4000 byeä");
    }

    @Test
    void close_withOneByte_isRefused() {
        everySplitViolates("88810000000003", CloseCode.MALFORMED_FRAME);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void close_withACodeThatMayBeSent_isRead(int code) {
        read(frame(0x88, new byte[] {(byte) (code >> 8), (byte) code}));
        expect("close " + code + " ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32_768, 65_535})
    void close_withACodeThatMayNotBeSent_isRefused(int code) {
        read(frame(0x88, new byte[] {(byte) (code >> 8), (byte) code}));
        expectViolation(CloseCode.MALFORMED_FRAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"03e8ff", "03e8c3", "03e8eda080"})
    void close_withAReasonThatIsNotUtf8_isRefused(String hex) {
        everySplitViolates(hex(frame(0x88, HexFormat.of().parseHex(hex))), CloseCode.BAD_UTF8);
    }

    @Test
    void close_insideAMessage_isRead() {
        everySplit("0182000000004865888000000000", "close 1005 ");
    }

    @Test
    void dataAfterClose_isIgnored() {
        read("888000000000" + HELLO + "ffff");
        expect("close 1005 ");
        read(HELLO);
        assertThat(reader.messageOpen()).isFalse();
    }

    @Test
    void dataAfterAViolation_isIgnored() {
        read("83" + HELLO);
        expectViolation(CloseCode.MALFORMED_FRAME);
        read(HELLO);
        assertThat(reader.messageOpen()).isFalse();
    }

    // ---- pause, and what is open ----

    @Test
    void pause_inTheMessage_leavesTheNextFrameUnread() {
        recorder.onText = reader::pause;
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(HELLO + "818100000000" + "61"));
        reader.read(in, scratch, 0);
        expect("text Hello");
        assertThat(in.readableBytes()).isEqualTo(7);
        reader.read(in, scratch, 0);
        assertThat(recorder.log).isEmpty();
        reader.resume(0);
        reader.read(in, scratch, 0);
        expect("text a");
    }

    @Test
    void pause_insideAFrame_letsItEnd() {
        read("8183000000006162");
        reader.pause();
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex("63" + HELLO));
        reader.read(in, scratch, 0);
        expect("text abc");
        assertThat(in.readableBytes()).isEqualTo(HELLO.length() / 2);
    }

    @Test
    void pause_betweenFragments_beginsNoFurtherFragment() {
        read("018100000000" + "61");
        reader.pause();
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex("808100000000" + "62"));
        reader.read(in, scratch, 0);
        assertThat(in.readableBytes()).isEqualTo(7);
        reader.resume(0);
        reader.read(in, scratch, 0);
        expect("text ab");
    }

    @Test
    void message_isOpenFromItsFirstByteToItsLast() {
        assertThat(reader.messageOpen()).isFalse();
        byte[] bytes = HexFormat.of().parseHex("018100000000" + "61" + "8980" + "00000000" + "808100000000" + "62");
        for (int i = 0; i < bytes.length; i++) {
            reader.read(Unpooled.wrappedBuffer(bytes, i, 1), scratch, 100 + i);
            assertThat(reader.messageOpen()).as("after byte %d", i).isEqualTo(i < bytes.length - 1);
            assertThat(reader.messageOpenedNanos()).isEqualTo(100);
        }
        expect("ping ", "text ab");
        reader.read(Unpooled.wrappedBuffer(new byte[] {(byte) 0x81}), scratch, 500);
        assertThat(reader.messageOpen()).isTrue();
        assertThat(reader.messageOpenedNanos()).isEqualTo(500);
    }

    @Test
    void reader_isAtRestBetweenMessagesOnly_andThenServesAnother() {
        byte[] bytes = HexFormat.of().parseHex("018100000000" + "61" + "8980" + "00000000" + "808100000000" + "62");
        assertThat(reader.isAtRest()).isTrue();
        for (int i = 0; i < bytes.length; i++) {
            reader.read(Unpooled.wrappedBuffer(bytes, i, 1), scratch, 0);
            assertThat(reader.isAtRest()).as("after byte %d", i).isEqualTo(i == bytes.length - 1);
        }
        expect("ping ", "text ab");
        reader.pause();
        assertThat(reader.isAtRest()).isFalse();
        reader.resume(0);
        Recorder another = new Recorder();
        reader.serve(another).read(Unpooled.wrappedBuffer(HexFormat.of().parseHex(HELLO)), scratch, 0);
        assertThat(another.log).containsExactly("text Hello");
        assertThat(recorder.log).isEmpty();
        reader.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex("888000000000")), scratch, 0);
        assertThat(reader.isAtRest()).as("after a close frame").isFalse();
    }

    // ---- helpers ----

    private void read(String hex) {
        read(HexFormat.of().parseHex(hex));
    }

    private void read(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        reader.read(in, scratch, 0);
        assertThat(in.isReadable()).isFalse();
    }

    private void expect(String... events) {
        assertThat(recorder.log).containsExactly(events);
        recorder.log.clear();
    }

    private void expectViolation(CloseCode code) {
        assertThat(recorder.take()).startsWith("violation " + code + " ");
    }

    /** Whole, in two pieces at every position, and byte by byte: always the same. */
    private void everySplit(String hex, String... events) {
        for (List<String> log : logsOfEverySplit(hex)) {
            assertThat(log).containsExactly(events);
        }
    }

    private void everySplitViolates(String hex, CloseCode code) {
        for (List<String> log : logsOfEverySplit(hex)) {
            assertThat(log).singleElement().asString().startsWith("violation " + code + " ");
        }
    }

    private List<List<String>> logsOfEverySplit(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        List<List<String>> logs = new ArrayList<>();
        for (int split = 0; split <= bytes.length; split++) {
            logs.add(logOf(bytes, split, bytes.length - split));
        }
        logs.add(logOf(bytes, 1, 1));
        return logs;
    }

    private List<String> logOf(byte[] bytes, int firstPiece, int otherPieces) {
        Recorder log = new Recorder();
        FrameReader fresh = new FrameReader(FRAME_BYTES, log);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        fresh.read(in.readSlice(firstPiece), scratch, 0);
        while (in.isReadable()) {
            fresh.read(in.readSlice(Math.min(otherPieces, in.readableBytes())), scratch, 0);
        }
        return log.log;
    }

    private static void sendInFragments(String text, Random random, ByteArrayOutputStream sent, List<String> expected) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        int opcode = 1;
        while (random.nextInt(3) == 0 && from < utf8.length) {
            int to = from + random.nextInt(utf8.length - from);
            sent.writeBytes(maskedFrame(opcode, Arrays.copyOfRange(utf8, from, to), random.nextInt()));
            from = to;
            opcode = 0;
            if (random.nextBoolean()) {
                sent.writeBytes(maskedFrame(0x89, new byte[] {7, 8, 9}, random.nextInt()));
                expected.add("ping 070809");
            }
        }
        sent.writeBytes(maskedFrame(0x80 | opcode, Arrays.copyOfRange(utf8, from, utf8.length), random.nextInt()));
        expected.add("text " + text);
    }

    private static byte[] frame(int first, String text) {
        return frame(first, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] frame(int first, byte[] payload) {
        return maskedFrame(first, payload, 0x9A3C_57E1);
    }

    private static byte[] maskedFrame(int first, byte[] payload, int key) {
        ByteBuf frame = Unpooled.buffer().writeByte(first);
        if (payload.length < 126) {
            frame.writeByte(0x80 | payload.length);
        } else if (payload.length <= 0xFFFF) {
            frame.writeByte(0xFE).writeShort(payload.length);
        } else {
            frame.writeByte(0xFF).writeLong(payload.length);
        }
        frame.writeInt(key);
        for (int i = 0; i < payload.length; i++) {
            frame.writeByte(payload[i] ^ (key >>> (24 - 8 * (i % 4))));
        }
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static final class Recorder implements FrameReader.Receiver {
        final List<String> log = new ArrayList<>();
        Runnable onText = () -> {};
        byte[] lastArray = {};

        @Override
        public void text(byte[] utf8, int offset, int length) {
            lastArray = utf8;
            log.add("text " + new String(utf8, offset, length, StandardCharsets.UTF_8));
            onText.run();
        }

        @Override
        public void ping(byte[] payload) {
            log.add("ping " + hex(payload));
        }

        @Override
        public void pong() {
            log.add("pong");
        }

        @Override
        public void close(int code, String reason) {
            log.add("close " + code + " " + reason);
        }

        @Override
        public void violation(CloseCode code, String why) {
            assertThat(why.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, FrameWriter.REASON_BYTES);
            log.add("violation " + code + " " + why);
        }

        String take() {
            assertThat(log).hasSize(1);
            return log.remove(0);
        }
    }
}
