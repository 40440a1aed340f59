package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The server that the Autobahn test suite runs against. */
final class EchoServerTest {

    @Test
    void messages_comeBackAsTheyWere() {
        try (RoomServer server = EchoServer.start(0);
                RawClient client = RawClient.tcp(server.port())) {
            client.send(Requests.crLf(Requests.UPGRADE.replace("example.org", "localhost")));
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            String text = "é".repeat(40_000);
            client.text(text);
            assertThat(client.readText()).isEqualTo(text);
            client.send(RawClient.frame(0x82, new byte[] {0x7F, 0x00}));
            assertThat(client.readFrame()).isEqualTo(new RawClient.Frame(0x82, "\u007f\u0000"));
        }
    }
}
