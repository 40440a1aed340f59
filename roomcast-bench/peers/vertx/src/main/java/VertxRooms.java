import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Rooms on Vert.x: a room is a set of WebSockets, all of them on one event loop. Speaks as Roomcast does, as far as the load
 * needs it. A member is one until it leaves or its connection ends.
 *
 * <p>Argument: bytes that are added to each message, so that messages of all peers are of one size. Says {@code port} and the
 * port, and then answers {@code version} and {@code collect}, one a line.
 */
public final class VertxRooms {
    private final String pad;
    private final Map<String, Set<ServerWebSocket>> rooms = new HashMap<>();
    private int connections;

    private VertxRooms(String pad) {
        this.pad = pad;
    }

    public static void main(String[] args) throws IOException {
        VertxRooms rooms = new VertxRooms("x".repeat(Integer.parseInt(args[0])));
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0).setAcceptBacklog(4_096))
                .webSocketHandler(rooms::opened)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        System.out.println("port " + server.actualPort());
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String question = questions.readLine(); question != null; question = questions.readLine()) {
            System.out.println(question + " " + (question.equals("version") ? version(vertx) : collected()));
        }
        System.exit(0);
    }

    private static String version(Vertx vertx) {
        return "Vert.x 5 over " + (vertx.isNativeTransportEnabled() ? "epoll" : "NIO") + " on Java "
                + System.getProperty("java.version");
    }

    private static String collected() {
        System.gc();
        return "done";
    }

    private void opened(ServerWebSocket socket) {
        String id = "m" + ++connections;
        Set<String> in = new HashSet<>();
        socket.textMessageHandler(text -> heard(socket, id, in, new JsonObject(text)));
        socket.closeHandler(closed -> in.forEach(room -> leave(socket, room)));
        socket.exceptionHandler(failed -> {});
    }

    private void heard(ServerWebSocket socket, String id, Set<String> in, JsonObject message) {
        String room = message.getString("room");
        switch (message.getString("type")) {
            case "join" -> {
                rooms.computeIfAbsent(room, none -> new HashSet<>()).add(socket);
                in.add(room);
                socket.writeTextMessage("{\"type\":\"joined\",\"room\":" + Json.encode(room) + "}");
            }
            case "leave" -> {
                leave(socket, room);
                in.remove(room);
                socket.writeTextMessage("{\"type\":\"left\",\"room\":" + Json.encode(room) + "}");
            }
            case "publish" -> {
                if (in.contains(room)) {
                    String text = "{\"type\":\"message\",\"room\":" + Json.encode(room) + ",\"from\":\"" + id
                            + "\",\"pad\":\"" + pad + "\",\"data\":" + Json.encode(message.getValue("data")) + "}";
                    rooms.get(room).forEach(member -> member.writeTextMessage(text));
                } else {
                    socket.writeTextMessage("{\"type\":\"error\",\"code\":\"not_member\"}");
                }
            }
            default -> socket.writeTextMessage("{\"type\":\"error\",\"code\":\"unknown_type\"}");
        }
    }

    private void leave(ServerWebSocket socket, String room) {
        Set<ServerWebSocket> members = rooms.get(room);
        if (members != null && members.remove(socket) && members.isEmpty()) {
            rooms.remove(room);
        }
    }
}
