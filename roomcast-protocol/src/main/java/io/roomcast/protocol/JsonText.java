package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The way from a JSON string, validated before, to the text that it stands for. */
final class JsonText {
    private JsonText() {}

    /** The integer from 0 that stands there in digits only, else -1. Capped at {@code Long.MAX_VALUE}. */
    static long integer(byte[] utf8, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = utf8[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
        }
        return value;
    }

    /** The string that a valid JSON string stands for; {@code from} and {@code to} are inside its quotes. */
    static String unescaped(byte[] utf8, int from, int to) {
        int escape = indexOfBackslash(utf8, from, to);
        if (escape == to) {
            return new String(utf8, from, to - from, UTF_8);
        }
        StringBuilder text = new StringBuilder(to - from);
        int plain = from;
        while (escape < to) {
            text.append(new String(utf8, plain, escape - plain, UTF_8));
            plain = escape + 2;
            switch (utf8[escape + 1]) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    plain = escape + 6;
                    int unit = 0;
                    for (int i = escape + 2; i < plain; i++) {
                        unit = (unit << 4) | hexDigit(utf8[i]);
                    }
                    text.append((char) unit);
                }
                default -> text.append((char) utf8[escape + 1]);
            }
            escape = indexOfBackslash(utf8, plain, to);
        }
        return text.append(new String(utf8, plain, to - plain, UTF_8)).toString();
    }

    private static int indexOfBackslash(byte[] utf8, int from, int to) {
        int at = from;
        while (at < to && utf8[at] != '\\') {
            at++;
        }
        return at;
    }

    /** Whether the text holds half of a surrogate pair, for which there is no UTF-8. */
    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean paired = i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
                if (!paired) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /** What a hexadecimal digit stands for; -1 for any other byte. */
    static int hexDigit(byte b) {
        return Character.digit(b & 0xFF, 16);
    }
}
