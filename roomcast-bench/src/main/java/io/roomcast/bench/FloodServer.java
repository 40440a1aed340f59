package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * No server at all: it answers handshakes and joins without looking, and then writes the same message to one connection
 * after the other as fast as it can, a system call for each, or reads what they say and throws it away. What the generator
 * makes of that is its ceiling. Says its port, and takes {@code flood MILLIS} and {@code drain MILLIS} on its input. Its
 * argument is the folder of the {@link PeerCertificate} with which it speaks TLS, or empty; what it throws away stays sealed.
 */
final class FloodServer {
    private static final int BACKLOG = 4_096;

    private static final Bytes ACCEPTED = new Bytes(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Accept: " + Handshake.ACCEPT + "\r\n\r\n")
            .getBytes(ISO_8859_1));
    private static final Bytes JOINED = frame("{\"type\":\"joined\",\"room\":\"room-0\"}");

    /** The same bytes as a channel takes them best, and as a stream does. */
    private static final class Bytes {
        final ByteBuffer direct;
        final byte[] array;

        Bytes(byte[] bytes) {
            direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            array = bytes;
        }
    }

    /** @param tls what speaks over the channel; null without TLS */
    private record Connection(
            SocketChannel channel, @Nullable SSLSocket tls) {
        static Connection of(SocketChannel channel, @Nullable SSLSocketFactory sockets) throws IOException {
            if (sockets == null) {
                return new Connection(channel, null);
            }
            // A handshake says several things in turn, and none waits until the last is confirmed.
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            // A server's end; nothing was read before it.
            return new Connection(channel, (SSLSocket) sockets.createSocket(channel.socket(), null, true));
        }

        void read(byte[] in) throws IOException {
            if (tls == null) {
                channel.read(ByteBuffer.wrap(in));
            } else {
                tls.getInputStream().read(in);
            }
        }

        void write(Bytes bytes) throws IOException {
            if (tls != null) {
                tls.getOutputStream().write(bytes.array);
                return;
            }
            ByteBuffer all = bytes.direct.duplicate();
            while (all.hasRemaining()) {
                channel.write(all);
            }
        }
    }

    private FloodServer() {}

    public static void main(String[] args) throws IOException {
        SSLSocketFactory sockets = args[0].isEmpty()
                ? null
                : new PeerCertificate(Path.of(args[0])).serving().getSocketFactory();
        Bytes message = frame("{\"type\":\"message\",\"room\":\"room-0\",\"from\":\"m1\",\"pad\":\"" + "x".repeat(30)
                + "\",\"data\":" + PeerFrame.data(Workload.DATA_BYTES) + "}");
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            System.out.println("port " + ((InetSocketAddress) listening.getLocalAddress()).getPort());
            List<Connection> connections = new ArrayList<>();
            Thread accepting = new Thread(() -> accept(listening, sockets, connections));
            accepting.setDaemon(true);
            accepting.start();
            BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String line = questions.readLine(); line != null; line = questions.readLine()) {
                System.out.println(line + " " + answer(line.split(" ", -1), connections, message));
            }
        }
    }

    /** Returns how many messages it has sent, or bytes it has read. */
    private static long answer(String[] words, List<Connection> connections, Bytes message) throws IOException {
        List<Connection> all;
        synchronized (connections) {
            all = List.copyOf(connections);
        }
        long end = System.nanoTime() + Long.parseLong(words[1]) * 1_000_000;
        return switch (words[0]) {
            case "flood" -> flood(all, message, end);
            case "drain" -> drain(all, end);
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static long flood(List<Connection> all, Bytes message, long end) throws IOException {
        long sent = 0;
        while (System.nanoTime() - end < 0) {
            for (Connection connection : all) {
                connection.write(message);
                sent++;
            }
        }
        return sent;
    }

    private static long drain(List<Connection> all, long end) throws IOException {
        ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
        for (Connection connection : all) {
            connection.channel.configureBlocking(false);
        }
        long read = 0;
        while (System.nanoTime() - end < 0) {
            for (Connection connection : all) {
                read += Math.max(0, connection.channel.read(in.clear()));
            }
        }
        for (Connection connection : all) {
            connection.channel.configureBlocking(true);
        }
        return read;
    }

    private static void accept(
            ServerSocketChannel listening, @Nullable SSLSocketFactory sockets, List<Connection> connections) {
        byte[] in = new byte[4_096];
        try {
            while (true) {
                Connection connection = Connection.of(listening.accept(), sockets);
                connection.read(in); // the request
                connection.write(ACCEPTED);
                connection.read(in); // the join
                synchronized (connections) {
                    connections.add(connection);
                }
                connection.write(JOINED);
            }
        } catch (ClosedChannelException end) {
            // It was told to end.
        } catch (IOException e) {
            System.err.println("accepts no more: " + e);
        }
    }

    /** A server's frame, unmasked. */
    private static Bytes frame(String text) {
        byte[] payload = text.getBytes(UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 4);
        frame.put((byte) (0x80 | WebSocketFrames.TEXT));
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else {
            frame.put((byte) 126).putShort((short) payload.length);
        }
        frame.put(payload);
        return new Bytes(Arrays.copyOf(frame.array(), frame.position()));
    }
}
