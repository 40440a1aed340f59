import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rooms on netty-socketio, with its own rooms, over WebSocket from the first byte. A member is one until it leaves or its
 * connection ends.
 *
 * <p>Argument: bytes that are added to each message, so that messages of all peers are of one size. Says {@code port} and the
 * port, and then answers {@code version} and {@code collect}, one a line.
 */
public final class NettySocketIoRooms {
    /** What a member publishes. */
    public static final class Publish {
        public String room = "";
        public String data = "";
    }

    private NettySocketIoRooms() {}

    public static void main(String[] args) throws IOException {
        String pad = "x".repeat(Integer.parseInt(args[0]));
        Configuration configuration = new Configuration();
        configuration.setHostname("127.0.0.1");
        // It does not say which port it was given, so that one is looked for first.
        try (ServerSocket free = new ServerSocket(0)) {
            configuration.setPort(free.getLocalPort());
        }
        configuration.setTransports(Transport.WEBSOCKET);
        configuration.setBossThreads(1);
        configuration.setWorkerThreads(1);
        configuration.setUseLinuxNativeEpoll(io.netty.channel.epoll.Epoll.isAvailable());
        configuration.getSocketConfig().setTcpNoDelay(true);
        configuration.getSocketConfig().setAcceptBackLog(4_096);
        SocketIOServer server = new SocketIOServer(configuration);
        server.addEventListener("join", String.class, (client, room, answer) -> {
            client.joinRoom(room);
            client.sendEvent("joined", room);
        });
        server.addEventListener("leave", String.class, (client, room, answer) -> {
            client.leaveRoom(room);
            client.sendEvent("left", room);
        });
        server.addEventListener(
                "publish", Publish.class, (client, message, answer) -> publish(server, client, message, pad));
        server.start();
        System.out.println("port " + configuration.getPort());
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String question = questions.readLine(); question != null; question = questions.readLine()) {
            System.out.println(question + " " + (question.equals("version") ? version() : collected()));
        }
        System.exit(0);
    }

    private static void publish(SocketIOServer server, SocketIOClient client, Publish message, String pad) {
        if (!client.getAllRooms().contains(message.room)) {
            client.sendEvent("error", "not_member");
            return;
        }
        Map<String, String> out = new LinkedHashMap<>();
        out.put("room", message.room);
        out.put("from", client.getSessionId().toString());
        out.put("pad", pad);
        out.put("data", message.data);
        server.getRoomOperations(message.room).sendEvent("message", out);
    }

    private static String version() {
        String version = SocketIOServer.class.getPackage().getImplementationVersion();
        return "netty-socketio " + (version == null ? "2" : version) + " on Java " + System.getProperty("java.version");
    }

    private static String collected() {
        System.gc();
        return "done";
    }
}
