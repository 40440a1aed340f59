package io.roomcast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.roomcast.netty.HeadParser.Progress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Fuzz target: the parser of request heads. A head reads the same however it is cut, nothing behind it is taken, what is
 * accepted can be written and read again, Netty's far more tolerant decoder sees the same request in it, and whatever the
 * answer is, it is one clean response.
 */
public final class HeadFuzz {
    private static final AllowedOrigins ORIGINS = AllowedOrigins.of(List.of("https://example.org"), false);

    private HeadFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Outcome whole = read(input, input.length);
        for (int piece : new int[] {1, 7}) {
            Outcome cut = read(input, piece);
            Fuzz.check(cut.text.equals(whole.text), "in pieces of " + piece + ": " + cut.text + ", not " + whole.text);
        }
        switch (whole.parser.read(Unpooled.EMPTY_BUFFER)) {
            case MORE -> Fuzz.check(whole.rest == 0, "all is taken while more is needed");
            case REFUSED -> responseIsClean(whole.parser.refusal());
            case DONE -> accepted(whole.parser.head(), input, input.length - whole.rest);
        }
    }

    /** What came of it: the parser, what it left, and all that in words. */
    private record Outcome(HeadParser parser, int rest, String text) {}

    private static Outcome read(byte[] input, int piece) {
        HeadParser parser = new HeadParser();
        Progress progress = Progress.MORE;
        int at = 0;
        while (progress == Progress.MORE && at < input.length) {
            ByteBuf in = Unpooled.wrappedBuffer(input, at, Math.min(piece, input.length - at));
            at += in.readableBytes();
            progress = parser.read(in);
            at -= in.readableBytes();
        }
        String text = switch (progress) {
            case MORE -> "more";
            case DONE -> "done " + canonical(parser.head());
            case REFUSED -> Requests.text(parser.refusal());
        };
        return new Outcome(parser, input.length - at, text + " at " + at);
    }

    private static void accepted(RequestHead head, byte[] input, int length) {
        String canonical = canonical(head);
        HeadParser parser = new HeadParser();
        Progress again = parser.read(Unpooled.copiedBuffer(canonical, StandardCharsets.ISO_8859_1));
        Fuzz.check(
                again == Progress.DONE && canonical(parser.head()).equals(canonical), "not read again: " + canonical);
        Fuzz.check(head.path().startsWith("/"), "path " + head.path());
        UpgradeAnswer answer = UpgradeAnswer.answer(head, ORIGINS);
        Fuzz.check(!answer.accepted() || isUpgrade(head), "upgraded without being asked: " + canonical);
        responseIsClean(answer.response());
        nettySeesTheSame(head, input, length);
    }

    private static boolean isUpgrade(RequestHead head) {
        return head.isGet()
                && head.headers().values("Sec-WebSocket-Key").size() == 1
                && head.headers().lists("upgrade", "websocket")
                && head.headers().lists("connection", "upgrade");
    }

    private static void nettySeesTheSame(RequestHead head, byte[] input, int length) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        try {
            channel.writeInbound(Unpooled.copiedBuffer(input, 0, length));
            HttpRequest request = channel.readInbound();
            Fuzz.check(request != null && request.decoderResult().isSuccess(), "Netty refuses " + request);
            Fuzz.check(request.method().name().equals(head.method()), "method, Netty: " + request.method());
            String target = head.query().isEmpty() ? head.path() : head.path() + "?" + head.query();
            Fuzz.check(request.uri().equals(target) || request.uri().equals(target + "?"), "Netty: " + request.uri());
            List<Map.Entry<String, String>> headers = request.headers().entries();
            Fuzz.check(headers.size() == head.headers().size(), "Netty: " + headers);
            List<String> theirs = new ArrayList<>();
            List<String> ours = new ArrayList<>();
            for (int i = 0; i < headers.size(); i++) {
                theirs.add(headers.get(i).getKey() + ": " + headers.get(i).getValue());
                ours.add(head.headers().name(i) + ": " + head.headers().value(i));
            }
            Fuzz.check(ours.containsAll(theirs) && theirs.containsAll(ours), "Netty: " + theirs + ", we: " + ours);
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** One status line, headers without a line end in them, a body as long as announced. */
    private static void responseIsClean(HttpResponse response) {
        String text = Requests.text(response);
        int blank = text.indexOf("\n\n");
        Fuzz.check(text.startsWith("HTTP/1.1 ") && blank > 0, "no response: " + text);
        String head = text.substring(0, blank);
        Fuzz.check(head.indexOf('\r') < 0, "a lone CR: " + text);
        Fuzz.check(head.lines().skip(1).allMatch(line -> line.matches("[A-Za-z-]+: [ -~]*")), "headers: " + text);
    }

    private static String canonical(RequestHead head) {
        StringBuilder text = new StringBuilder(head.method()).append(' ').append(head.path());
        if (!head.query().isEmpty()) {
            text.append('?').append(head.query());
        }
        text.append(" HTTP/1.1\r\n");
        for (int i = 0; i < head.headers().size(); i++) {
            text.append(head.headers().name(i))
                    .append(": ")
                    .append(head.headers().value(i))
                    .append("\r\n");
        }
        return text.append("\r\n").toString();
    }
}
