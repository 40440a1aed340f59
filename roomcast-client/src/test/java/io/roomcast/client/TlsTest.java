package io.roomcast.client;

import static io.roomcast.client.RealServerTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code wss:}: who is trusted, and that the name is checked. */
@ExtendWith(Leftovers.class)
@Timeout(60)
@SuppressWarnings("try") // What is held open counts, and closing it before its end is what some test.
final class TlsTest {
    private static final String PASSWORD = "password";

    @TempDir
    private Path folder;

    /** A context whose key is for these names, and which trusts it. */
    private SSLContext context(String names) throws Exception {
        Path keys = folder.resolve("keys.p12");
        Files.deleteIfExists(keys);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=server",
                        "-ext",
                        "san=" + names,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(store, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Peer.Door door(SSLContext context) throws IOException {
        return new Peer.Door(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()), "wss");
    }

    private static RoomcastClientBuilder to(Peer.Door door) {
        return RoomcastClient.builder(door.url()).noProxy().session(false).backOff(Duration.ofMillis(1));
    }

    @Test
    void server_thatIsTrusted_isJoined() throws Exception {
        SSLContext context = context("ip:127.0.0.1");
        try (Peer.Door door = door(context);
                RoomcastClient client = to(door).sslContext(context).connect()) {
            Heard<Message> messages = new Heard<>();
            CompletableFuture<Room> joining =
                    client.join("lobby", JoinOptions.create(), room -> room.onMessage(messages));
            try (Peer peer = door.joined()) {
                get(joining).publish("x".repeat(100_000));
                assertThat(peer.read()).hasSizeGreaterThan(100_000);
                peer.message(1, "\"" + "y".repeat(100_000) + "\"");
                assertThat(messages.next().data().length()).isEqualTo(100_002);
            }
        }
    }

    @Test
    void server_whomNobodyHasSigned_isRefused() throws Exception {
        assertRefused(context("ip:127.0.0.1"), false, "certification path");
    }

    @Test
    void server_withAnotherName_isRefused() throws Exception {
        assertRefused(context("dns:other.example"), true, "127.0.0.1");
    }

    private static void assertRefused(SSLContext context, boolean trusts, String why) throws Exception {
        try (Peer.Door door = door(context)) {
            // In which a handshake has failed, though the first of a JVM takes long on a busy machine.
            RoomcastClientBuilder builder = to(door).requestTimeout(Duration.ofSeconds(5));
            try (RoomcastClient client = (trusts ? builder.sslContext(context) : builder).connect()) {
                CompletableFuture<Room> joining = client.join("lobby");
                try (Peer peer = door.next()) {
                    assertThatThrownBy(peer::head).isInstanceOf(IOException.class);
                }
                assertThatThrownBy(() -> get(joining))
                        .cause()
                        .isInstanceOf(RoomcastException.class)
                        .hasMessageContaining(why);
            }
        }
    }
}
