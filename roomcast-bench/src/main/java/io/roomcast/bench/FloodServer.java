package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * No server at all: it answers handshakes and joins without looking, and then writes the same message to one connection
 * after the other as fast as it can, a system call for each, or reads what they say and throws it away. What the generator
 * makes of that is its ceiling. Says its port, and takes {@code flood MILLIS} and {@code drain MILLIS} on its input.
 */
final class FloodServer {
    private static final int BACKLOG = 4_096;

    private static final ByteBuffer ACCEPTED =
            ByteBuffer.wrap(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\nSec-WebSocket-Accept: " + Handshake.ACCEPT + "\r\n\r\n")
                    .getBytes(ISO_8859_1));
    private static final ByteBuffer JOINED = frame("{\"type\":\"joined\",\"room\":\"room-0\"}");

    private FloodServer() {}

    public static void main(String[] args) throws IOException {
        ByteBuffer message = frame("{\"type\":\"message\",\"room\":\"room-0\",\"from\":\"m1\",\"pad\":\""
                + "x".repeat(30) + "\",\"data\":" + PeerFrame.data(Workload.DATA_BYTES) + "}");
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            System.out.println("port " + ((InetSocketAddress) listening.getLocalAddress()).getPort());
            List<SocketChannel> connections = new ArrayList<>();
            Thread accepting = new Thread(() -> accept(listening, connections));
            accepting.setDaemon(true);
            accepting.start();
            BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String line = questions.readLine(); line != null; line = questions.readLine()) {
                System.out.println(line + " " + answer(line.split(" ", -1), connections, message));
            }
        }
    }

    /** Returns how many messages it has sent, or bytes it has read. */
    private static long answer(String[] words, List<SocketChannel> connections, ByteBuffer message) throws IOException {
        List<SocketChannel> all;
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

    private static long flood(List<SocketChannel> all, ByteBuffer message, long end) throws IOException {
        long sent = 0;
        while (System.nanoTime() - end < 0) {
            for (SocketChannel connection : all) {
                write(connection, message);
                sent++;
            }
        }
        return sent;
    }

    private static long drain(List<SocketChannel> all, long end) throws IOException {
        ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
        for (SocketChannel connection : all) {
            connection.configureBlocking(false);
        }
        long read = 0;
        while (System.nanoTime() - end < 0) {
            for (SocketChannel connection : all) {
                read += Math.max(0, connection.read(in.clear()));
            }
        }
        for (SocketChannel connection : all) {
            connection.configureBlocking(true);
        }
        return read;
    }

    private static void accept(ServerSocketChannel listening, List<SocketChannel> connections) {
        ByteBuffer in = ByteBuffer.allocate(4_096);
        try {
            while (true) {
                SocketChannel connection = listening.accept();
                connection.read(in.clear()); // the request
                write(connection, ACCEPTED);
                connection.read(in.clear()); // the join
                synchronized (connections) {
                    connections.add(connection);
                }
                write(connection, JOINED);
            }
        } catch (ClosedChannelException end) {
            // It was told to end.
        } catch (IOException e) {
            System.err.println("accepts no more: " + e);
        }
    }

    private static void write(SocketChannel connection, ByteBuffer bytes) throws IOException {
        ByteBuffer all = bytes.duplicate();
        while (all.hasRemaining()) {
            connection.write(all);
        }
    }

    /** A server's frame, unmasked. */
    private static ByteBuffer frame(String text) {
        byte[] payload = text.getBytes(UTF_8);
        ByteBuffer frame = ByteBuffer.allocateDirect(payload.length + 4);
        frame.put((byte) (0x80 | WebSocketFrames.TEXT));
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else {
            frame.put((byte) 126).putShort((short) payload.length);
        }
        return frame.put(payload).flip();
    }
}
