package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpResponseTest {
    private static final HttpResponse PAGE =
            HttpResponse.page("text/html; charset=utf-8", "<p>ä</p>".getBytes(StandardCharsets.UTF_8));
    private static final String PAGE_HEAD = """
            HTTP/1.1 200 OK
            Connection: close
            Content-Type: text/html; charset=utf-8
            Content-Length: 9
            X-Content-Type-Options: nosniff
            Cache-Control: no-cache

            """;

    @Test
    void page_isWrittenWithItsTypeAndLength() {
        assertThat(Requests.text(PAGE)).isEqualTo(PAGE_HEAD + "<p>ä</p>");
    }

    @Test
    void page_askedForByHead_isWrittenWithoutBody() {
        assertThat(Requests.text(PAGE, true)).isEqualTo(PAGE_HEAD);
    }

    @Test
    void refusal_isAShortTextAndEndsTheConnection() {
        assertThat(Requests.text(HttpResponse.refusal(HttpStatus.NOT_FOUND, "The WebSocket is at /ws.")))
                .isEqualTo("""
                        HTTP/1.1 404 Not Found
                        Connection: close
                        Content-Type: text/plain; charset=utf-8
                        Content-Length: 25
                        X-Content-Type-Options: nosniff

                        The WebSocket is at /ws.
                        """);
    }

    @Test
    void header_added_isWritten() {
        assertThat(Requests.text(
                        HttpResponse.refusal(HttpStatus.UNAVAILABLE, "Later.").with("Retry-After", "2")))
                .startsWith("HTTP/1.1 503 Service Unavailable\n")
                .contains("\nRetry-After: 2\n\nLater.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: x", "a\nb", "a\rb"})
    void header_thatWouldEndItsLine_isRefused(String value) {
        HttpResponse response = HttpResponse.refusal(HttpStatus.NOT_FOUND, "");
        assertThatThrownBy(() -> response.with("X", value)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> response.with(value, "x")).isInstanceOf(IllegalArgumentException.class);
    }
}
