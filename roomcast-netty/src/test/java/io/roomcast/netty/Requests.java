package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Request heads as text; a line ends at \n, which stands for CR LF. */
final class Requests {
    static final String UPGRADE = """
            GET /ws HTTP/1.1
            Host: example.org
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;

    private Requests() {}

    static RequestHead head(String text) {
        HeadParser parser = new HeadParser();
        assertThat(parser.read(Unpooled.copiedBuffer(crLf(text), StandardCharsets.ISO_8859_1)))
                .isEqualTo(HeadParser.Progress.DONE);
        return parser.head();
    }

    static String crLf(String text) {
        return text.replace("\n", "\r\n");
    }

    /** The response as it goes out, with \n for CR LF. */
    static String text(HttpResponse response) {
        return text(response, false);
    }

    static String text(HttpResponse response, boolean headOnly) {
        ByteBuf out = Unpooled.buffer();
        response.writeTo(out, headOnly);
        return out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
