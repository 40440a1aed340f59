package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate for this machine that nobody has signed, its key, and clients that trust it. */
final class TlsIdentity {
    private static final String PASSWORD = "password";
    private static final String ALIAS = "server";

    private static @Nullable TlsIdentity shared;

    private final KeyStore store;
    private @Nullable TlsFiles files;

    private TlsIdentity(KeyStore store) {
        this.store = store;
    }

    /** One for all tests to which it makes no difference. */
    static synchronized TlsIdentity shared() {
        TlsIdentity there = shared;
        if (there == null) {
            there = ec();
            shared = there;
        }
        return there;
    }

    static TlsIdentity ec() {
        return of("EC", "256");
    }

    static TlsIdentity rsa() {
        return of("RSA", "2048");
    }

    /** @param more for keytool, such as from when on it is valid */
    static TlsIdentity of(String kind, String bits, String... more) {
        try {
            Path folder = Files.createTempDirectory("roomcast-tls");
            Path file = folder.resolve("keys.p12");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    kind,
                    "-keysize",
                    bits,
                    "-dname",
                    "CN=server",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD));
            command.addAll(List.of(more));
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(keytool.waitFor()).as(said).isZero();
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD.toCharArray());
            }
            Files.delete(file);
            Files.delete(folder);
            return new TlsIdentity(store);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Certificate certificate() {
        try {
            return store.getCertificate(ALIAS);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    String keyPem() {
        try {
            Key key = store.getKey(ALIAS, PASSWORD.toCharArray());
            return pem("PRIVATE KEY", key.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** In a folder of its own. */
    synchronized TlsFiles files() {
        TlsFiles there = files;
        if (there == null) {
            try {
                there = writeTo(Files.createTempDirectory("roomcast-tls"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            files = there;
        }
        return there;
    }

    /** Into this folder; what was there is replaced, each file at once. */
    TlsFiles writeTo(Path folder) {
        TlsFiles files = new TlsFiles(folder.resolve("chain.pem"), folder.resolve("key.pem"));
        replace(files.certificate(), certificatePem());
        replace(files.key(), keyPem());
        return files;
    }

    static void replace(Path file, String text) {
        try {
            Path fresh = Files.writeString(file.resolveSibling("new"), text);
            Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For clients that trust it. */
    SSLContext trusting() {
        return trusting(this);
    }

    /** For clients that trust all these. */
    static SSLContext trusting(TlsIdentity... servers) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            for (TlsIdentity each : servers) {
                trusted.setCertificateEntry("server" + trusted.size(), each.certificate());
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
