package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Utf8Test {
    private static final int ROUNDS = 50_000;

    @ParameterizedTest
    @ValueSource(
            strings = {"", "00", "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf"})
    void codePoint_atTheEdgeOfItsLength_isValid(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(Utf8.validPrefix(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "bf",
                "c0",
                "c1",
                "f5",
                "f8",
                "fe",
                "ff", // never a first byte
                "c080",
                "c1bf",
                "e080",
                "e09f",
                "f080",
                "f08f", // overlong
                "eda0",
                "edbf", // surrogates
                "f490", // above U+10FFFF
                "c27f",
                "c2c0",
                "e18041",
                "e180c0",
                "f1808041",
                "f18041" // no continuation
            })
    void bytes_thatNothingCanMakeValid_areMalformedAtOnce(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(Utf8.validPrefix(bytes, 0, bytes.length)).isEqualTo(Utf8.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c2", "e0", "e0a0", "ed", "ed9f", "f0", "f090", "f09080", "f4", "f48f", "f48fbf"})
    void codePoint_cutShort_beginsWhereTheValidPrefixEnds(String hex) {
        byte[] bytes = HexFormat.of().parseHex("6162636465666768696a" + hex);
        assertThat(Utf8.validPrefix(bytes, 0, bytes.length)).isEqualTo(10);
        assertThat(Utf8.isValid(bytes, 0, bytes.length)).isFalse();
    }

    @Test
    void bytes_outsideTheRange_areNotLookedAt() {
        byte[] bytes = HexFormat.of().parseHex("ff6162ff");
        assertThat(Utf8.isValid(bytes, 1, 3)).isTrue();
    }

    @Test
    void randomText_mutatedOrNot_isJudgedAsTheJdkDecoderDoes() {
        Random random = new Random(20);
        int valid = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = randomText(random).getBytes(StandardCharsets.UTF_8);
            for (int mutations = random.nextInt(3); mutations > 0 && bytes.length > 0; mutations--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            boolean expected = jdkAccepts(bytes, from, to);
            valid += expected ? 1 : 0;
            assertThat(Utf8.isValid(bytes, from, to))
                    .as(() -> HexFormat.of().formatHex(bytes, from, to))
                    .isEqualTo(expected);
            assertThat(isValidInPieces(bytes, from, to, random))
                    .as(() -> "in pieces: " + HexFormat.of().formatHex(bytes, from, to))
                    .isEqualTo(expected);
        }
        assertThat(valid).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    @Test
    void everyPairOfBytes_withContinuations_isJudgedAsTheJdkDecoderDoes() {
        for (int pair = 0; pair < 0x10000; pair++) {
            byte[] bytes = {(byte) (pair >> 8), (byte) pair, (byte) 0x80, (byte) 0xBF};
            for (int to = 1; to <= bytes.length; to++) {
                assertThat(Utf8.isValid(bytes, 0, to)).isEqualTo(jdkAccepts(bytes, 0, to));
            }
        }
    }

    private static boolean isValidInPieces(byte[] bytes, int from, int to, Random random) {
        int checked = from;
        for (int arrived = from; arrived < to; ) {
            arrived += 1 + random.nextInt(to - arrived);
            checked = Utf8.validPrefix(bytes, checked, arrived);
            if (checked == Utf8.MALFORMED) {
                return false;
            }
            assertThat(arrived - checked).isBetween(0, 3);
        }
        return checked == to;
    }

    private static String randomText(Random random) {
        int[] ceilings = {0x80, 0x80, 0x80, 0x800, 0xD800, 0x110000};
        StringBuilder text = new StringBuilder();
        int ceiling = ceilings[random.nextInt(ceilings.length)];
        for (int length = random.nextInt(40); length > 0; length--) {
            int codePoint = random.nextInt(random.nextBoolean() ? 0x80 : ceiling);
            text.appendCodePoint(codePoint >= 0xD800 && codePoint < 0xE000 ? 'x' : codePoint);
        }
        return text.toString();
    }

    private static boolean jdkAccepts(byte[] bytes, int from, int to) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, to - from));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
