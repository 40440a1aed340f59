package io.roomcast.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** {@code --ca}: the certificates that a command trusts at a {@code wss:} address, and no others. */
final class TrustFile {
    static final String FLAG = "--ca";
    static final String DESCRIPTION =
            "At a wss: address, trust the certificates in this PEM file instead of those that Java trusts.";

    private TrustFile() {}

    /** @throws CommandFailed if the file is no use */
    static SSLContext context(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            Collection<? extends Certificate> trusted =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (trusted.isEmpty()) {
                throw failed(file, "it has no certificate");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate each : trusted) {
                store.setCertificateEntry(Integer.toString(store.size()), each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (NoSuchFileException | InvalidPathException missing) {
            throw failed(file, "there is no such file");
        } catch (IOException | GeneralSecurityException unreadable) {
            throw failed(file, PlainText.of(String.valueOf(unreadable.getMessage())));
        }
    }

    private static CommandFailed failed(String file, String why) {
        return new CommandFailed(ExitCode.WRONG_USE, FLAG + " is " + PlainText.of(file) + ", but " + why);
    }
}
