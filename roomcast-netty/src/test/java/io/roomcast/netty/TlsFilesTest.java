package io.roomcast.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files for TLS, and what is said to who gives others. */
final class TlsFilesTest {
    private static final TlsIdentity EC = TlsIdentity.ec();
    private static final TlsIdentity RSA = TlsIdentity.rsa();

    @TempDir
    private Path folder;

    private TlsFiles files = new TlsFiles(Path.of(""), Path.of(""));

    @BeforeEach
    void write() {
        files = EC.writeTo(folder);
    }

    private void isRefused(Path file, String setting, String why) {
        assertThatThrownBy(files::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(setting + " is " + file + ", but ")
                .hasMessageContaining(why);
    }

    private void certificateIsRefused(String text, String why) throws IOException {
        Files.writeString(files.certificate(), text);
        isRefused(files.certificate(), "tlsCertificate", why);
    }

    private void keyIsRefused(String text, String why) throws IOException {
        Files.writeString(files.key(), text);
        isRefused(files.key(), "tlsKey", why);
    }

    @Test
    void chainAndKey_areRead() throws IOException {
        Files.writeString(files.certificate(), "subject=CN = server\n" + EC.certificatePem() + RSA.certificatePem());
        TlsFiles.Identity read = files.read();
        assertThat(read.chain())
                .containsExactly(
                        (java.security.cert.X509Certificate) EC.certificate(),
                        (java.security.cert.X509Certificate) RSA.certificate());
        assertThat(read.own()).isEqualTo(EC.certificate());
        assertThat(read.key().getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void both_mayBeInOneFile_withLinesOfAnotherSystem() throws IOException {
        Files.writeString(files.key(), (EC.keyPem() + EC.certificatePem()).replace("\n", "\r\n"));
        assertThat(new TlsFiles(files.key(), files.key()).read().own()).isEqualTo(EC.certificate());
    }

    @Test
    void file_thatCannotBeRead() throws IOException {
        Files.delete(files.certificate());
        isRefused(files.certificate(), "tlsCertificate", "there is no such file");
        Files.createDirectory(files.certificate());
        isRefused(files.certificate(), "tlsCertificate", "it cannot be read: Is a directory");
    }

    @Test
    void file_thatIsNoPem() throws IOException {
        certificateIsRefused("", "it has no certificate; one in PEM begins with");
        certificateIsRefused("\0\1\2", "it has no certificate; one in PEM begins with");
        certificateIsRefused(EC.keyPem(), "it has no certificate; one in PEM begins with");
        certificateIsRefused(EC.certificatePem().replace("-----END", "----END"), "it has no certificate");
        certificateIsRefused("x".repeat((1 << 20) + 1), "larger than 1048576 bytes");
        certificateIsRefused(
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "one of its certificates cannot be read");
        certificateIsRefused("-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n", "is not base64");
    }

    @Test
    void key_thatIsNone_orInAFormatThatIsNotTaken() throws IOException {
        keyIsRefused(EC.certificatePem(), "it has no private key; one in PEM begins with -----BEGIN PRIVATE KEY-----");
        keyIsRefused(
                EC.keyPem().replace("PRIVATE", "EC PRIVATE"),
                "openssl pkcs8 -topk8 -nocrypt -in " + files.key() + " -out new.pem");
        keyIsRefused(EC.keyPem().replace("PRIVATE", "RSA PRIVATE"), "openssl pkcs8 -topk8");
        keyIsRefused(EC.keyPem().replace("PRIVATE", "ENCRYPTED PRIVATE"), "openssl pkey -in " + files.key());
    }

    @Test
    void key_ofAnotherCertificate() throws IOException {
        keyIsRefused(TlsIdentity.ec().keyPem(), "it is not the key of the first certificate in " + files.certificate());
        keyIsRefused(RSA.keyPem(), "it is not the key of the first certificate in " + files.certificate());
        Files.writeString(files.key(), EC.keyPem());
        Files.writeString(files.certificate(), RSA.certificatePem() + EC.certificatePem());
        isRefused(files.key(), "tlsKey", "the server's own certificate stands before those that vouch for it");
    }

    @Test
    void key_ofAKindThatBrowsersDoNotTake() throws IOException {
        certificateIsRefused(
                TlsIdentity.of("EdDSA", "255").certificatePem(), "its key is of the kind EdDSA; use one of RSA or EC");
    }
}
