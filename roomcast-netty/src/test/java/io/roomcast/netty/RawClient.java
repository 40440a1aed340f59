package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A WebSocket peer that may do everything wrong: a blocking socket, and frames as the test says. At a port that is known for
 * TLS it speaks that.
 */
final class RawClient implements AutoCloseable {
    static final int TEXT = 0x81;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;
    static final int PONG = 0x8A;
    static final String UPGRADE = "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    /**
     * Nothing takes so long. Far above all that a server waits for, so that it is not this that ends first: a request may take
     * 10 s, and who waits for its end began to when the server did.
     */
    private static final int DEADLINE_MILLIS = 30_000;

    private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

    /** A frame from the server: its first byte and its payload. */
    record Frame(int first, String payload) {
        int closeCode() {
            byte[] bytes = payload.getBytes(ISO_8859_1);
            return bytes.length < 2 ? 1005 : ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
        }
    }

    static {
        // Else the JDK takes the end of a socket for the end of TLS.
        System.setProperty("com.sun.net.ssl.requireCloseNotify", "true");
    }

    /** The ports of servers that speak TLS, and whom their clients trust. */
    private static final Map<Integer, SSLContext> TLS_PORTS = new ConcurrentHashMap<>();

    private final Socket socket;
    private final DataInputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    static void speakTlsAt(int port, SSLContext context) {
        TLS_PORTS.put(port, context);
    }

    static void speakPlainAt(int port) {
        TLS_PORTS.remove(port);
    }

    /** Connected, and nothing more. */
    static RawClient tcp(int port) {
        return tcp(port, 0);
    }

    /** @param receiveBuffer the size of the kernel's receive buffer, 0 for the default */
    static RawClient tcp(int port, int receiveBuffer) {
        RawClient plain = plain(port, receiveBuffer);
        SSLContext tls = TLS_PORTS.get(port);
        return tls == null ? plain : plain.inTls(tls);
    }

    /** Connected, and plain whatever the port is for. */
    static RawClient plain(int port) {
        return plain(port, 0);
    }

    /** The same connection in TLS; the handshake comes with the first byte. */
    RawClient inTls(SSLContext context, String... protocols) {
        try {
            var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
            if (protocols.length > 0) {
                tls.setEnabledProtocols(protocols);
            }
            return new RawClient(tls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SSLSocket tls() {
        return (SSLSocket) socket;
    }

    static RawClient plain(int port, int receiveBuffer) {
        try {
            Socket socket = new Socket() {
                @Override
                public void shutdownOutput() {
                    // Whoever ends TLS in one direction has not ended the socket.
                }
            };
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.setTcpNoDelay(true);
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connected, upgraded, and the welcome read. */
    static RawClient open(int port) {
        return tcp(port).upgrade();
    }

    RawClient upgrade() {
        return upgrade("/ws");
    }

    /** @param target what the request asks for, path and query */
    RawClient upgrade(String target) {
        send(UPGRADE.replace("/ws", target));
        assertThat(readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(readText()).startsWith("{\"type\":\"welcome\"");
        return this;
    }

    void send(String latin1) {
        send(latin1.getBytes(ISO_8859_1));
    }

    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void text(String json) {
        send(frame(TEXT, json.getBytes(UTF_8)));
    }

    /** A masked frame with its length in its shortest form. */
    static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else if (payload.length <= 0xFFFF) {
            out.write(0x80 | 126);
            out.write(payload.length >>> 8);
            out.write(payload.length);
        } else {
            out.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >>> shift));
            }
        }
        out.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ MASK[i % MASK.length]);
        }
        return out.toByteArray();
    }

    int readByte() {
        try {
            return in.readUnsignedByte();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The response up to its empty line. */
    String readHead() {
        StringBuilder head = new StringBuilder();
        try {
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("after: " + head, e);
        }
        return head.toString();
    }

    /** The same, or what there was of it when the server ended the connection. */
    String readHeadOrEnd() {
        StringBuilder head = new StringBuilder();
        try {
            int next = 0;
            while (next >= 0 && head.indexOf("\r\n\r\n") < 0) {
                next = in.read();
                if (next >= 0) {
                    head.append((char) next);
                }
            }
        } catch (java.net.SocketTimeoutException open) {
            throw new AssertionError("still open after: " + head, open);
        } catch (IOException reset) {
            // An end like any other.
        }
        return head.toString();
    }

    /** The next frame, with its payload's bytes as characters. */
    Frame readFrame() {
        try {
            int first = in.readUnsignedByte();
            long length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            return new Frame(first, new String(in.readNBytes((int) length), ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next text; pings are answered on the way. */
    String readText() {
        while (true) {
            Frame frame = readFrame();
            if (frame.first() == PING) {
                send(frame(PONG, frame.payload().getBytes(ISO_8859_1)));
            } else {
                assertThat(frame.first()).as("first byte of %s", frame).isEqualTo(TEXT);
                return new String(frame.payload().getBytes(ISO_8859_1), UTF_8);
            }
        }
    }

    /** Reads texts up to the first that contains this. */
    String readUntil(String part) {
        while (true) {
            String text = readText();
            if (text.contains(part)) {
                return text;
            }
        }
    }

    /** The next text that is no message of a room. */
    String readReply() {
        while (true) {
            String text = readText();
            if (!text.startsWith("{\"type\":\"message\"")) {
                return text;
            }
        }
    }

    RawClient join(String room) {
        text("{\"type\":\"join\",\"room\":\"" + room + "\"}");
        assertThat(readReply()).startsWith("{\"type\":\"joined\",\"room\":\"" + room + "\"");
        return this;
    }

    /** Sends what the server may no longer want; whether the connection was still there. */
    boolean sendRegardless(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException cut) {
            return false;
        }
    }

    /** All that comes until the server ends the connection, one byte a character. */
    String readToEnd() {
        StringBuilder all = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                all.append((char) next);
            }
        } catch (java.net.SocketTimeoutException open) {
            throw new AssertionError("still open after: " + all, open);
        } catch (IOException reset) {
            // An end like any other.
        }
        return all.toString();
    }

    /** Whether the server has ended the connection by a reset; what still comes is dropped. */
    boolean isReset() {
        byte[] dropped = new byte[8192];
        try {
            while (in.read(dropped) >= 0) {
                // Until the end.
            }
            return false;
        } catch (java.net.SocketTimeoutException open) {
            throw new AssertionError("still open", open);
        } catch (IOException reset) {
            return true;
        }
    }

    /** Reads on to the close frame; its code. Nothing may follow but the end of the connection. */
    int readClose() {
        while (true) {
            Frame frame = readFrame();
            if (frame.first() == CLOSE) {
                return frame.closeCode();
            }
        }
    }

    /** Whether the server has ended the connection, one way or the other; what still comes is dropped. */
    boolean isCut() {
        byte[] dropped = new byte[8192];
        try {
            while (in.read(dropped) >= 0) {
                // Until the end.
            }
            return true;
        } catch (IOException reset) {
            return !(reset instanceof java.net.SocketTimeoutException);
        }
    }

    /** Whether the next that comes is the end of TLS, and not of the socket alone. */
    boolean endsWithAWord() {
        try {
            return in.read() < 0;
        } catch (IOException cutShort) {
            return false;
        }
    }

    /** Ends the connection by a reset: what is under way to it is lost. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection without a close frame. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
