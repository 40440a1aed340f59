package io.roomcast.netty;

import static io.roomcast.netty.HttpStatus.BAD_REQUEST;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one HTTP/1.1 request head from bytes cut anywhere (RFC 9112), and takes nothing behind its empty line.
 *
 * <p><b>Strictness.</b> What the RFC lets a server tolerate is refused: a bare LF or CR, an empty line before the
 * request, space before a colon, folded lines, anything two readers might read in two ways. Browsers and WebSocket
 * libraries send none of it, smugglers do.
 *
 * <p><b>Bounds.</b> A request line of {@link #LINE_BYTES}, headers of {@link #HEADER_BYTES} in all and
 * {@link #HEADERS} in number. Each byte is looked at a fixed number of times; memory is one line and the strings made of
 * the lines before it.
 */
final class HeadParser {
    /** Request line without its end; beyond: 414. */
    static final int LINE_BYTES = 4_096;

    /** All header lines with their ends and the empty line; beyond: 431. */
    static final int HEADER_BYTES = 8_192;

    /** Header lines; beyond: 431. */
    static final int HEADERS = 100;

    enum Progress {
        MORE,
        DONE,
        REFUSED
    }

    private static final int FIRST_CAPACITY = 256;

    /** As many as any number of 63 bits can have. */
    private static final int LENGTH_DIGITS = 18;

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private final Headers headers = new Headers();
    private Progress progress = Progress.MORE;
    /** The line being read, without its end; bounded by the two limits in bytes. */
    private byte[] line = new byte[FIRST_CAPACITY];

    private int length;
    private boolean afterCr;
    private int headerBytes;
    /** Empty until the request line has been read. */
    private String method = "";

    private String target = "";
    private @Nullable HttpResponse refusal;

    /** Reads up to the end of the head, or to the byte that breaks a rule. */
    Progress read(ByteBuf in) {
        while (progress == Progress.MORE && in.isReadable()) {
            take(in.readByte());
        }
        return progress;
    }

    /** The head, after {@link Progress#DONE}. */
    RequestHead head() {
        int question = target.indexOf('?');
        return question < 0
                ? new RequestHead(method, target, "", headers)
                : new RequestHead(method, target.substring(0, question), target.substring(question + 1), headers);
    }

    /** What to answer, after {@link Progress#REFUSED}. */
    HttpResponse refusal() {
        return Objects.requireNonNull(refusal);
    }

    private void take(byte b) {
        if (!method.isEmpty() && ++headerBytes > HEADER_BYTES) {
            refuse(HttpStatus.HEADERS_TOO_LARGE, "Send at most " + HEADER_BYTES + " bytes of headers.");
        } else if (afterCr) {
            afterCr = false;
            if (b == '\n') {
                endOfLine();
            } else {
                refuse(BAD_REQUEST, "A line ends with CR LF; there was a CR without LF.");
            }
        } else if (b == '\r') {
            afterCr = true;
        } else if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7F) {
            refuse(BAD_REQUEST, "A control character, or a line end without CR. Is this TLS sent to a plain port?");
        } else if (method.isEmpty() && length == LINE_BYTES) {
            refuse(HttpStatus.URI_TOO_LONG, "Send a request line of at most " + LINE_BYTES + " bytes.");
        } else {
            append(b);
        }
    }

    private void append(byte b) {
        if (length == line.length) {
            line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = b;
    }

    private void endOfLine() {
        // Latin-1 keeps each byte a character of its own, whatever the peer meant by it.
        String text = new String(line, 0, length, StandardCharsets.ISO_8859_1);
        length = 0;
        if (method.isEmpty()) {
            requestLine(text);
        } else if (!text.isEmpty()) {
            header(text);
        } else {
            endOfHead();
        }
    }

    private void requestLine(String text) {
        int first = text.indexOf(' ');
        int second = text.indexOf(' ', first + 1);
        if (first < 0 || second < 0 || !isToken(text, first)) {
            refuse(BAD_REQUEST, "The request line is: method, space, path, space, HTTP/1.1.");
            return;
        }
        String version = text.substring(second + 1);
        if (!version.equals("HTTP/1.1")) {
            refuseVersion(version);
            return;
        }
        target = text.substring(first + 1, second);
        if (!isPath(target)) {
            refuse(BAD_REQUEST, "The request target is a path that begins with a slash, in printable ASCII without #.");
            return;
        }
        method = text.substring(0, first);
    }

    private void refuseVersion(String version) {
        boolean other = version.length() == "HTTP/1.1".length()
                && version.startsWith("HTTP/")
                && isDigit(version.charAt(5))
                && version.charAt(6) == '.'
                && isDigit(version.charAt(7));
        if (other && !version.equals("HTTP/1.0")) {
            refuse(HttpStatus.VERSION_NOT_SUPPORTED, "Use HTTP/1.1.");
        } else {
            refuse(BAD_REQUEST, "Use HTTP/1.1.");
        }
    }

    private void header(String text) {
        int colon = text.indexOf(':');
        if (text.charAt(0) == ' ' || text.charAt(0) == '\t') {
            refuse(BAD_REQUEST, "A header stays in one line; one was folded.");
        } else if (colon < 0 || !isToken(text, colon)) {
            refuse(BAD_REQUEST, "A header line is: name, colon, value, with no space before the colon.");
        } else if (headers.size() == HEADERS) {
            refuse(HttpStatus.HEADERS_TOO_LARGE, "Send at most " + HEADERS + " headers.");
        } else {
            headers.add(text.substring(0, colon), trimmed(text, colon + 1));
        }
    }

    private void endOfHead() {
        List<String> hosts = headers.values("Host");
        if (hosts.size() != 1 || Authority.parse(hosts.get(0)).isEmpty()) {
            refuse(BAD_REQUEST, "Send one Host header, with a host and perhaps a port.");
        } else if (!isFramedClearly()) {
            refuse(BAD_REQUEST, "Send Content-Length or Transfer-Encoding, not both: one number, or chunked.");
        } else if (announcesBody() && (method.equals("GET") || method.equals("HEAD"))) {
            refuse(BAD_REQUEST, "Send no body with GET or HEAD.");
        } else {
            progress = Progress.DONE;
        }
    }

    private boolean isFramedClearly() {
        List<String> lengths = headers.values("Content-Length");
        if (headers.contains("Transfer-Encoding")) {
            // Another coding at the end, or chunked twice: nobody could tell where the body ends (RFC 9112, section
            // 6.3).
            List<String> codings = headers.elements("Transfer-Encoding");
            return lengths.isEmpty() && codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
        }
        return lengths.isEmpty() || (lengths.size() == 1 && isLength(lengths.get(0)));
    }

    /** Within 63 bits: a longer number is cut short by some readers and refused by others. */
    private static boolean isLength(String text) {
        return !text.isEmpty() && text.length() <= LENGTH_DIGITS && text.chars().allMatch(c -> isDigit((char) c));
    }

    private boolean announcesBody() {
        return headers.contains("Transfer-Encoding")
                || headers.values("Content-Length").stream()
                        .anyMatch(length -> length.chars().anyMatch(c -> c != '0'));
    }

    private void refuse(HttpStatus status, String message) {
        progress = Progress.REFUSED;
        refusal = HttpResponse.refusal(status, message);
    }

    /** Whether the first characters, at least one, form a token (RFC 9110, section 5.6.2). */
    private static boolean isToken(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !isDigit(c) && TOKEN_MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return end > 0;
    }

    private static boolean isPath(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '#') {
                return false;
            }
        }
        return target.startsWith("/");
    }

    /** Without the spaces and tabs around a value; other white space is part of it. */
    private static String trimmed(String text, int start) {
        int from = start;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
