package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedOriginsTest {
    private static final AllowedOrigins DEFAULT = AllowedOrigins.of(List.of(), false);
    private static final AllowedOrigins LIST = AllowedOrigins.of(
            List.of("https://example.org", "http://app.example.org:8080", "http://[2001:DB8::1]"), false);

    @Test
    void noOrigin_isAllowed() {
        assertThat(DEFAULT.allow(from("example.org"))).isTrue();
        assertThat(LIST.allow(from("example.org"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, http://example.org",
        "example.org, https://example.org",
        "example.org:80, http://example.org",
        "example.org:443, https://example.org",
        "example.org, https://example.org:443",
        "example.org:8080, http://example.org:8080",
        "EXAMPLE.org, https://example.ORG",
        "[2001:db8::1]:8080, http://[2001:db8::1]:8080",
        "example.org, http://localhost",
        "example.org, https://localhost:5173",
        "example.org, http://127.0.0.1:3000",
        "example.org, http://[::1]:3000"
    })
    void byDefault_ownOriginAndThisMachine_areAllowed(String host, String origin) {
        assertThat(DEFAULT.allow(from(host, origin))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, https://evil.example",
        "example.org, https://example.org.evil.example",
        "example.org, https://evilexample.org",
        "example.org, https://sub.example.org",
        "example.org, https://example.org:8443",
        "example.org:8080, http://example.org",
        "example.org:443, http://example.org",
        "example.org, http://localhost.evil.example",
        "example.org, http://evil-localhost",
        "example.org, http://127.0.0.1.evil.example",
        "example.org, http://127.0.0.2",
        "example.org, http://[::2]",
        "example.org, file://localhost",
        "example.org, ws://localhost"
    })
    void byDefault_anyOtherOrigin_isRefused(String host, String origin) {
        assertThat(DEFAULT.allow(from(host, origin))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "*",
                "localhost",
                "//localhost",
                "http:localhost",
                "http:/localhost",
                "http:///localhost",
                "HTTP://localhost",
                "Https://localhost",
                "http://localhost/",
                "http://localhost?",
                "http://localhost:",
                "http://localhost:99999",
                "http://localhost:80:80",
                "http://localhost:080000",
                "http://localhost@evil.example",
                "http://user@localhost",
                "http://localhost#",
                "http://localhost\\",
                "http://localhost%00",
                "http://localhost http://localhost",
                "http://localhost,http://localhost",
                "http://::1",
                "http://[::1",
                "http://[::1]x",
                "http://"
            })
    void origin_thatIsNotOne_isRefused(String origin) {
        assertThat(DEFAULT.allow(from("localhost", origin))).isFalse();
        assertThat(LIST.allow(from("localhost", origin))).isFalse();
    }

    @Test
    void origin_twice_isRefused() {
        assertThat(DEFAULT.allow(from("localhost", "http://localhost", "http://localhost")))
                .isFalse();
        assertThat(LIST.allow(from("localhost", "https://example.org", "https://example.org")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org",
                "https://Example.org",
                "https://example.org:443",
                "http://app.example.org:8080",
                "http://[2001:db8::1]"
            })
    void listed_isAllowed(String origin) {
        assertThat(LIST.allow(from("other.example", origin))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org",
                "https://example.org:444",
                "https://example.org.",
                "https://example.org.evil.example",
                "https://notexample.org",
                "https://app.example.org:8080",
                "http://app.example.org",
                "http://localhost",
                "http://own.example" // its own, but a list is a list
            })
    void notListed_isRefused(String origin) {
        assertThat(LIST.allow(from("own.example", origin))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "*", "https://*.example.org", "https://example.org/", "null", ""})
    void list_withSomethingElse_saysWhatAndHow(String origin) {
        assertThatThrownBy(() -> AllowedOrigins.of(List.of(origin), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("allowedOrigins", "\"" + origin + "\"", "https://example.org");
    }

    private static RequestHead from(String host, String... origins) {
        Headers headers = new Headers();
        headers.add("Host", host);
        for (String origin : origins) {
            headers.add("origin", origin);
        }
        return new RequestHead("GET", "/ws", "", headers);
    }
}
