package io.roomcast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ServerFlagsTest {
    private static ServerFlags flags(Map<String, String> environment, String... arguments) {
        ServerFlags flags = new ServerFlags(environment);
        new CommandLine(flags).parseArgs(arguments);
        return flags;
    }

    @Test
    void url_is_the_flag_then_the_environment_then_ours() {
        Map<String, String> environment = Map.of("ROOMCAST_URL", "ws://b/ws");
        assertThat(flags(environment, "--url", "ws://a/ws").url()).isEqualTo("ws://a/ws");
        assertThat(flags(environment).url()).isEqualTo("ws://b/ws");
        assertThat(flags(Map.of()).url()).isEqualTo("ws://127.0.0.1:8080/ws");
        assertThat(flags(Map.of("ROOMCAST_URL", "")).url()).isEqualTo("ws://127.0.0.1:8080/ws");
    }

    @Test
    void url_that_is_none_is_answered_with_what_may_be_meant() {
        assertThat(ServerFlags.meant("http://127.0.0.1:8080/")).isEqualTo("ws://127.0.0.1:8080/ws");
        assertThat(ServerFlags.meant("https://example.org/chat")).isEqualTo("wss://example.org/ws");
        assertThat(ServerFlags.meant("localhost:9000")).isEqualTo("ws://localhost:9000/ws");
        assertThat(ServerFlags.meant("example.org")).isEqualTo("ws://example.org/ws");
        assertThat(ServerFlags.meant("\033[2J")).isEqualTo("ws://127.0.0.1:8080/ws");
        assertThatThrownBy(() -> flags(Map.of("ROOMCAST_URL", "http://h:1/")).builder())
                .isInstanceOfSatisfying(
                        CommandFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(2))
                .hasMessage("ROOMCAST_URL is \"http://h:1/\", but has to be like ws://h:1/ws");
    }

    @Test
    void headers_are_checked() {
        assertThat(flags(Map.of(), "-H", "Cookie: id=7", "--header", "X-A:b").builder())
                .isNotNull();
        assertThatThrownBy(() -> flags(Map.of(), "-H", "Cookie").builder())
                .hasMessage("--header \"Cookie\" is none: it is like --header \"Cookie: id=7\"");
        assertThatThrownBy(() -> flags(Map.of(), "-H", "Host: a").builder())
                .hasMessage("--header \"Host: a\" is none: Host is a header of the handshake itself: leave it out");
    }

    @Test
    void timeout_is_in_seconds() {
        assertThat(flags(Map.of(), "--timeout", "0.25").timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(flags(Map.of()).timeout()).isEqualTo(Duration.ofSeconds(10));
        for (String wrong : new String[] {"0", "-1", "NaN", "86401", "Infinity"}) {
            assertThatThrownBy(() -> flags(Map.of(), "--timeout", wrong).timeout())
                    .hasMessageStartingWith("--timeout has to be");
        }
    }

    @Test
    void reasons_become_sentences() {
        String url = "ws://h:1/ws";
        assertThat(CommandFailed.explain("io.netty…: Connection refused: h/127.0.0.1:1", url))
                .isEqualTo(
                        "nothing listens at ws://h:1/ws; start a server with ./roomcast, or say with --url where it is");
        assertThat(CommandFailed.explain("the server answers HTTP 404", url)).contains("HTTP 404", "usually /ws");
        assertThat(CommandFailed.explain("the server answers HTTP 400", url)).contains("wss: instead of ws:");
        assertThat(CommandFailed.explain("the server answers HTTP 503", url)).contains("later");
        assertThat(CommandFailed.explain("java.net.UnknownHostException: h", url))
                .startsWith("there is no host");
        assertThat(CommandFailed.explain("the answer is no HTTP", url)).contains("is no web server");
        assertThat(CommandFailed.explain("io.netty…NotSslRecordException: not an SSL/TLS record: 4854", "wss://h:1/ws"))
                .isEqualTo("what listens at wss://h:1/ws speaks no TLS; its address begins with ws: instead of wss:");
        assertThat(CommandFailed.explain("\033[2J", url)).isEqualTo("cannot connect to ws://h:1/ws: \\u{1b}[2J");
    }
}
