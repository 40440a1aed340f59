import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.roomcast.engine.StateEdit;
import io.roomcast.netty.RoomServer;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A service with Roomcast inside: orders come by HTTP, and customers watch theirs, each in a room of its own. */
public final class OrderService {
    private static final String[] STEPS = {"Received", "In the oven", "In the box", "On its way"};

    private final ScheduledExecutorService kitchen = Executors.newScheduledThreadPool(4);
    private final Set<String> rooms = ConcurrentHashMap.newKeySet();

    /** Whoever does not know the order's number does not get in, and nobody but the service speaks. */
    private final RoomServer roomcast = RoomServer.builder()
            .port(0) // any that is free
            .onJoin(join -> {
                if (!rooms.contains(join.room()) && !join.room().equals("kitchen")) {
                    join.refuse(ErrorCode.NOT_ALLOWED, "There is no such order.");
                }
            })
            .onMessage(message -> message.refuse(ErrorCode.NOT_ALLOWED, "Only the kitchen speaks here."))
            .onUpdate(update -> update.refuse(ErrorCode.NOT_ALLOWED, "Only the kitchen counts here."))
            .build()
            .start();

    private void takeOrder(HttpExchange exchange) throws IOException {
        String room = "order:" + UUID.randomUUID();
        rooms.add(room);
        kitchen.schedule(() -> rooms.remove(room), 10, TimeUnit.MINUTES);
        kitchen.execute(() -> cook(room, 0));
        answer(exchange, room);
    }

    /** On a thread of the kitchen. Publishing is for any thread; it does not wait, and who joins later gets it as history. */
    private void cook(String room, int step) {
        roomcast.room(room).publish("step", Json.of("\"" + STEPS[step] + "\"")).whenCompleteAsync((offset, failure) ->
                System.out.println(room + ": " + STEPS[step] + (failure == null ? "" : ", but nobody heard: " + failure)), kitchen);
        if (step + 1 < STEPS.length) {
            kitchen.schedule(() -> cook(room, step + 1), 700, TimeUnit.MILLISECONDS);
        } else {
            roomcast.room("kitchen").state().update(new StateEdit().add("pizzas", 1));
        }
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    public static void main(String[] args) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress("localhost", Integer.parseInt(args[0])), 0);
        OrderService service = new OrderService();
        String page = Files.readString(Path.of(args[1])).replace("{{port}}", "" + service.roomcast.port());
        http.createContext("/", exchange -> answer(exchange, page));
        http.createContext("/orders", service::takeOrder);
        http.start();
        System.out.println("Open http://localhost:" + http.getAddress().getPort() + " in two tabs. Ctrl-C ends it.");
    }
}
