package io.roomcast.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.engine.UpdateRefusedException;
import io.roomcast.netty.RoomServer;
import io.roomcast.netty.RoomServerBuilder;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Typed rooms over real sockets: what members may say, and what the server says in records. */
@SuppressWarnings("NullAway.Init") // each test starts its own
final class TypedRoomTest {
    record Chat(String text) {}

    record Note(String text, int x, int y, Color color) {
        Note {
            if (x < 0 || y < 0) {
                throw new IllegalArgumentException("a note is on the board, at 0, 0 or beyond");
            }
        }
    }

    record Profile(String name, Optional<String> status) {}

    enum Color {
        RED,
        BLUE
    }

    private static final String NOTE = "{\"text\":\"a\",\"x\":1,\"y\":2,\"color\":\"RED\"}";
    private static final String JOIN =
            "{\"type\":\"join\",\"id\":1,\"room\":\"board-1\",\"state\":false,\"member\":{\"name\":\"Ann\"}}";

    private final RoomType board = RoomType.of("board-*")
            .event("chat", Chat.class)
            .message(String.class)
            .state("title", String.class)
            .state("hits", long.class)
            .state("note:*", Note.class)
            .requiredMember(Profile.class);

    private RoomServer server;

    private RoomServer start(UnaryOperator<RoomServerBuilder> settings) {
        server = settings.apply(RoomServer.builder()
                        .port(0)
                        .lanes(2)
                        .shutdownSpread(Duration.ofMillis(10))
                        .newsInterval(Duration.ZERO)
                        .roomTypes(board))
                .build()
                .start();
        return server;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static String publish(int id, String event, String data) {
        return "{\"type\":\"publish\",\"id\":" + id + ",\"room\":\"board-1\",\"echo\":false,\"event\":\"" + event
                + "\",\"data\":" + data + "}";
    }

    private static String refused(int id, String request, String message) {
        return "{\"type\":\"error\",\"id\":" + id + ",\"request\":\"" + request
                + "\",\"room\":\"board-1\",\"code\":\"bad_request\",\"message\":" + message + "}";
    }

    @Test
    void publish_ofTheTypePasses_andAnotherIsRefused() throws Exception {
        int port = start(settings -> settings).port();
        try (WsClient ann = new WsClient(port);
                WsClient bob = new WsClient(port)) {
            ann.ask(JOIN);
            bob.ask(JOIN);
            assertThat(ann.ask(publish(2, "chat", "{\"text\":5}")))
                    .isEqualTo(refused(2, "publish", "\"`data.text` is 5, but must be a string\""));
            assertThat(ann.ask(publish(3, "chat", "{}")))
                    .isEqualTo(refused(3, "publish", "\"`data.text` is missing; it must be a string\""));
            assertThat(ann.ask(publish(4, "shout", "{\"text\":\"hi\"}")))
                    .isEqualTo(refused(
                            4,
                            "publish",
                            "\"`event` is \\\"shout\\\", but must be one of \\\"chat\\\", or left out\""));
            assertThat(ann.ask(publish(5, "chat", "{ \"text\" : \"h\\u0069\" }")))
                    .contains("\"type\":\"published\"");
            assertThat(bob.read())
                    .contains("\"offset\":1,", "\"event\":\"chat\"")
                    .endsWith("{ \"text\" : \"h\\u0069\" }}");
            assertThat(ann.ask("{\"type\":\"publish\",\"id\":6,\"room\":\"board-1\",\"data\":6}"))
                    .isEqualTo(refused(6, "publish", "\"`data` is 6, but must be a string\""));
        }
    }

    @Test
    void update_isTakenAsAWholeOrRefused() throws Exception {
        int port = start(settings -> settings).port();
        try (WsClient ann = new WsClient(port)) {
            ann.ask(JOIN);
            String update = "{\"type\":\"update\",\"id\":2,\"room\":\"board-1\",\"set\":{\"title\":\"t\",\"note:1\":"
                    + NOTE + "},\"add\":{\"hits\":2}}";
            assertThat(ann.ask(update.replace("\"x\":1", "\"x\":\"abc\"")))
                    .isEqualTo(refused(
                            2,
                            "update",
                            "\"`set[\\\"note:1\\\"].x` is \\\"abc\\\", but must be a whole number from -2147483648 to"
                                    + " 2147483647\""));
            assertThat(ann.ask(update.replace("\"x\":1", "\"x\":-1")))
                    .isEqualTo(refused(
                            2,
                            "update",
                            "\"`set[\\\"note:1\\\"]` is not taken: a note is on the board, at 0, 0 or beyond\""));
            assertThat(ann.ask(update.replace("hits", "note:2"))).contains("`add[\\\"note:2\\\"]` cannot be added to");
            assertThat(ann.ask(update.replace("\"title\"", "\"other\"")))
                    .contains(
                            "`set` names \\\"other\\\", which is no key of this room's type; there are \\\"title\\\"");
            assertThat(get(server.room("board-1").state().read()).version()).isZero();
            assertThat(ann.ask(update)).contains("\"type\":\"updated\"", "\"hits\":2");
            assertThat(ann.ask("{\"type\":\"update\",\"id\":3,\"room\":\"board-1\",\"delete\":[\"title\"],"
                            + "\"if\":{\"title\":9}}"))
                    .contains("conflict");
            assertThat(ann.ask("{\"type\":\"update\",\"id\":4,\"room\":\"board-1\",\"delete\":[\"title\"]}"))
                    .contains("\"version\":2");
        }
    }

    @Test
    void joinAndMember_tellWhatTheTypeSays() throws Exception {
        int port = start(settings -> settings).port();
        try (WsClient ann = new WsClient(port);
                WsClient bob = new WsClient(port)) {
            assertThat(ann.ask(JOIN.replace(",\"member\":{\"name\":\"Ann\"}", "")))
                    .isEqualTo(refused(1, "join", "\"`member` is missing; it must be an object with name, status\""));
            assertThat(ann.ask(JOIN.replace("\"Ann\"", "7")))
                    .isEqualTo(refused(1, "join", "\"`member.name` is 7, but must be a string\""));
            assertThat(ann.ask(JOIN)).contains("\"type\":\"joined\"", "\"count\":1");
            assertThat(bob.ask(JOIN.replace("\"Ann\"", "\"Bob\"").replace("\"id\":1", "\"id\":1,\"members\":true")))
                    .contains("\"count\":2");
            assertThat(
                            ann.ask(
                                    "{\"type\":\"member\",\"id\":2,\"room\":\"board-1\",\"member\":{\"name\":\"Ann\",\"age\":5}}"))
                    .isEqualTo(refused(2, "member", "\"`member.age` is not known; Profile has name, status\""));
            assertThat(ann.ask("{\"type\":\"member\",\"id\":3,\"room\":\"board-1\","
                            + "\"member\":{\"name\":\"Ann\",\"status\":\"away\"}}"))
                    .contains("\"type\":\"ok\"");
            assertThat(bob.read()).contains("\"changed\":[{", "\"away\"");
        }
    }

    @Test
    void roomOfNoType_takesAnything() throws Exception {
        int port = start(settings -> settings).port();
        try (WsClient ann = new WsClient(port)) {
            assertThat(ann.ask("{\"type\":\"join\",\"id\":1,\"room\":\"free\",\"member\":7}"))
                    .contains("joined");
            assertThat(ann.ask(publish(2, "shout", "[]").replace("board-1", "free")))
                    .contains("published");
        }
    }

    @Test
    void listener_readsAndRewritesInRecords() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        int port = start(settings -> settings.onMessage(message -> {
                    Chat chat = board.read(Chat.class, message.data());
                    heard.add(chat.text());
                    if (chat.text().equals("spam")) {
                        message.refuse(ErrorCode.NOT_ALLOWED, "No.");
                    } else if (chat.text().equals("break")) {
                        message.data(Json.of("{\"txt\":1}"));
                    } else {
                        message.data(
                                board.write(Chat.class, new Chat(chat.text().toUpperCase(java.util.Locale.ROOT))));
                    }
                }))
                .port();
        try (WsClient ann = new WsClient(port);
                WsClient bob = new WsClient(port)) {
            ann.ask(JOIN);
            bob.ask(JOIN);
            assertThat(ann.ask(publish(2, "chat", "{\"text\":\"spam\"}"))).contains("not_allowed");
            assertThat(ann.ask(publish(3, "chat", "{\"text\":\"break\"}"))).contains("unavailable");
            assertThat(ann.ask(publish(4, "chat", "{\"text\":[]}"))).contains("bad_request");
            assertThat(ann.ask(publish(5, "chat", "{\"text\":\"hi\"}"))).contains("published");
            assertThat(bob.read()).endsWith("\"data\":{\"text\":\"HI\"}}");
        }
        assertThat(heard).containsExactly("spam", "break", "hi");
    }

