package io.roomcast.client;

import static io.roomcast.client.RealServerTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.protocol.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are none, or bad ones. */
@ExtendWith(Leftovers.class)
@Timeout(60)
@SuppressWarnings("try") // What is held open counts, and closing it before its end is what some test.
final class BadServerTest {
    /** For a request that cannot succeed: the client has seen why by then, on a busy machine too. */
    private static final Duration TIME_TO_TRY = Duration.ofSeconds(3);

    private final Heard<RoomcastException> errors = new Heard<>();

    private RoomcastClientBuilder to(Peer.Door door) {
        return RoomcastClient.builder(door.url())
                .noProxy()
                .session(false)
                .backOff(Duration.ofMillis(1))
                .onError(errors);
    }

    private static void assertTimesOut(CompletableFuture<?> future, String why) {
        assertThatThrownBy(() -> get(future)).cause().isInstanceOfSatisfying(RoomcastException.class, error -> {
            assertThat(error.code()).isEqualTo("timeout");
            assertThat(error).hasMessageContaining("try again").hasMessageContaining(why);
        });
    }

    @Test
    void server_thatSpeaksGarbage_isTriedAgain_andTheReasonIsSaid() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).requestTimeout(TIME_TO_TRY).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            for (int i = 0; i < 3; i++) {
                try (Peer peer = door.next()) {
                    peer.answer("SSH-2.0-OpenSSH_9.2\r\n");
                    peer.awaitEnd();
                }
            }
            assertTimesOut(joining, "the answer is no HTTP");
        }
    }

    @Test
    void server_thatClosesAtOnce_isTriedAgain() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            for (int i = 0; i < 3; i++) {
                door.next().close();
            }
            try (Peer peer = door.joined()) {
                assertThat(get(joining).status()).isEqualTo(RoomStatus.JOINED);
            }
        }
    }

    @Test
    void server_thatNeverAnswers_isGivenUp_andTriedAgain() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connectTimeout(Duration.ofMillis(100))
                        .requestTimeout(TIME_TO_TRY)
                        .connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            try (Peer first = door.next();
                    Peer second = door.next()) {
                first.head();
                first.awaitEnd();
                assertTimesOut(joining, "no welcome in time");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nno header\r\n\r\n",
                "HTTP/1.1 1e1 Switching Protocols\r\n\r\n",
                "garbage",
            })
    void handshake_thatIsNone_isRefused(String answer) throws Exception {
        assertRefused(head -> answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Protocol: chat\r\n", "Sec-WebSocket-Extensions: permessage-deflate\r\n"})
    void handshake_thatSelectsWhatWasNotOffered_isRefused(String header) throws Exception {
        assertRefused(head -> Peer.acceptance(head) + header + "\r\n");
    }

    private interface Answer {
        String to(String head);
    }

    private void assertRefused(Answer answer) throws IOException {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            try (Peer peer = door.next()) {
                peer.answer(answer.to(peer.head()));
                peer.awaitEnd();
            }
            door.next().close();
            assertThat(client.status()).isEqualTo(ClientStatus.CONNECTING);
        }
    }

    @Test
    void head_withoutEnd_isRefused() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            try (Peer peer = door.next()) {
                peer.head();
                peer.answer("HTTP/1.1 101 Switching Protocols\r\n" + "X: y\r\n".repeat(4_000));
                peer.awaitEnd();
            }
            assertThat(client.status()).isEqualTo(ClientStatus.CONNECTING);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a masked frame, 81 82 00000000 7b7d, is no WebSocket frame",
        "a reserved bit, c1 02 7b7d, is no WebSocket frame",
        "an opcode that is none, 83 00, is no WebSocket frame",
        "a control opcode that is none, 8b 00, is no WebSocket frame",
        "a continuation of nothing, 80 00, is no WebSocket frame",
        "a text inside a text, 01 01 7b 81 01 7d, is no WebSocket frame",
        "a ping in parts, 09 00, is no WebSocket frame",
        "a long ping, 89 7e 0100, is no WebSocket frame",
        "a close of one byte, 88 01 03, is no WebSocket frame",
        "a close code that is none, 88 02 03ed, is no WebSocket frame",
        "binary, 82 00, is binary",
        "half of a character, 81 01 c3, is not UTF-8",
        "a surrogate in UTF-8, 81 05 22 eda080 22, is not UTF-8",
        "a length of 2 to the 63, 81 7f 8000000000000000, is over maxFrameBytes",
        "more than is taken, 81 7f 0000000001000001, is over maxFrameBytes",
        "no JSON, 81 01 7b, is no JSON",
    })
    void frame_thatIsNone_isAnError_andTheConnectionIsDropped(String name, String hex, String why) throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            try (Peer peer = door.greeted()) {
                peer.read();
                peer.sendHex(hex);
                RoomcastException error = errors.next();
                assertThat(error.code()).isEqualTo("bad_frame");
                assertThat(error).hasMessageContaining(why).hasMessageContaining("is this the address");
                peer.awaitEnd();
            }
            try (Peer peer = door.joined()) {
                assertThat(get(joining).memberId()).isEqualTo("m1");
            }
        }
    }

    @Test
    void joined_withoutItsFields_isAnError_andTheRoomIsJoinedOnTheNextConnection() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            try (Peer peer = door.greeted()) {
                peer.read();
                peer.send("{\"type\":\"joined\",\"room\":\"lobby\",\"id\":1}");
                assertThat(errors.next()).hasMessageContaining("has no string \"memberId\"");
                peer.awaitEnd();
            }
            try (Peer peer = door.joined()) {
                assertThat(get(joining).memberId()).isEqualTo("m1");
            }
        }
    }

    @Test
    void reply_thatMakesNoSense_doesNotLoseItsRequest() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            CompletableFuture<History> asking;
            try (Peer peer = door.joined()) {
                asking = get(joining).history();
                peer.read();
                peer.send("{\"type\":\"history\",\"room\":\"lobby\",\"id\":2,\"messages\":7}");
                assertThat(errors.next().code()).isEqualTo("bad_frame");
            }
            try (Peer peer = door.joined()) {
                assertThat(peer.read()).startsWith("{\"type\":\"history\",\"id\":2,");
                peer.send("{\"type\":\"history\",\"room\":\"lobby\",\"id\":2,\"messages\":[],\"more\":false}");
                assertThat(get(asking).messages()).isEmpty();
            }
        }
    }

    @Test
    void frames_inPartsAndWithPingsBetween_areTaken() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            Heard<Message> messages = new Heard<>();
            CompletableFuture<Room> joining =
                    client.join("lobby", JoinOptions.create(), room -> room.onMessage(messages));
            try (Peer peer = door.joined()) {
                get(joining);
                String text = "{\"type\":\"message\",\"room\":\"lobby\",\"at\":1,\"data\":\"é\"}";
                byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                java.util.HexFormat hex = java.util.HexFormat.of();
                int cut = utf8.length - 3; // Inside the é.
                peer.sendHex("01" + hex.toHexDigits((byte) cut) + hex.formatHex(utf8, 0, cut));
                peer.sendHex("89 02 6869");
                peer.sendHex("00 00");
                peer.sendHex("80" + hex.toHexDigits((byte) 3) + hex.formatHex(utf8, cut, utf8.length));
                assertThat(messages.next().data().text()).isEqualTo("é");
                assertThat(peer.frame()).isEqualTo("a hi");
            }
        }
    }

    @Test
    void frame_of10Megabytes_isTaken() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            Heard<Message> messages = new Heard<>();
            CompletableFuture<Room> joining =
                    client.join("lobby", JoinOptions.create(), room -> room.onMessage(messages));
            try (Peer peer = door.joined()) {
                get(joining);
                peer.message(1, "\"" + "x".repeat(10_000_000) + "\"");
                assertThat(messages.next().data().length()).isEqualTo(10_000_002);
            }
        }
    }

    @Test
    void keys_namedProto_areData() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining = client.join("__proto__");
            try (Peer peer = door.greeted()) {
                peer.read();
                peer.send(Peer.JOINED
                        .replace("lobby", "__proto__")
                        .replace("\"set\":{}", "\"set\":{\"__proto__\":1,\"constructor\":2}"));
                assertThat(get(joining).state().snapshot()).containsOnlyKeys("__proto__", "constructor");
            }
        }
    }

    @Test
    void close_endsAttemptsToConnect_atOnce() throws Exception {
        try (Peer.Door door = Peer.Door.open()) {
            RoomcastClient client = to(door).connect();
            try (Peer peer = door.next()) {
                CompletableFuture<Room> joining = client.join("lobby");
                client.close();
                peer.awaitEnd();
                assertThatThrownBy(() -> get(joining))
                        .cause()
                        .isInstanceOfSatisfying(
                                RoomcastException.class,
                                error -> assertThat(error.code()).isEqualTo("closed"));
            }
        }
    }

    @Test
    void close_ofAnInterruptedThread_doesNotWaitForTheServer() throws Exception {
        try (Peer.Door door = Peer.Door.open()) {
            RoomcastClient client =
                    to(door).closeTimeout(Duration.ofSeconds(50)).connect();
            CompletableFuture<Room> joining = client.join("lobby");
            try (Peer peer = door.joined()) {
                get(joining);
                Thread.currentThread().interrupt();
                client.close();
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }

    @Test
    void headersPathAndQuery_areSent() throws Exception {
        try (Peer.Door door = Peer.Door.open();
                RoomcastClient client = RoomcastClient.builder(door.url() + "/%C3%A9/x?name=ann&a=é")
                        .noProxy()
                        .header("Cookie", "a=b; c=d")
                        .header("Authorization", "Bearer t")
                        .connect()) {
            try (Peer peer = door.next()) {
                assertThat(peer.accept())
                        .startsWith("GET /ws/%C3%A9/x?name=ann&a=%C3%A9 HTTP/1.1\r\nHost: 127.0.0.1:" + door.port()
                                + "\r\n")
                        .contains("\r\nCookie: a=b; c=d\r\n", "\r\nAuthorization: Bearer t\r\n")
                        .contains("\r\nSec-WebSocket-Protocol: roomcast.v1.json\r\n");
            }
            assertThat(client.status()).isEqualTo(ClientStatus.CONNECTING);
        }
    }

    @Test
    void headers_thatWouldBreakTheHandshake_areRefused() {
        RoomcastClientBuilder builder = RoomcastClient.builder("ws://localhost/ws");
        assertThatThrownBy(() -> builder.header("X", "a\r\nY: b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.header("X: y", "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.header("Host", "a")).hasMessageContaining("leave it out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost/ws", "ws:///ws", "ws://localhost:0/ws", "ws://localhost/#a", "", "ws://a b/"})
    void address_thatIsNone_isRefused(String address) {
        assertThatThrownBy(() -> RoomcastClient.connect(address))
                .isInstanceOfSatisfying(
                        RoomcastException.class,
                        error -> assertThat(error.code()).isEqualTo("bad_url"))
                .hasMessageContaining("write ws://host:port/ws");
    }

    @Test
    void proxy_isAskedForATunnel() throws Exception {
        try (Peer.Door proxy = Peer.Door.open();
                RoomcastClient client = RoomcastClient.builder("ws://server.example:8080/ws")
                        .session(false)
                        .proxy(java.net.ProxySelector.of(new java.net.InetSocketAddress(
                                java.net.InetAddress.getLoopbackAddress(), proxy.port())))
                        .connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            try (Peer peer = proxy.next()) {
                assertThat(peer.head())
                        .isEqualTo("CONNECT server.example:8080 HTTP/1.1\r\nHost: server.example:8080\r\n\r\n");
                peer.answer("HTTP/1.1 200 Connection established\r\n\r\n");
                assertThat(peer.accept()).contains("Host: server.example:8080\r\n");
                peer.send(Peer.WELCOME);
                peer.read();
                peer.send(Peer.JOINED);
                assertThat(get(joining).status()).isEqualTo(RoomStatus.JOINED);
            }
        }
    }

    @Test
    void publishes_thatTheSocketDidNotTake_areSentAgain_theOthersAreUnconfirmed() throws Exception {
        String data = "\"" + "x".repeat(1_000_000) + "\"";
        try (Peer.Door door = Peer.Door.narrow();
                RoomcastClient client = to(door).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            List<CompletableFuture<Published>> publishing = new ArrayList<>();
            try (Peer peer = door.joined()) {
                Room room = get(joining);
                for (int n = 0; n < 15; n++) {
                    publishing.add(
                            room.publish(Json.of(data), PublishOptions.create().key("k" + n)));
                }
                // The first has come, so that the socket has been given all of them.
                assertThat(peer.read()).contains("\"k0\"");
            }
            try (Peer peer = door.joined()) {
                String text = peer.read();
                int first = Integer.parseInt(text.replaceAll("(?s).*\"key\":\"k([0-9]+)\".*", "$1"));
                assertThat(first).isGreaterThan(0);
                for (int n = first; n < 15; n++) {
                    assertThat(text).contains("\"key\":\"k" + n + "\"");
                    peer.send("{\"type\":\"published\",\"room\":\"lobby\",\"id\":" + (n - first + 2) + ",\"offset\":"
                            + n + "}");
                    text = n < 14 ? peer.read() : "";
                }
                assertThat(get(publishing.get(14)).offset()).isEqualTo(14);
                for (CompletableFuture<Published> one : publishing.subList(0, first)) {
                    assertThatThrownBy(() -> get(one))
                            .cause()
                            .isInstanceOfSatisfying(RoomcastException.class, error -> {
                                assertThat(error.code()).isEqualTo("unconfirmed");
                                assertThat(error.data()).isEqualTo(Json.of(data));
                            });
                }
            }
        }
    }

    @Test
    void server_thatTakesNothing_isNoReasonToGatherWithoutEnd() throws Exception {
        try (Peer.Door door = Peer.Door.narrow();
                RoomcastClient client = to(door).maxFrameBytes(1_000_000).connect()) {
            CompletableFuture<Room> joining = client.join("lobby");
            try (Peer peer = door.joined()) {
                Room room = get(joining);
                Json data = Json.of("\"" + "x".repeat(1_000_000) + "\"");
                CompletableFuture<Published> last = room.publish(data);
                for (int n = 0; n < 30; n++) {
                    last = room.publish(data);
                }
                CompletableFuture<Published> refused = last;
                assertThatThrownBy(() -> get(refused))
                        .cause()
                        .isInstanceOfSatisfying(
                                RoomcastException.class,
                                error -> assertThat(error.code()).isEqualTo("queue_full"));
                assertThat(peer).isNotNull();
            }
        }
    }
}
