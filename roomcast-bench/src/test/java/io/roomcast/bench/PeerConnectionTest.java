package io.roomcast.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerConnectionTest {
    private static final String HEAD =
            "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: " + Handshake.ACCEPT + "\r\n\r\n";

    private static byte[] frame(int first, int length) {
        byte[] payload = ("{\"type\":\"message\",\"data\":" + PeerFrame.data(30) + ",\"x\":\"").getBytes(UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(10 + length).put((byte) first);
        if (length < 126) {
            frame.put((byte) length);
        } else if (length < 65_536) {
            frame.put((byte) 126).putShort((short) length);
        } else {
            frame.put((byte) 127).putLong(length);
        }
        frame.put(payload, 0, Math.min(length, payload.length));
        byte[] all = new byte[frame.position() + Math.max(0, length - payload.length)];
        System.arraycopy(frame.array(), 0, all, 0, frame.position());
        return all;
    }

    private static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** What is counted when a server sends these bytes, so many at a time, each by itself. */
    private static PeerCounts heard(byte[] bytes, int atATime) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            return heard(listening, listening.getLocalPort(), bytes, atATime, null);
        }
    }

    private static PeerCounts heard(ServerSocket listening, int port, byte[] bytes, int atATime, @Nullable PeerTls tls)
            throws Exception {
        try (ClientLoop loop = new ClientLoop()) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> serve(listening, bytes, atATime));
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            PeerCrowd crowd = new PeerCrowd(loop, address, Dialect.ROOMCAST, "", Workload.named("one-1000"), tls);
            loop.run(() -> crowd.open(1));
            loop.becomes(5, () -> crowd.counts.bytesIn >= HEAD.length() + bytes.length || crowd.counts.faults > 0);
            loop.run(crowd::resetAll);
            sent.join();
            return crowd.counts;
        }
    }

    private static void serve(ServerSocket listening, byte[] bytes, int atATime) {
        try (Socket socket = listening.accept()) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            out.write(HEAD.getBytes(ISO_8859_1));
            for (int i = 0; i < bytes.length; i += atATime) {
                out.write(bytes, i, Math.min(atATime, bytes.length - i));
                out.flush();
            }
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException reset) {
            // The client has heard what it was to hear.
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1_000, 1 << 20})
    void frames_cutAnywhere_areCountedOnce(int atATime) throws Exception {
        byte[] large = atATime < 100 ? frame(0x81, 126) : frame(0x81, 66_000);
        byte[] all = bytes(frame(0x81, 100), frame(0x81, 300), large, frame(0x89, 4), frame(0x81, 125));
        PeerCounts counts = heard(all, atATime);
        assertThat(counts.told()).isEmpty();
        assertThat(counts.messages).isEqualTo(4);
        assertThat(counts.frames).isEqualTo(5);
        assertThat(counts.bytesIn).isEqualTo(HEAD.length() + all.length);
    }

    private static SSLServerSocket tls(PeerCertificate certificate) throws IOException {
        return (SSLServerSocket) certificate
                .serving()
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    /** Hands on what one client and a server say to each other, of the server so many bytes at a time. */
    private static void handOn(ServerSocket front, int port, int atATime) {
        try (Socket client = front.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setTcpNoDelay(true);
            CompletableFuture<Void> there = CompletableFuture.runAsync(() -> copy(client, server, 1 << 16));
            copy(server, client, atATime);
            there.join();
        } catch (IOException reset) {
            // The client has heard what it was to hear.
        }
    }

    private static void copy(Socket from, Socket to, int atATime) {
        byte[] some = new byte[atATime];
        try {
            for (int read = from.getInputStream().read(some);
                    read >= 0;
                    read = from.getInputStream().read(some)) {
                to.getOutputStream().write(some, 0, read);
            }
            to.shutdownOutput();
        } catch (IOException reset) {
            try {
                to.close();
            } catch (IOException closed) {
                throw new UncheckedIOException(closed);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 40", "7, 1000", "1000, 3", "1000000, 1000000"})
    void records_cutAnywhere_areOpenedOnce(int atATime, int inARecord, @TempDir Path folder) throws Exception {
        PeerCertificate certificate = PeerCertificate.madeIn(folder);
        byte[] large = atATime < 100 ? frame(0x81, 126) : frame(0x81, 66_000);
        byte[] all = bytes(frame(0x81, 100), frame(0x81, 300), large, frame(0x89, 4), frame(0x81, 125));
        PeerTls tls = new PeerTls(certificate);
        try (SSLServerSocket listening = tls(certificate);
                ServerSocket front = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> handedOn =
                    CompletableFuture.runAsync(() -> handOn(front, listening.getLocalPort(), atATime));
            PeerCounts counts = heard(listening, front.getLocalPort(), all, inARecord, tls);
            handedOn.join();
            assertThat(counts.told()).isEmpty();
            assertThat(counts.messages).isEqualTo(4);
            assertThat(counts.frames).isEqualTo(5);
            assertThat(counts.bytesIn).isEqualTo(HEAD.length() + all.length);
            assertThat(counts.wireBytesIn).isGreaterThan(counts.bytesIn + 22);
            assertThat(tls.negotiated()).isEqualTo("TLSv1.3 with TLS_AES_128_GCM_SHA256");
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLSv1.3, TLS_AES_256_GCM_SHA384"})
    void serverThatSpeaksAnotherTls_isAFault(String protocol, String cipher, @TempDir Path folder) throws Exception {
        PeerCertificate certificate = PeerCertificate.madeIn(folder);
        try (SSLServerSocket listening = tls(certificate)) {
            listening.setEnabledProtocols(new String[] {protocol});
            listening.setEnabledCipherSuites(new String[] {cipher});
            PeerTls tls = new PeerTls(certificate);
            PeerCounts counts = heard(listening, listening.getLocalPort(), frame(0x81, 100), 1_000, tls);
            assertThat(counts.told()).first().asString().startsWith("TLS: ");
            assertThat(counts.messages).isZero();
            assertThat(tls.negotiated()).isEmpty();
        }
    }

    @Test
    void serverWithAnotherCertificate_isAFault(@TempDir Path folder) throws Exception {
        PeerCertificate certificate = PeerCertificate.madeIn(folder.resolve("its"));
        try (SSLServerSocket listening = tls(certificate)) {
            PeerTls tls = new PeerTls(PeerCertificate.madeIn(folder.resolve("another")));
            PeerCounts counts = heard(listening, listening.getLocalPort(), frame(0x81, 100), 1_000, tls);
            assertThat(counts.told()).first().asString().startsWith("TLS: ");
            assertThat(counts.messages).isZero();
        }
    }

    @Test
    void frame_thatIsFragmented_isAFault() throws Exception {
        PeerCounts counts = heard(frame(0x01, 100), 1_000);
        assertThat(counts.told()).singleElement().asString().contains("fragmented");
        assertThat(counts.messages).isZero();
    }
}
