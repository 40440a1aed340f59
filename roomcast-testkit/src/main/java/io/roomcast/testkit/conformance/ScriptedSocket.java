package io.roomcast.testkit.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The server's end of a WebSocket that a client under test has opened: as much of RFC 6455 as the cases need, and nothing
 * that would help a client.
 *
 * <p>Threads: one of its own reads into a queue, the case's thread takes from there and writes.
 */
final class ScriptedSocket implements AutoCloseable {
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
    private static final int MOST_HEAD = 16_384;
    private static final int MOST_FRAME = 16 << 20;
    private static final int MOST_UNREAD = 100_000;

    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<String, String> headers;
    private final BlockingQueue<WireEvent> unread = new LinkedBlockingQueue<>(MOST_UNREAD);
    private final BlockingQueue<String> pongs = new LinkedBlockingQueue<>(MOST_UNREAD);

    /** Written by the case's thread, read by the reader's. */
    private volatile boolean answersClose = true;

    /** Reads the head of the request; the answer is up to {@link #accept} or {@link #refuse}. */
    ScriptedSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(socket.getOutputStream());
        headers = head();
    }

    private Map<String, String> head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < MOST_HEAD && head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            head.append((char) in.readUnsignedByte());
        }
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        head.toString()
                .lines()
                .skip(1)
                .filter(line -> line.indexOf(':') > 0)
                .forEach(line -> fields.put(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).strip()));
        return fields;
    }

    /** The subprotocols that the client offers, as it has written them. */
    String offered() {
        return headers.getOrDefault("Sec-WebSocket-Protocol", "");
    }

    void accept() throws IOException {
        String protocol = (", " + offered().toLowerCase(Locale.ROOT) + ",").contains(" roomcast.v1.json,")
                ? "Sec-WebSocket-Protocol: roomcast.v1.json\r\n"
                : "";
        String key = headers.getOrDefault("Sec-WebSocket-Key", "");
        write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + protocol
                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(sha1(key + ACCEPT_SUFFIX))
                + "\r\n\r\n");
        Thread reader = new Thread(this::read, "scripted-socket");
        reader.setDaemon(true);
        reader.start();
    }

    void refuse(int status) throws IOException {
        write("HTTP/1.1 " + status + " Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        socket.close();
    }

    private void write(String head) throws IOException {
        out.write(head.getBytes(ISO_8859_1));
    }

    /** From here on a close frame of the client is left without an answer, and the connection open. */
    void answerNoClose() {
        answersClose = false;
    }

    // ---- In

    private void read() {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try {
            while (true) {
                int first = in.readUnsignedByte();
                int second = in.readUnsignedByte();
                byte[] payload = payload(second & 0x7F);
                int opcode = first & 0x0F;
                if (opcode == CLOSE) {
                    int code = payload.length < 2 ? 1_005 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
                    unread.add(new WireEvent.Closed(code, ""));
                    if (answersClose) {
                        frame(CLOSE, payload);
                        socket.close();
                    }
                    return;
                }
                if (opcode == PONG) {
                    pongs.add(new String(payload, UTF_8));
                } else if (opcode == PING) {
                    frame(PONG, payload);
                } else if (opcode == BINARY) {
                    unread.add(new WireEvent.Binary(payload.length));
                } else {
                    message.writeBytes(payload);
                    if ((first & 0x80) != 0) {
                        unread.add(new WireEvent.Text(message.toString(UTF_8)));
                        message.reset();
                    }
                }
            }
        } catch (IOException | IllegalStateException e) {
            unread.offer(new WireEvent.Closed(1_006, String.valueOf(e.getMessage())));
        }
    }

    private byte[] payload(int short7) throws IOException {
        long length = short7 == 126 ? in.readUnsignedShort() : short7 == 127 ? in.readLong() : short7;
        if (length < 0 || length > MOST_FRAME) {
            throw new IOException("a frame of " + length + " bytes");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return payload;
    }

    /** The next frame or the end. */
    WireEvent take(String expected, long millis) throws InterruptedException {
        WireEvent event = unread.poll(millis, TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new ConversationFailure(expected, "nothing from the client within " + millis + " ms");
        }
        return event;
    }

    /** What came and was not taken, the end of the connection apart. */
    Iterable<WireEvent> rest() {
        return unread.stream()
                .filter(event -> !(event instanceof WireEvent.Closed))
                .toList();
    }

    // ---- Out

    void send(String text) {
        tell(TEXT, text.getBytes(UTF_8));
    }

    void sendBinary(byte[] bytes) {
        tell(BINARY, bytes);
    }

    void close(int code) {
        tell(CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /** Returns when the client's WebSocket has answered a ping, behind all that the client has sent before. */
    void fence(String name, long millis) throws InterruptedException {
        tell(PING, name.getBytes(UTF_8));
        String pong = pongs.poll(millis, TimeUnit.MILLISECONDS);
        if (!name.equals(pong)) {
            throw new ConversationFailure("the pong of " + name, String.valueOf(pong));
        }
    }

    /** Ends the TCP connection without a close frame. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }

    private void tell(int opcode, byte[] payload) {
        try {
            frame(opcode, payload);
        } catch (IOException e) {
            throw new ConversationFailure("to send to the client", String.valueOf(e.getMessage()));
        }
    }

    private synchronized void frame(int opcode, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 10);
        DataOutputStream head = new DataOutputStream(frame);
        head.writeByte(0x80 | opcode);
        if (payload.length < 126) {
            head.writeByte(payload.length);
        } else if (payload.length < 65_536) {
            head.writeByte(126);
            head.writeShort(payload.length);
        } else {
            head.writeByte(127);
            head.writeLong(payload.length);
        }
        head.write(payload);
        out.write(frame.toByteArray());
    }

    private static byte[] sha1(String text) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(text.getBytes(ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