    @Test
    void server_publishesInRecords() throws Exception {
        int port = start(settings -> settings).port();
        TypedRoom room = board.in(server.room("board-1"));
        try (WsClient ann = new WsClient(port)) {
            ann.ask(JOIN);
            assertThat(get(room.publish("chat", new Chat("hi")))).isEqualTo(1);
            assertThat(ann.read()).contains("\"event\":\"chat\"").endsWith("\"data\":{\"text\":\"hi\"}}");
            assertThat(get(room.publish("plain"))).isEqualTo(2);
            assertThat(ann.read()).endsWith("\"data\":\"plain\"}");
            get(room.publishUnkept("chat", new Chat("typing")));
            assertThat(ann.read()).endsWith("\"data\":{\"text\":\"typing\"}}").doesNotContain("offset");
            String memberId = get(room.room().members()).get(0).id();
            assertThat(get(room.sendTo(memberId, "psst"))).isTrue();
            assertThat(ann.read()).endsWith("\"data\":\"psst\"}");
        }
        assertThatThrownBy(() -> room.publish("chat", "hi"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"chat\" is a Chat, but what was given is a String");
        assertThatThrownBy(() -> room.publish("shout", new Chat("hi"))).hasMessageContaining("must be one of \"chat\"");
        assertThatThrownBy(() -> board.in(server.room("other"))).hasMessageContaining("is not of the type");
    }

    @Test
    void server_readsAndChangesTheStateInRecords() throws Exception {
        start(settings -> settings);
        TypedRoom room = board.in(server.room("board-1"));
        Note note = new Note("a", 1, 2, Color.BLUE);
        get(room.update(room.edit().set("note:1", note).set("title", "t").add("hits", 2)));
        get(room.set("note:2", new Note("b", 0, 0, Color.RED)));
        get(room.update(room.edit().delete("title").add("hits", BigDecimal.ONE).ifVersion("note:1", 1)));
        TypedSnapshot state = get(room.read());
        assertThat(state.version()).isEqualTo(3);
        assertThat(state.version("note:2")).isEqualTo(2);
        assertThat(state.version("title")).isZero();
        assertThat(state.value("note:1", Note.class)).hasValue(note);
        assertThat(state.value("title", String.class)).isEmpty();
        assertThat(state.value("hits", long.class)).hasValue(3L);
        assertThat(state.value("hits", Long.class)).hasValue(3L);
        assertThat(state.values("note:*", Note.class))
                .isEqualTo(Map.of("note:1", note, "note:2", new Note("b", 0, 0, Color.RED)));
        assertThatThrownBy(() -> get(room.update(room.edit().delete("note:1").ifVersion("note:1", 9))))
                .hasCauseInstanceOf(UpdateRefusedException.class);
    }

    @Test
    void server_isToldWhatDoesNotFit() throws Exception {
        start(settings -> settings);
        TypedRoom room = board.in(server.room("board-1"));
        assertThatThrownBy(() -> room.set("title", 5))
                .hasMessage("\"title\" is a String, but what was given is a Integer");
        assertThatThrownBy(() -> room.set("other", 5)).hasMessageContaining("no key of this room's type");
        assertThatThrownBy(() -> room.edit().delete("other")).hasMessageContaining("no key of this room's type");
        assertThatThrownBy(() -> room.edit().add("title", 1)).hasMessageContaining("cannot be added to");
        assertThatThrownBy(() -> room.edit().add("hits", new BigDecimal("0.5"))).hasMessageContaining("whole number");
        get(room.room().state().set("title", Json.of("5")));
        TypedSnapshot state = get(room.read());
        assertThatThrownBy(() -> state.value("title", String.class)).hasMessage("`title` is 5, but must be a string");
        assertThatThrownBy(() -> state.value("title", int.class)).hasMessageContaining("cannot be read as a int");
        assertThatThrownBy(() -> state.value("other", int.class)).hasMessageContaining("no key of this room's type");
    }
}
