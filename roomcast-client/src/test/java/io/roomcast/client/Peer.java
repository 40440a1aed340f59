package io.roomcast.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;

/** The server's end of one connection, for what a real server would not do. Used by one thread, which waits. */
final class Peer implements Closeable {
    static final String WELCOME =
            "{\"type\":\"welcome\",\"connection\":\"c1\",\"protocol\":1,\"heartbeatMs\":25000,\"limits\":{}}";
    static final String JOINED =
            "{\"type\":\"joined\",\"room\":\"lobby\",\"id\":1,\"memberId\":\"m1\",\"epoch\":\"e1\",\"offset\":0,"
                    + "\"version\":0,\"count\":1,\"state\":{\"set\":{},\"versions\":{}}}";

    /** Where peers come from. */
    static final class Door implements Closeable {
        private final ServerSocket socket;
        private final String scheme;

        Door(ServerSocket socket, String scheme) {
            this.socket = socket;
            this.scheme = scheme;
        }

        static Door open() throws IOException {
            return new Door(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "ws");
        }

        /** One whose peers take little before they have read it. */
        static Door narrow() throws IOException {
            Door door = open();
            door.socket.setReceiveBufferSize(4_096);
            return door;
        }

        String url() {
            return scheme + "://127.0.0.1:" + port() + "/ws";
        }

        int port() {
            return socket.getLocalPort();
        }

        /** The next connection, of which nothing has been read. */
        Peer next() throws IOException {
            socket.setSoTimeout((int) Heard.PATIENCE.toMillis());
            return new Peer(socket.accept());
        }

        /** The next connection, accepted and greeted. */
        Peer greeted() throws IOException {
            Peer peer = next();
            peer.accept();
            peer.send(WELCOME);
            return peer;
        }

        /** The next connection, whose client has joined the lobby; without a session. */
        Peer joined() throws IOException {
            Peer peer = greeted();
            peer.read();
            peer.send(JOINED);
            return peer;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) Heard.PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** The head of a request. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** Reads the request and accepts it; gives its head. */
    String accept() throws IOException {
        String head = head();
        answer(acceptance(head) + "Sec-WebSocket-Protocol: roomcast.v1.json\r\n\r\n");
        return head;
    }

    /** An answer to this request, whose last line is missing. */
    static String acceptance(String head) {
        String key = head.replaceAll("(?s).*Sec-WebSocket-Key: ([^\r]*)\r.*", "$1");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
            return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    + Base64.getEncoder().encodeToString(hash) + "\r\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void answer(String http) throws IOException {
        out.write(http.getBytes(ISO_8859_1));
        out.flush();
    }

    void send(String text) throws IOException {
        byte[] utf8 = text.getBytes(UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        if (utf8.length < 126) {
            frame.write(utf8.length);
        } else {
            frame.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) utf8.length >>> shift));
            }
        }
        frame.write(utf8);
        out.write(frame.toByteArray());
        out.flush();
    }

    void sendHex(String hex) throws IOException {
        out.write(HexFormat.of().parseHex(hex.replace(" ", "")));
        out.flush();
    }

    /** A message of the lobby. */
    void message(long offset, String data) throws IOException {
        send("{\"type\":\"message\",\"room\":\"lobby\",\"offset\":" + offset + ",\"at\":1,\"from\":\"m2\",\"data\":"
                + data + "}");
    }

    /** The next frame, by its opcode in hexadecimal and its payload. */
    String frame() throws IOException {
        int opcode = in.readUnsignedByte() & 0xF;
        int length = in.readUnsignedByte();
        if ((length & 0x80) == 0) {
            throw new IOException("a client masks");
        }
        length &= 0x7F;
        length = length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        String text = opcode == 8 ? HexFormat.of().formatHex(payload) : new String(payload, UTF_8);
        return Integer.toHexString(opcode) + " " + text;
    }

    /** The next text. */
    String read() throws IOException {
        String frame = frame();
        if (!frame.startsWith("1 ")) {
            throw new IOException("no text: " + frame);
        }
        return frame.substring(2);
    }

    /** Reads until the client has ended the connection. */
    void awaitEnd() throws IOException {
        try {
            in.readAllBytes();
        } catch (java.net.SocketException reset) {
            return; // An end as well.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
