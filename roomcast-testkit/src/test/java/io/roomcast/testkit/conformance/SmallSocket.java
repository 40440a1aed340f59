package io.roomcast.testkit.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The server's end of a WebSocket, as little of RFC 6455 as a well-behaved client needs. */
final class SmallSocket {
    /** How a connection ended without the peer's doing. */
    static final class Ended extends Exception {
        private static final long serialVersionUID = 1;

        final int code;

        Ended(int code) {
            super("close " + code);
            this.code = code;
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final int frameBytes;

    SmallSocket(Socket socket, int frameBytes) throws IOException {
        this.socket = socket;
        this.frameBytes = frameBytes;
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        Map<String, String> headers = headers();
        String accept = headers.get("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        boolean known =
                (", " + headers.getOrDefault("sec-websocket-protocol", "") + ",").contains(" roomcast.v1.json,");
        out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + (known ? "Sec-WebSocket-Protocol: roomcast.v1.json\r\n" : "")
                        + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(sha1(accept)) + "\r\n\r\n")
                .getBytes(ISO_8859_1));
    }

    private Map<String, String> headers() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            head.write(in.readUnsignedByte());
        }
        Map<String, String> headers = new LinkedHashMap<>();
        head.toString(ISO_8859_1)
                .lines()
                .filter(line -> line.contains(": "))
                .forEach(line -> headers.put(
                        line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                        line.substring(line.indexOf(':') + 2)));
        return headers;
    }

    /** The next text message. */
    String read() throws IOException, Ended {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        while (true) {
            int first = in.readUnsignedByte();
            long length = in.readUnsignedByte() & 0x7f;
            length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            byte[] mask = in.readNBytes(4);
            boolean tooBig = message.size() + length > frameBytes;
            byte[] payload = in.readNBytes((int) length);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            switch (first & 15) {
                case 0, 1 -> message.write(payload);
                case 2 -> throw new Ended(1003);
                case 8 -> throw new Ended(length < 2 ? 1000 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff));
                default -> throw new Ended(1002);
            }
            if (tooBig) {
                throw new Ended(1009);
            }
            if ((first & 128) != 0) {
                return message.toString(UTF_8);
            }
        }
    }

    void write(String text) {
        write(0x81, text.getBytes(UTF_8));
    }

    void close(int code) {
        write(0x88, new byte[] {(byte) (code >> 8), (byte) code});
    }

    void disconnect() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A peer that is gone notices nothing; the reading side will. */
    private synchronized void write(int first, byte[] payload) {
        try {
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            DataOutputStream head = new DataOutputStream(frame);
            head.writeByte(first);
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
        } catch (IOException e) {
            // Seen by the reader.
        }
    }

    private static byte[] sha1(String text) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(text.getBytes(ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
