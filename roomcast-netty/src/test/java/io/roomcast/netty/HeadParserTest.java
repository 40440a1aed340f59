package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.roomcast.netty.HeadParser.Progress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as text with \r and \n written out where they matter. Every request is fed at every split. */
final class HeadParserTest {
    private static final String HOST = "Host: example.org\r\n";
    private static final String GET = "GET / HTTP/1.1\r\n";

    // ---- what is read ----

    @Test
    void request_isReadInItsParts() {
        RequestHead head = accepted(Requests.crLf("""
                        GET /ws?name=A%20b&x=?/ HTTP/1.1
                        hOST: example.org:8080
                        X-Empty:
                        X-Two: a
                        x-two: \t b,c \t
                        Cookie: a=\u00e9

                        """));
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.path()).isEqualTo("/ws");
        assertThat(head.query()).isEqualTo("name=A%20b&x=?/");
        assertThat(head.headers().size()).isEqualTo(5);
        assertThat(head.headers().first("Host")).contains("example.org:8080");
        assertThat(head.headers().values("x-empty")).containsExactly("");
        assertThat(head.headers().values("X-TWO")).containsExactly("a", "b,c");
        assertThat(head.headers().elements("X-Two")).containsExactly("a", "b", "c");
        assertThat(head.headers().first("cookie")).contains("a=\u00e9");
        assertThat(head.headers().contains("absent")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//ws", "/ws/..", "/%77s", "/ws/", "/a|b\"{}"})
    void path_isNeitherDecodedNorResolved(String path) {
        assertThat(accepted("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n").path())
                .isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "OPTIONS", "get", "M-SEARCH"})
    void method_ofAnyName_isReadAsSent(String method) {
        assertThat(accepted(method + " / HTTP/1.1\r\n" + HOST + "\r\n").method())
                .isEqualTo(method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:8080", "[::1]:80", "[::1]", "a_b.example", "EXAMPLE.org:65535"})
    void host_withOrWithoutPort_isAccepted(String host) {
        assertThat(accepted(GET + "Host: " + host + "\r\n\r\n").headers().values("Host"))
                .containsExactly(host);
    }

    @Test
    void bytesBehindTheHead_areLeft() {
        ByteBuf in = buffer(GET + HOST + "\r\n" + "\r\nGET / HTTP/1.1\r\n");
        HeadParser parser = new HeadParser();
        assertThat(parser.read(in)).isEqualTo(Progress.DONE);
        assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("\r\nGET / HTTP/1.1\r\n");
        assertThat(parser.read(in)).isEqualTo(Progress.DONE);
        assertThat(in.readableBytes()).isEqualTo(18);
    }

    @Test
    void head_withoutItsEnd_isNeverDone() {
        String request = GET + HOST + "\r\n";
        for (int length = 0; length < request.length(); length++) {
            assertThat(new HeadParser().read(buffer(request.substring(0, length))))
                    .isEqualTo(Progress.MORE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 0", "content-length: 000"})
    void get_withABodyOfNothing_isAccepted(String header) {
        accepted(GET + HOST + header + "\r\n\r\n");
    }

    @Test
    void post_withABody_isAcceptedUpToTheBody() {
        accepted("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\n");
        accepted("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 999999999999999999\r\n\r\n");
        accepted("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
    }

    // ---- request line ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "GET\r\n",
                "GET /\r\n", // HTTP/0.9
                "GET / \r\n",
                " GET / HTTP/1.1\r\n",
                "GET  / HTTP/1.1\r\n",
                "GET /  HTTP/1.1\r\n",
                "GET / HTTP/1.1 \r\n",
                "GET\t/\tHTTP/1.1\r\n",
                "GET /a b HTTP/1.1\r\n",
                "GET /a\tb HTTP/1.1\r\n",
                "GET /\u00e9 HTTP/1.1\r\n",
                "GET /a#b HTTP/1.1\r\n",
                "G(T / HTTP/1.1\r\n",
                "G\u00c9T / HTTP/1.1\r\n",
                "GET ws HTTP/1.1\r\n",
                "GET ?x HTTP/1.1\r\n",
                "GET http://example.org/ws HTTP/1.1\r\n",
                "CONNECT example.org:80 HTTP/1.1\r\n",
                "OPTIONS * HTTP/1.1\r\n",
                "GET / HTTP/1.0\r\n",
                "GET / http/1.1\r\n",
                "GET / HTTP/1.10\r\n",
                "GET / HTTP/01.1\r\n",
                "GET / HTTPS/1.1\r\n",
                "GET / HTTP/1,1\r\n",
                "\u0016\u0003\u0001" // TLS
            })
    void requestLine_thatIsNotOne_isRefused(String line) {
        refused(400, line + HOST + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.2\r\n", "GET / HTTP/0.9\r\n"})
    void version_ofAnotherHttp_isRefusedWith505(String line) {
        refused(505, line + HOST + "\r\n");
    }

    @Test
    void requestLine_of4096Bytes_isAccepted() {
        String path = "/" + "x".repeat(HeadParser.LINE_BYTES - "GET / HTTP/1.1".length());
        assertThat(new HeadParser().read(buffer("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n")))
                .isEqualTo(Progress.DONE);
    }

    @Test
    void requestLine_of4097Bytes_isRefusedOnThatByte() {
        ByteBuf in = buffer("GET /" + "x".repeat(10_000));
        HeadParser parser = new HeadParser();
        assertThat(parser.read(in)).isEqualTo(Progress.REFUSED);
        assertThat(in.readerIndex()).isEqualTo(4_097);
        assertThat(parser.refusal().status()).isEqualTo(HttpStatus.URI_TOO_LONG);
    }

    // ---- header lines ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: a\nY: b\r\n", // bare LF
                "X: a\rY: b\r\n", // bare CR
                "X: a\r\r\n",
                "\n",
                "X: a\0b\r\n",
                "X\0: a\r\n",
                "X: a\u0001\r\n",
                "X: a\u007f\r\n",
                "X: a\u000bb\r\n",
                "X : a\r\n",
                "X\t: a\r\n",
                " X: a\r\n",
                "X: a\r\n b\r\n", // folded
                "X: a\r\n\tb\r\n",
                "X: a\r\n \r\n",
                ": a\r\n",
                "X\r\n",
                "X Y: a\r\n",
                "X(: a\r\n",
                "\u00c9: a\r\n",
                "\"X\": a\r\n"
            })
    void headerLine_thatIsNotOne_isRefused(String line) {
        refused(400, GET + line + HOST + "\r\n");
        refused(400, GET + HOST + line + "\r\n");
    }

    @Test
    void headerLine_foldedOnTheFirst_isRefused() {
        refused(400, GET + " folded\r\n" + HOST + "\r\n");
    }

    @Test
    void headers_100_areAccepted() {
        assertThat(accepted(GET + HOST + "X: y\r\n".repeat(99) + "\r\n")
                        .headers()
                        .size())
                .isEqualTo(100);
    }

    @Test
    void headers_101_areRefused() {
        refused(431, GET + HOST + "X: y\r\n".repeat(100) + "\r\n");
    }

    @Test
    void headers_of8192Bytes_areAccepted() {
        String request = GET + HOST + "X: " + "y".repeat(8_192 - HOST.length() - "X: \r\n\r\n".length()) + "\r\n\r\n";
        assertThat(new HeadParser().read(buffer(request))).isEqualTo(Progress.DONE);
    }

    @Test
    void headers_of8193Bytes_areRefusedOnThatByte() {
        ByteBuf in = buffer(GET + HOST + "X: " + "y".repeat(20_000));
        HeadParser parser = new HeadParser();
        assertThat(parser.read(in)).isEqualTo(Progress.REFUSED);
        assertThat(in.readerIndex()).isEqualTo(GET.length() + 8_193);
        assertThat(parser.refusal().status()).isEqualTo(HttpStatus.HEADERS_TOO_LARGE);
    }

    // ---- the whole head ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                HOST + HOST,
                HOST + "HOST: other.example\r\n",
                "Host:\r\n",
                "Host: a b\r\n",
                "Host: a,b\r\n",
                "Host: user@example.org\r\n",
                "Host: example.org/\r\n",
                "Host: example.org:\r\n",
                "Host: example.org:65536\r\n",
                "Host: example.org:8a\r\n",
                "Host: example.org:+80\r\n",
                "Host: :80\r\n",
                "Host: [::1\r\n",
                "Host: []\r\n",
                "Host: [::1]80\r\n",
                "Host: [::g]\r\n",
                "Host: ::1\r\n",
                "Host: ]\r\n",
                "Host: [\r\n"
            })
    void host_missingTwiceOrNone_isRefused(String hosts) {
        refused(400, GET + hosts + "X: y\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 1",
                "Content-Length: 0010",
                "Content-Length: 99999999999999999999",
                "Content-Length: -1",
                "Content-Length: +0",
                "Content-Length: 0x0",
                "Content-Length:",
                "Content-Length: 0, 0",
                "Content-Length: 0\r\nContent-Length: 0",
                "Content-Length: 0\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding:"
            })
    void get_withABodyAnnounced_isRefused(String header) {
        refused(400, GET + HOST + header + "\r\n\r\n");
        refused(400, "HEAD / HTTP/1.1\r\n" + HOST + header + "\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5, 5",
                "Content-Length: 1000000000000000000",
                "Content-Length: 5x"
            })
    void post_withABodyOfTwoReadings_isRefused(String header) {
        refused(400, "POST / HTTP/1.1\r\n" + HOST + header + "\r\n\r\n");
    }

    @Test
    void randomMutation_neverThrowsAndEndsTheSameInPieces() {
        Random random = new Random(4);
        byte[] valid = Requests.crLf(Requests.UPGRADE).getBytes(StandardCharsets.ISO_8859_1);
        for (int round = 0; round < 20_000; round++) {
            byte[] request = valid.clone();
            for (int mutations = 1 + random.nextInt(3); mutations > 0; mutations--) {
                request[random.nextInt(request.length)] = (byte) random.nextInt(256);
            }
            HeadParser whole = new HeadParser();
            HeadParser pieces = new HeadParser();
            Progress progress = whole.read(Unpooled.wrappedBuffer(request));
            ByteBuf in = Unpooled.wrappedBuffer(request);
            while (in.isReadable()) {
                pieces.read(in.readSlice(1 + random.nextInt(in.readableBytes())));
            }
            assertThat(pieces.read(in)).isEqualTo(progress);
        }
    }

    // ---- helpers ----

    private static RequestHead accepted(String request) {
        List<RequestHead> heads = new ArrayList<>();
        for (HeadParser parser : everySplit(request, Progress.DONE)) {
            heads.add(parser.head());
        }
        for (RequestHead head : heads) {
            assertThat(head).usingRecursiveComparison().isEqualTo(heads.get(0));
        }
        return heads.get(0);
    }

    private static void refused(int status, String request) {
        for (HeadParser parser : everySplit(request, Progress.REFUSED)) {
            assertThat(parser.refusal().status().number()).isEqualTo(status);
        }
    }

    private static List<HeadParser> everySplit(String request, Progress expected) {
        List<HeadParser> parsers = new ArrayList<>();
        for (int split = 0; split <= request.length(); split++) {
            HeadParser parser = new HeadParser();
            ByteBuf in = buffer(request);
            parser.read(in.readSlice(split));
            assertThat(parser.read(in)).as("cut at %d", split).isEqualTo(expected);
            parsers.add(parser);
        }
        HeadParser byteByByte = new HeadParser();
        for (ByteBuf in = buffer(request); in.isReadable(); ) {
            byteByByte.read(in.readSlice(1));
        }
        parsers.add(byteByByte);
        return parsers;
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
